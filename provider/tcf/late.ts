import { isTwin } from "../core/work/late-effects.ts";
import type { Scope } from "../core/work/scope.ts";
import { forgetLate, oppositePending, type Target } from "../core/work/target.ts";

/*
 * Calls that may yet take effect. A federation has one object that calls act on: which of its clusters is active. `promote cluster2` and
 * `demote cluster1` lead the same way, and opposite to `promote cluster1`: the one must not be sent while the other may still land.
 */

const object = "active cluster";

/** Where a call leads. */
export interface Direction {
  /** The ways to the federation: such calls are remembered on all of them, so that whoever knows one side only sees them, too. */
  ways: Target["ways"];
  /** The cluster that the call makes, or helps to make, the active one. */
  active: string;
}

/** @param sentAt tells one toggle from another: the second undoes the first */
export function roleOf(
  call: "demote" | "promote" | "toggle",
  { ways, active }: Direction,
  sentAt: string,
): Target {
  return { ways, on: object, does: call === "toggle" ? toggleOf(sentAt) : `${active} active` };
}

/** What tells this toggle from any other. */
export function toggleOf(sentAt: string): string {
  return `toggle of ${sentAt}`;
}

/**
 * The last call of an earlier operation was seen to have taken effect. Where there were several, the others may still do so, and what is
 * seen may be of one that can no longer come. One that was to be expected before that call was sent is not its own, but that of an earlier
 * one whose answer was lost. Until when it may land does not tell them apart: what a gateway answered with 504 may land later than what was
 * sent after it.
 */
export function effectSeen(scope: Scope, target: Target, sentAt: string): void {
  const at = Date.parse(sentAt);
  const those = scope.late.filter((late) => isTwin(late, target) && late.until > at);
  const own = those.filter(({ since }) => since !== undefined && since >= at);
  if (those.length === 1) forgetLate(scope, target, own);
}

/** How long, in milliseconds, a call that leads elsewhere may still take effect. */
export function mayBeUndoneFor({ ways, active }: Direction): number {
  return oppositePending({ ways, on: object, does: `${active} active` });
}
