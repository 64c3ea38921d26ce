import { clock } from "../data/clock.ts";
import type { Way } from "./installation.ts";
import type { LateEffect } from "./late-effects.ts";
import type { Scope } from "./scope.ts";

/** What a mutating request acts on, and what it does there. */
export interface Target {
  /**
   * The ways to what it acts on. Several where it is one thing behind several installations, such as a federation: what may yet take
   * effect is remembered on each of them, so that whoever knows only one of them reckons with it, too.
   */
  ways: readonly [Way, ...Way[]];
  /** E.g. `role of dc-east`. */
  on: string;
  /** Tells it from an opposite call, e.g. `promote`. */
  does: string;
}

/** A request whose effect may come, and for how many milliseconds; see `Effects`. */
interface Expected {
  target: Target;
  mayLandWithin: number;
}

/** How long, in milliseconds, any call may yet take effect on the target's object. */
export function anyPending({ ways, on }: Target): number {
  return Math.max(...ways.map(({ installation }) => installation.late.pending(on)));
}

/** How long, in milliseconds, a call that does something else may yet take effect on the target's object. */
export function oppositePending({ ways, on, does }: Target): number {
  return Math.max(...ways.map(({ installation }) => installation.late.opposite({ on, does })));
}

/** Remembers, for this process and for the record, that the request may yet take effect. */
export function noteLate(
  scope: Scope,
  { target: { ways, on, does }, mayLandWithin }: Expected,
  isLate: boolean,
): LateEffect {
  const time =
    mayLandWithin + (isLate ? Math.max(...ways.map(({ connection }) => connection.requestTimeout)) : 0);
  const late: LateEffect = { on, does, since: clock.now(), until: clock.now() + time };
  for (const { installation } of ways) installation.late.add(late);
  scope.late.push(late);
  return late;
}

/**
 * A request that was accepted, and whose effect has not been seen: until then it may yet come.
 *
 * @returns to be told that it has come
 */
export function expectLate(scope: Scope, { target, mayLandWithin }: Expected): { settle(): void } {
  const late = noteLate(scope, { target, mayLandWithin }, false);
  return { settle: () => forgetLate(scope, target, [late]) };
}

/** These have taken effect, and will not do so again. */
export function forgetLate(
  scope: Scope,
  { ways }: Pick<Target, "ways">,
  effects: readonly LateEffect[],
): void {
  for (const { installation } of ways) for (const effect of effects) installation.late.remove(effect);
  const others = scope.late.filter((late) => !effects.includes(late));
  scope.late.splice(0, scope.late.length, ...others);
}
