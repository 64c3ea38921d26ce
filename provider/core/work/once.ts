import { clock } from "../data/clock.ts";
import { RequestError, StatusError, UnreachableError } from "../data/errors.ts";
import type { Scope } from "./scope.ts";

export interface Once<T> {
  /** Sends the one mutating request. */
  send(): Promise<T>;
  /**
   * Reads back, after an answer that leaves it open, whether the request was carried out: what it brought, or undefined
   * when it provably was not. Absent where nothing can be read: the doubt is then the caller's to report.
   */
  landed?(): Promise<T | undefined>;
}

/** How often a request that was provably not carried out is sent anew. */
const attempts = 3;
/**
 * Conflict, Too Early, Too Many Requests: by their meaning nothing was done. But something on the way may have sent the request
 * twice and hand on the answer to the second, so it costs a look before it is believed.
 */
const turnedAway: readonly number[] = [409, 425, 429];
/** Time for an effect to become visible before its absence counts as proof. */
const settle = [250, 750];

/**
 * One effect per intent (provider/README.md, rule 2). A clear answer is passed on. After a doubtful one the system is read back: an effect
 * that is there counts as the answer; one that is provably absent is requested again; one that may still come (no answer in
 * time, a gateway's time-out) is not, since a late first request would then be the second effect.
 */
export async function once<T>(scope: Scope, { send, landed }: Once<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof RequestError) || scope.signal.aborted) throw error;
      const status = error instanceof StatusError ? error.status : undefined;
      const wasTurnedAway = status !== undefined && turnedAway.includes(status);
      const neverLeft = error.effect === "no" && status === undefined && error instanceof UnreachableError;
      if (error.effect === "no" && !wasTurnedAway && !neverLeft) throw error;
      if (!neverLeft && landed) {
        const found = await look(scope, landed);
        if (found !== undefined) return found;
      }
      const isSentAgain =
        error.effect === "no" ? status !== 409 : error.effect === "maybe" && landed !== undefined;
      if (!isSentAgain || attempt === attempts) throw error;
      await clock.pause(Math.min(error.retryAfter ?? 200 * 2 ** attempt, 60_000), scope.signal);
    }
  }
}

async function look<T>(scope: Scope, landed: () => Promise<T | undefined>): Promise<T | undefined> {
  for (const delay of settle) {
    await clock.pause(delay, scope.signal);
    const found = await landed();
    if (found !== undefined) return found;
  }
  return undefined;
}
