import type { Scope } from "../../core/work/scope.ts";
import { waitFor } from "../../core/work/wait.ts";
import { describe, type Federation } from "../federation.ts";
import { firstOf } from "../first-of.ts";
import { lookAtBoth } from "../look.ts";

/**
 * Looks at both sides until `judge` comes to something. A side that cannot be read is waited for like any other state, so
 * that trouble on the way only ends with the deadline. Where both lists fail, which alone tell ids and names, they are asked for
 * once more.
 *
 * @param own as in `lookAtBoth`
 */
export type Watch = <R>(
  what: string,
  judge: (seen: Federation) => R | undefined,
  own?: { own: boolean },
) => Promise<R>;

export function watcher(scope: Scope, observed: Federation): Watch {
  const sides = [observed[0].side, observed[1].side] as const;
  const where = sides.map(({ http }) => http.connection.endpoints[0]).join(", ");
  let before = observed;
  const isFirst = firstOf();
  return <R>(what: string, judge: (seen: Federation) => R | undefined, { own } = { own: false }) =>
    waitFor<Federation, R>(scope, {
      what,
      where,
      // The wait itself is the repetition: a try that fails shows at once.
      look: (options) =>
        lookAtBoth(sides, { ...options, patience: "once" }, { before, recorded: observed.recorded }, { own }),
      judge(seen) {
        before = seen;
        const areListsMissing = seen.every(({ listed, trouble }) => listed.length === 0 && !trouble);
        const done = isFirst(areListsMissing) ? undefined : judge(seen);
        return done === undefined ? { pending: describe(seen) } : { done };
      },
    });
}
