import { clock } from "../data/clock.ts";

/** In milliseconds: before the first repetition, where the server does not ask for a wait, and before any later one at most. */
const [first, longest] = [300, 5_000];
/** A server that asks for hours is asked again all the same. */
const longestAsked = 60_000;

/**
 * Milliseconds before something is tried again: what the server has asked for (Retry-After), else longer from one time to the next, with
 * jitter, so that several hosts do not come in step. A server that asks for no wait at all, for ever, is not hammered.
 *
 * @param tries repetitions before this one
 */
export function retryPause(tries: number, retryAfter = 0): number {
  if (retryAfter > 0) return Math.min(Math.max(retryAfter, first), longestAsked);
  return Math.min(first * 2 ** Math.min(tries, 10), longest) * (0.8 + 0.4 * clock.random());
}
