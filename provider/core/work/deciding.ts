import { clock } from "../data/clock.ts";
import { DecideAnew } from "../data/errors.ts";
import type { Scope } from "./scope.ts";

/** Milliseconds before a decision is made anew for the `round`th time, from 0, where the server does not ask for longer. */
export function backoff(round: number): number {
  return Math.min(250 * 2 ** Math.min(round, 10), 5_000) * (0.9 + 0.2 * clock.random());
}

const [shortest, longest] = [250, 60_000];

/** A server that asks to be asked at once, for ever, is not hammered; one that asks for hours is asked sooner. */
export function clamped(milliseconds: number): number {
  return Math.min(Math.max(milliseconds, shortest), longest);
}

/**
 * Observes, decides, and sends: and again from the first look on, whenever what the decision rests on has become old or what was sent
 * may be sent again, until the deadline. Several decisions at a time each have knowledge of their own.
 *
 * @param decide begins with reads, and has a scope of its own. Once something was tried, its reads are repeated until the deadline
 */
export async function deciding<T>(scope: Scope, decide: (scope: Scope) => Promise<T>): Promise<T> {
  for (let round = 0; ; round++) {
    try {
      return await decide(scope.decision({ isPatient: round > 0 }));
    } catch (error) {
      if (!(error instanceof DecideAnew)) throw error;
      scope.noteTrouble(error);
      await clock.pause(clamped(error.retryAfter ?? backoff(round)), scope.signal);
    }
  }
}
