import { advice } from "../core/data/advice.ts";
import {
  hasStatus,
  RequestError,
  reworded,
  StatusError,
  TokenError,
  toldOf,
  UnreachableError,
} from "../core/data/errors.ts";
import type { CallOptions, Effects } from "../core/http/call.ts";
import type { Permit } from "../core/http/permit.ts";
import { once, type Request } from "../core/work/once.ts";
import type { Scope } from "../core/work/scope.ts";
import { FailureInAnswer } from "./answers.ts";
import type { Reply } from "./client.ts";

/*
 * Aspire's calls leave nothing behind that could be read back: no job, no count, no field of the seed ("release leaves
 * no trace"). But every one of them says what shall be so, and saying it twice changes nothing more: items that are available stay
 * available, a batch that is acknowledged stays acknowledged, the seed stays paused until the same time. So a call whose answer
 * leaves it open whether it was carried out is sent again until the deadline, and then by the next `up`.
 */

/** One call that changes something. */
export interface Sending extends Effects {
  /** `release seed A`. */
  what: string;
  /** What it changes and what it does to it; see `Request` of core/work/once.ts. */
  on: string;
  does: string;
  send(permit: Permit, options: CallOptions): Promise<Reply>;
}

/** Sends it until it is answered, or the time is up. There is nothing to read, so nothing that it rests on grows old. */
export async function sendUntilAnswered(scope: Scope, sending: Sending): Promise<Reply> {
  const { what, on, does, repeat, mayLandWithin } = sending;
  let last: RequestError | undefined;
  const request: Request<Reply | FailureInAnswer> = {
    what,
    target: { ways: [scope.http], on, does },
    repeat,
    mayLandWithin,
    async send(permit: Permit): Promise<Reply | FailureInAnswer> {
      try {
        return await sending.send(permit, { signal: scope.signal });
      } catch (error) {
        // "Success with errors" is a clear answer: there is nothing to be sent again.
        if (error instanceof FailureInAnswer) return error;
        last = error instanceof RequestError ? error : undefined;
        if (last) scope.progress(`${what}: ${last.message}`);
        throw error;
      }
    },
  };
  const answer = await once(scope, request).catch((error) => {
    // The time ran out before another try: what the last one was told is what is known.
    throw last ?? error;
  });
  if (answer instanceof FailureInAnswer) throw answer;
  return answer;
}

/** Whether the request may have been carried out although no good answer came. */
export function isInDoubt(error: unknown, { signal }: Pick<Scope, "signal">): boolean {
  if (!(error instanceof RequestError)) return signal.aborted;
  return error.effect !== "no" && !(error instanceof FailureInAnswer);
}

/** Whether any other id would fare the same: no right, nobody there, or out of time. */
export function concernsEveryId(error: unknown, { signal }: Pick<Scope, "signal">): boolean {
  if (signal.aborted) return true;
  if (error instanceof TokenError) return true;
  if (error instanceof StatusError) return lacksRight(error);
  if (!(error instanceof UnreachableError) || error.effect !== "no") return false;
  // One manager that said of this id that it does not know it may know the next.
  const { cause } = error;
  return !(cause instanceof AggregateError && cause.errors.some((part) => part instanceof StatusError));
}

/** Whoever it is about, nobody here may ask for it. */
export function lacksRight(error: unknown): boolean {
  return hasStatus(error, 401, 403);
}

/** What went wrong, with what it means here. @param count how many ids the call named */
export function explainFailure(error: unknown, scope: Pick<Scope, "signal" | "trouble">, count = 1): string {
  const text = toldOf(error, scope);
  if (isInDoubt(error, scope)) {
    return `${text} (whether it was carried out cannot be read back; the next ${advice.up} sends it again, and twice does no harm)`;
  }
  if (error instanceof StatusError && error.status === 404 && !error.isOnTheWay)
    return `${text} (no manager that was asked knows ${count === 1 ? "it" : "all of them"})`;
  return text;
}

/** Runs the work; a failure is thrown on with what it means here. */
export async function withExplanation<T>(scope: Scope, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw reworded(error, explainFailure(error, scope));
  }
}
