import type { Way } from "../work/installation.ts";
import type { Scope } from "../work/scope.ts";
import type { Target } from "../work/target.ts";

/*
 * What requests of this process have acted on: of two resources of one program the second may find what the first has just changed.
 */

/** By what was acted on: the operations that have done so. */
type Sent = Map<string, Set<object>>;

function sentTo({ installation }: Way): Sent {
  return installation.note("acted on by this process", () => new Map());
}

/** The operation is about to act on this. */
export function noteSent(
  { operation }: Scope,
  { ways, on }: Pick<Target, "on"> & { ways: readonly Way[] },
): void {
  for (const way of ways) {
    const sent = sentTo(way);
    sent.set(on, (sent.get(on) ?? new Set()).add(operation));
  }
}

/** What other operations of this process have acted on there. */
export function sentBefore({ operation }: Scope, ways: readonly Way[]): string[] {
  const isOthers = ([, operations]: [string, Set<object>]) =>
    [...operations].some((one) => one !== operation);
  return ways.flatMap((way) => [...sentTo(way)].filter(isOthers).map(([on]) => on));
}
