import { clock } from "../core/data/clock.ts";
import type { Way } from "../core/work/installation.ts";
import type { LateEffect } from "../core/work/late-effects.ts";
import type { Scope } from "../core/work/scope.ts";

/*
 * Calls that may yet take effect. A federation has one object that calls act on: which of its clusters is active. `promote cluster2` and
 * `demote cluster1` lead the same way, and opposite to `promote cluster1`: the one must not be sent while the other may still land.
 */

const object = "active cluster";

/** On what a call acts, and where it leads. */
export interface Role {
  /** Where such calls are remembered: the same way for all calls on one federation. */
  way: Way;
  on: string;
  does: string;
}

/**
 * @param active the cluster that the call makes, or helps to make, the active one
 * @param sentAt tells one toggle from another: the second undoes the first
 */
export function roleOf(
  call: "demote" | "promote" | "toggle",
  { way, active }: { way: Way; active: string },
  sentAt: string,
): Role {
  return { way, on: object, does: call === "toggle" ? `toggle of ${sentAt}` : `${active} active` };
}

/**
 * Remembers that a call which was answered may take effect later than its answer came.
 *
 * @returns to be called when the effect was seen
 */
export function expectEffect(scope: Scope, { way, on, does }: Role, milliseconds: number): () => void {
  const late: LateEffect = { on, does, until: clock.now() + milliseconds };
  way.installation.late.add(late);
  scope.late.push(late);
  return () => forget(scope, way, [late]);
}

/** These can no longer take effect. */
export function forget(scope: Scope, way: Way, effects: readonly LateEffect[]): void {
  for (const effect of effects) way.installation.late.remove(effect);
  const others = scope.late.filter((late) => !effects.includes(late));
  scope.late.splice(0, scope.late.length, ...others);
}

/** A call of an earlier operation was seen to have taken effect. Where there were several, the others may still do so. */
export function effectSeen(scope: Scope, { way, on, does }: Role): void {
  const those = scope.late.filter((late) => late.on === on && late.does === does);
  if (those.length === 1) forget(scope, way, those);
}

/** How long, in milliseconds, a call that leads elsewhere may still take effect. */
export function mayBeUndoneFor({ way, active }: { way: Way; active: string }): number {
  return way.installation.late.opposite({ on: object, does: `${active} active` });
}
