import { clock } from "../../core/data/clock.ts";
import type { Installation, Session } from "../../core/work/installation.ts";
import type { Scope } from "../../core/work/scope.ts";
import { listLag } from "../federation.ts";
import { namesOf, type OneSide } from "./one-side.ts";

/*
 * Two roles of one process may both be asked to be active, and both see two passive clusters. Whether they are of one federation nothing
 * tells beforehand: staging and production may have the same names. What tells it is the promotion of the first: in the same federation
 * the list of the second shows it, at the latest when lists no longer lag. So the second one waits for that, and no longer.
 */

/** A promotion that is under way, or has just been seen. */
interface Promotion {
  by: Installation;
  names: string;
  name: string;
  /** Until when a list of the same federation may not show it yet, on the clock of `clock.elapsed()`; undefined: it has not been seen. */
  hiddenUntil: number | undefined;
}

function promotionsIn(session: Session): Set<Promotion> {
  return session.note("tcf: promotions of single clusters", () => new Set<Promotion>());
}

function plannedIn(session: Session): Set<string> {
  return session.note("tcf: demotions that are planned", () => new Set<string>());
}

/** A preview has seen that this cluster is going to be demoted. */
export function planDemotion(session: Session, self: OneSide): void {
  if (self.entry) plannedIn(session).add(`${namesOf(self)}: ${self.entry.name}`);
}

/** Whether every other active cluster of these names is going to be demoted, as far as this process has previewed. */
export function areOthersPlanned(session: Session, self: OneSide): boolean {
  const others = self.others.filter(({ status }) => status === "active");
  const planned = plannedIn(session);
  return others.length > 0 && others.every(({ name }) => planned.has(`${namesOf(self)}: ${name}`));
}

/** A promotion as others of this process see it. */
export interface Announced {
  /**
   * Whether another cluster that may be one of the same federation was announced before, and its promotion need not show in this one's
   * list yet. Who is announced again stands at the end: nobody waits for all tries of another one.
   */
  isBehind(): boolean;
  /** The cluster itself has shown that it is changing. */
  seen(): void;
  /** It is over, and where nothing has been seen: @param milliseconds for how long it may still take effect */
  ended(milliseconds: number): void;
}

/** Tells the others of this process that a cluster is about to be promoted: from here on they wait. */
export function announcePromotion({ session, http }: Scope, self: OneSide): Announced {
  const all = promotionsIn(session);
  const name = self.entry?.name ?? "";
  const own: Promotion = { by: http.installation, names: namesOf(self), name, hiddenUntil: undefined };
  all.add(own);
  const isRival = ({ by, names, name: other }: Promotion) =>
    by !== own.by && names === own.names && other !== own.name;
  return {
    isBehind() {
      const now = clock.elapsed();
      for (const each of all) if (each.hiddenUntil !== undefined && each.hiddenUntil <= now) all.delete(each);
      const inLine = [...all];
      return inLine.slice(0, inLine.indexOf(own)).some(isRival);
    },
    seen() {
      own.hiddenUntil ??= clock.elapsed() + listLag;
    },
    ended(milliseconds) {
      if (milliseconds > 0) own.hiddenUntil ??= clock.elapsed() + milliseconds + listLag;
      if (own.hiddenUntil === undefined) all.delete(own);
    },
  };
}
