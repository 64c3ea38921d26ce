import { clock } from "../core/data/clock.ts";
import type { Way } from "../core/work/installation.ts";
import type { LateEffect } from "../core/work/late-effects.ts";
import type { Scope } from "../core/work/scope.ts";

/*
 * Calls that may yet take effect. A federation has one object that calls act on: which of its clusters is active. `promote cluster2` and
 * `demote cluster1` lead the same way, and opposite to `promote cluster1`: the one must not be sent while the other may still land.
 */

const object = "active cluster";

/** Where a call leads. */
export interface Direction {
  /** The ways to the federation: such calls are remembered on all of them, so that whoever knows one side only sees them, too. */
  ways: readonly [Way, ...Way[]];
  /** The cluster that the call makes, or helps to make, the active one. */
  active: string;
}

/** On what a call acts, and what it does to it. */
export interface Role {
  ways: Direction["ways"];
  on: string;
  does: string;
}

/** @param sentAt tells one toggle from another: the second undoes the first */
export function roleOf(
  call: "demote" | "promote" | "toggle",
  { ways, active }: Direction,
  sentAt: string,
): Role {
  return { ways, on: object, does: call === "toggle" ? `toggle of ${sentAt}` : `${active} active` };
}

/**
 * Remembers that a call which was answered may take effect later than its answer came.
 *
 * @returns to be called when the effect was seen
 */
export function expectEffect(scope: Scope, { ways, on, does }: Role, milliseconds: number): () => void {
  const late: LateEffect = { on, does, until: clock.now() + milliseconds };
  for (const { installation } of ways) installation.late.add(late);
  scope.late.push(late);
  return () => forget(scope, ways, [late]);
}

/** Makes what `once` remembers of a call without an answer known on the other ways, too. */
export function spread([, ...others]: Direction["ways"], effects: readonly LateEffect[]): void {
  for (const { installation } of others) for (const effect of effects) installation.late.add(effect);
}

/** These can no longer take effect. */
export function forget(scope: Scope, ways: Direction["ways"], effects: readonly LateEffect[]): void {
  for (const { installation } of ways) for (const effect of effects) installation.late.remove(effect);
  const others = scope.late.filter((late) => !effects.includes(late));
  scope.late.splice(0, scope.late.length, ...others);
}

/** A call of an earlier operation was seen to have taken effect. Where there were several, the others may still do so. */
export function effectSeen(scope: Scope, { ways, on, does }: Role): void {
  const those = scope.late.filter((late) => late.on === on && late.does === does);
  if (those.length === 1) forget(scope, ways, those);
}

/** How long, in milliseconds, a call that leads elsewhere may still take effect. */
export function mayBeUndoneFor({ ways, active }: Direction): number {
  const left = ways.map((way) => way.installation.late.opposite({ on: object, does: `${active} active` }));
  return Math.max(...left);
}
