import { clock } from "../data/clock.ts";
import { DecideAnew } from "../data/errors.ts";
import { retryPause } from "../http/retry-pause.ts";
import type { Scope } from "./scope.ts";

/** Milliseconds between two decisions at least. */
const shortest = 250;

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
      const pause = error.isDue ? shortest : retryPause(round, error.retryAfter);
      // Whatever a server asks for, it is asked again before the time is up.
      await clock.pause(Math.min(pause, Math.max(shortest, scope.deadline.remaining() / 4)), scope.signal);
    }
  }
}
