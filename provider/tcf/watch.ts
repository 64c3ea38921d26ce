import type { Scope } from "../core/scope.ts";
import { waitFor } from "../core/wait.ts";
import { describe, type Federation, lookAtBoth } from "./federation.ts";

/**
 * Looks at both sides until `judge` comes to something. A side that cannot be read is waited for like any other state, so
 * that trouble on the way only ends with the deadline.
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
  return <R>(what: string, judge: (seen: Federation) => R | undefined, { own } = { own: false }) =>
    waitFor<Federation, R>(scope, {
      what,
      where,
      // The wait itself is the repetition: a try that fails shows at once.
      look: (options) => lookAtBoth(sides, { ...options, patience: "once" }, { own, before }),
      judge(seen) {
        before = seen;
        const done = judge(seen);
        return done === undefined ? { pending: describe(seen) } : { done };
      },
    });
}
