import { clock } from "../../core/data/clock.ts";
import { messageOf, type Refusal, RequestError } from "../../core/data/errors.ts";
import type { CallOptions } from "../../core/http/call.ts";
import type { Scope } from "../../core/work/scope.ts";
import { waitFor } from "../../core/work/wait.ts";
import { listLag } from "../federation.ts";
import { firstOf } from "../first-of.ts";
import { ownWord } from "../look.ts";
import { paceOfSwitch } from "../pace.ts";
import type { ClusterRoleInputs } from "./inputs.ts";
import {
  changedRefusal,
  describeOneSide,
  type Hints,
  isKnown,
  lookAtOneSide,
  misplacedRefusal,
  type OneSide,
  secondActive,
  unlistedRefusal,
} from "./one-side.ts";

/** Looks until `judge` comes to something. What cannot be read is waited for: undefined. A list that fails is asked for once more. */
export type Watch = <R>(
  what: string,
  judge: (now: OneSide | undefined) => R | undefined,
  first?: OneSide,
) => Promise<R>;

export interface Watcher {
  watch: Watch;
  /** Asks only for its own word, until that is another one than before, or cannot be had. */
  watchWord(what: string, before: string, onChange: () => void): Promise<void>;
}

export function watcher(scope: Scope, hints: Hints): Watcher {
  return {
    async watch<R>(
      what: string,
      judge: (now: OneSide | undefined) => R | undefined,
      first?: OneSide,
    ): Promise<R> {
      const isFirst = firstOf();
      let given = first;
      let isGiven = false;
      const found = await waitFor<OneSide | Error, R>(scope, {
        what,
        pace: paceOfSwitch(),
        async look(options) {
          isGiven = given !== undefined;
          const seen = given ?? (await readable(scope, options, hints));
          given = undefined;
          return seen;
        },
        judge(seen) {
          const now = seen instanceof Error ? undefined : seen;
          const done = isFirst(now?.trouble !== undefined) ? undefined : judge(now);
          if (done !== undefined) return { done };
          return { pending: now ? describeOneSide(now) : `not readable: ${messageOf(seen)}` };
        },
      });
      // What was read before is as old as it is.
      if (isGiven && first) scope.lookAnew(first.since);
      return found;
    },
    watchWord(what, before, onChange) {
      return waitFor<string | Error, void>(scope, {
        what,
        pace: paceOfSwitch(),
        isAnnounced: true,
        look: (options) =>
          ownWord(scope.http, { ...options, patience: "once" }).catch((error: Error) => {
            options.signal.throwIfAborted();
            return error;
          }),
        judge(word) {
          if (word instanceof Error) return { done: undefined };
          if (word !== before) onChange();
          return isKnown(word) && word !== before ? { done: undefined } : { pending: word };
        },
      });
    },
  };
}

/** One look, or why it failed. */
export function readable(scope: Scope, options: CallOptions, hints: Hints): Promise<OneSide | Error> {
  return lookAtOneSide(scope.http, { ...options, patience: "once" }, hints).catch((error: Error) => {
    options.signal.throwIfAborted();
    if (!(error instanceof RequestError)) throw error;
    return error;
  });
}

/** What is known once nothing is changing any more: the knowledge on which a call may be sent. */
export function settled(
  watch: Watch,
  { role, force }: ClusterRoleInputs,
  hints: Hints,
  name: string,
  first?: OneSide,
): Promise<OneSide> {
  const contradicted = contradictions(hints);
  let activeSince: number | undefined;
  const judge = (now: OneSide | undefined): OneSide | undefined => {
    const refusal = contradicted(now);
    if (refusal) throw refusal;
    if (!now) return undefined;
    const isReady = isKnown(now.own) && now.isAgreed;
    if (role !== "active" || now.own === role || force) return isReady ? now : undefined;
    // Its list may not have heard yet that the other one was demoted.
    const isBeside = !now.trouble && now.others.length > 0 && secondActive(now) !== undefined;
    activeSince = isBeside ? (activeSince ?? clock.elapsed()) : undefined;
    if (activeSince !== undefined && clock.elapsed() - activeSince <= listLag) return undefined;
    return isReady && now.others.every(({ status }) => isKnown(status)) ? now : undefined;
  };
  return watch(`${name} to settle`, judge, first);
}

/** Tells of a contradiction between a cluster's own word and its list that has stayed for longer than lists lag. */
export function contradictions(hints: Hints): (now: OneSide | undefined) => Refusal | undefined {
  let since: number | undefined;
  return (now) => {
    const isContradiction = now !== undefined && !now.isAgreed && isKnown(now.own);
    since = isContradiction ? (since ?? clock.elapsed()) : undefined;
    if (!now || since === undefined || clock.elapsed() - since <= listLag) return undefined;
    return misplacedRefusal(now, hints) ?? changedRefusal(now, hints) ?? unlistedRefusal(now);
  };
}
