import { clock } from "../core/data/clock.ts";
import { RequestError } from "../core/data/errors.ts";
import type { Effects } from "../core/http/call.ts";
import type { Permit } from "../core/http/permit.ts";
import { once } from "../core/work/once.ts";
import type { Scope } from "../core/work/scope.ts";
import { isFailureInAnswer } from "./answers.ts";
import { labelOf } from "./system.ts";

/** What a sync changes: the databases of a node's channels. By this name it is remembered what was acted on. */
export const allDatabases = "databases";

/** What a prune changes. */
export function databaseOf(channel: string): string {
  return `database of channel ${channel}`;
}

/** A call whose effect cannot be read back, and that does no harm twice. */
export interface Sending<T> extends Effects {
  /** E.g. `sync/full`. */
  what: string;
  /** What it changes and what it does to it; see `Request` of core/work/once.ts. */
  on: string;
  does: string;
  send(permit: Permit): Promise<T>;
  /** Whether the node may still be working on a request that failed after so many milliseconds: then it gets no second one. */
  mayBeAtWork?(error: unknown, elapsed: number): boolean;
}

/** Sends it to the node of the scope until it is answered, or the time is up. There is nothing to read that could grow old. */
export async function sendUntilAnswered<T>(scope: Scope, sending: Sending<T>): Promise<T> {
  const { on, does, repeat, mayLandWithin, send, mayBeAtWork } = sending;
  const what = `${sending.what} of ${labelOf(scope.http)}`;
  let last: RequestError | undefined;
  const answer = await once<{ answered: T } | { failed: unknown }>(scope, {
    what,
    target: { ways: [scope.http], on, does },
    repeat,
    mayLandWithin,
    async send(permit) {
      const began = clock.elapsed();
      try {
        return { answered: await send(permit) };
      } catch (error) {
        if (isFailureInAnswer(error) || mayBeAtWork?.(error, clock.elapsed() - began))
          return { failed: error };
        last = error instanceof RequestError ? error : undefined;
        if (last) scope.progress(`${what}: ${last.message}`);
        throw error;
      }
    },
  }).catch((error) => {
    // The time ran out before another try: what the last one was told is what is known.
    throw last ?? error;
  });
  if ("failed" in answer) throw answer.failed;
  return answer.answered;
}

/** Whether the request may have been carried out although no good answer came. */
export function isInDoubt(error: unknown, { signal }: Pick<Scope, "signal">): boolean {
  return error instanceof RequestError ? error.effect !== "no" : signal.aborted;
}
