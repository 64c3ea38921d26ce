import { clock } from "../data/clock.ts";
import type { Way } from "../work/installation.ts";
import { isTwin, type LateEffect } from "../work/late-effects.ts";
import type { Scope } from "../work/scope.ts";
import { changedBy, type Memory, type Recorded } from "./memory.ts";

/*
 * Until when a request may yet take effect is on record by the clock of the machine that has sent it. Where that was ahead, by hours perhaps,
 * no operation with a short timeout would get past it: the first one that can write a record sets it right. A deletion cannot, so a refresh does.
 */

/** No request takes effect later than so many milliseconds after the time for its answer (`mayLandWithin` of the clients). */
const longestLate = 60_000;

/**
 * What an earlier operation has sent, and may yet take effect, is to be reckoned with, and to be remembered for as long as it may.
 *
 * @returns whether the clock of the machine that recorded it was ahead of this one: until that is recorded anew, no operation gets past it
 */
export function takeUpLate(scope: Scope, recorded: Recorded | undefined, ways: readonly Way[]): boolean {
  let wasAhead = false;
  const all = recorded?.memory?.late ?? [];
  const pending = all.filter(({ until }) => until > clock.now());
  // What has come may be of one that can no longer come.
  scope.late.push(...all.filter((told) => !pending.includes(told) && pending.some((it) => isTwin(told, it))));
  for (const told of pending) {
    const late = setRight(told, ways);
    wasAhead ||= late !== told;
    for (const way of ways) way.installation.late.add(late);
    scope.late.push(late);
  }
  return wasAhead;
}

/** What is remembered, by this machine's clock. The same memory where there is nothing to set right. */
export function withLateRight(memory: Memory | undefined, ways: readonly Way[]): Memory | undefined {
  const told = memory?.late ?? [];
  const late = told.map((effect) => setRight(effect, ways));
  return changedBy(memory, late.some((effect, index) => effect !== told[index]) ? { late } : {});
}

/** No longer from now on than it was to be reckoned with from when it was recorded. */
function setRight(told: LateEffect, ways: readonly Way[]): LateEffect {
  const now = clock.now();
  const longest = longestLate + Math.max(...ways.map(({ connection }) => connection.requestTimeout));
  const span = told.since === undefined ? longest : Math.min(longest, told.until - told.since);
  if (told.until <= now + span) return told;
  return {
    ...told,
    ...(told.since !== undefined && { since: Math.min(told.since, now) }),
    until: now + span,
  };
}
