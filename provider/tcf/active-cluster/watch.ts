import type { CallOptions } from "../../core/http/call.ts";
import type { Scope } from "../../core/work/scope.ts";
import { waitFor } from "../../core/work/wait.ts";
import { describe, type Federation, type Member, type Side, type View } from "../federation.ts";
import { firstOf } from "../first-of.ts";
import { type Closeness, lookAtBoth, lookAtOne } from "../look.ts";
import { paceOfSwitch } from "../pace.ts";

/**
 * Looks at both sides until `judge` comes to something. A side that cannot be read is waited for like any other state, so
 * that trouble on the way only ends with the deadline. Where both lists fail, which alone tell ids and names, they are asked for
 * once more.
 *
 * @param closeness of each look; its `views` are those of the first look only
 */
export type Watch = <R>(
  what: string,
  judge: (seen: Federation) => R | undefined,
  closeness?: Closeness,
) => Promise<R>;

export interface Watcher {
  watch: Watch;
  /** One look at both sides. */
  look(): Promise<Federation>;
  /** Looks at one side only, one read a look, until its list is another one than before, or it cannot be read. */
  watchOne(what: string, side: Side, before: Federation): Promise<View>;
}

export function watcher(scope: Scope, observed: Federation): Watcher {
  const sides = [observed[0].side, observed[1].side] as const;
  const where = sides.map(({ http }) => http.connection.endpoints[0]).join(", ");
  let before = observed;
  const isFirst = firstOf();
  // The wait itself is the repetition: a try that fails shows at once.
  const lookOnce = ({ signal, activity }: CallOptions, closeness?: Closeness) =>
    lookAtBoth(
      sides,
      { signal, patience: "once", activity },
      { before, recorded: observed.recorded },
      closeness,
    );

  async function watch<R>(
    what: string,
    judge: (seen: Federation) => R | undefined,
    closeness: Closeness = {},
  ): Promise<R> {
    let { views } = closeness;
    // What was read before is as old as it is.
    const from = Math.min(...(views ?? []).flatMap((view) => view?.since ?? []));
    let isFromViews = false;
    const found = await waitFor<Federation, R>(scope, {
      what,
      where,
      pace: paceOfSwitch(),
      async look(options) {
        isFromViews = views !== undefined;
        const seen = await lookOnce(options, { ...closeness, views });
        views = undefined;
        return seen;
      },
      judge(seen) {
        before = seen;
        const areListsMissing = seen.every(({ listed, trouble }) => listed.length === 0 && !trouble);
        const done = isFirst(areListsMissing) ? undefined : judge(seen);
        return done === undefined ? { pending: describe(seen) } : { done };
      },
    });
    if (isFromViews) scope.lookAnew(from);
    return found;
  }

  return {
    watch,
    async look() {
      before = await lookOnce(scope);
      return before;
    },
    watchOne(what, side, then) {
      const own = then.findIndex((member) => member.side === side);
      return waitFor<View, View>(scope, {
        what,
        where: side.http.connection.endpoints[0],
        pace: paceOfSwitch(),
        isAnnounced: true,
        look: ({ signal, activity }) => lookAtOne(side, { signal, patience: "once", activity }),
        judge(view) {
          const words = then.map(({ name }) => wordIn(view, name));
          // Where the list does not name it, or fails, only a look at both sides can tell.
          if (words[own] === undefined) return { done: view };
          const hasChanged = then.some((member, index) => words[index] !== wordOf(member));
          if (hasChanged && isKnown(words[own])) return { done: view };
          return { pending: then.map(({ name }, index) => `${name} ${words[index]}`).join(", ") };
        },
      });
    },
  };
}

/** What the list of a side says of a cluster. */
function wordIn({ list }: View, name: string): string | undefined {
  return list?.find((entry) => entry.name === name)?.status;
}

function isKnown(word: string | undefined): boolean {
  return word === "active" || word === "passive";
}

function wordOf({ own, listed }: Member): string | undefined {
  return own ?? listed[0];
}
