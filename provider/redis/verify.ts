import { RunFailed } from "../core/errors.ts";
import type { Scope } from "../core/scope.ts";
import { waitFor } from "../core/wait.ts";

/** What a node reports may lag behind the end of an action by some seconds. */
const reportLag = 10_000;

export interface Verification<T, R extends T> {
  /** What is to be seen, e.g. `node 2 out of maintenance`. */
  what: string;
  look(): Promise<T>;
  isSo(seen: T): seen is R;
  /** What is seen instead, for people. */
  describe(seen: T): string;
  /** What is worth recording of it. */
  outputs?(seen: T): Record<string, unknown>;
}

/**
 * Reads the system until it is what an action that ended well has promised: `completed` is history, not state.
 *
 * @throws RunFailed when it still is not after ten seconds
 */
export function verify<T, R extends T>(
  scope: Scope,
  { what, look, isSo, describe, outputs }: Verification<T, R>,
): Promise<R> {
  const began = performance.now();
  return waitFor<T, R>(scope, {
    what,
    look,
    judge(seen) {
      if (isSo(seen)) return { done: seen };
      if (performance.now() - began > reportLag) {
        throw new RunFailed(
          `not seen although the action ended well: ${what}; instead ${describe(seen)}`,
          outputs?.(seen),
        );
      }
      return { pending: describe(seen) };
    },
  });
}
