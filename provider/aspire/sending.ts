import {
  messageOf,
  RequestError,
  reworded,
  StatusError,
  TokenError,
  UnreachableError,
} from "../core/data/errors.ts";
import type { CallOptions } from "../core/http/http.ts";
import { once } from "../core/work/once.ts";
import type { Scope } from "../core/work/scope.ts";
import { FailureInAnswer } from "./answers.ts";
import type { Reply } from "./client.ts";

/*
 * Aspire's calls leave nothing behind that could be read back: no job, no count, no field of the seed ("release leaves
 * no trace"). So a request whose answer leaves it open whether it was carried out is not sent again in the same run. The next
 * `up` sends it again, because every one of these calls says what shall be so, and saying it twice changes nothing more:
 * items that are available stay available, a batch that is acknowledged stays acknowledged, the seed stays paused until the
 * same time.
 */

/** Sends one mutating call at most once, as far as the manager can have seen it. */
export async function sendOnce(scope: Scope, send: (options: CallOptions) => Promise<Reply>): Promise<Reply> {
  let refused: RequestError | undefined;
  try {
    return await once(scope, {
      async send() {
        refused = undefined;
        try {
          return await send({ signal: scope.signal });
        } catch (error) {
          if (error instanceof RequestError && error.effect === "no") refused = error;
          throw error;
        }
      },
    });
  } catch (error) {
    // The time ran out before another try: what the last one was told is what is known.
    throw refused ?? error;
  }
}

/** Whether the request may have been carried out although no good answer came. */
export function isInDoubt(error: unknown, { signal }: Pick<Scope, "signal">): boolean {
  if (!(error instanceof RequestError)) return signal.aborted;
  return error.effect !== "no" && !(error instanceof FailureInAnswer);
}

/** Whether any other id would fare the same: no right, too many requests, nobody there, or not within the time for a request. */
export function concernsEveryId(error: unknown, { signal }: Pick<Scope, "signal">): boolean {
  if (signal.aborted) return true;
  if (error instanceof TokenError) return true;
  if (error instanceof StatusError) return [401, 403, 425, 429].includes(error.status);
  if (!(error instanceof UnreachableError) || error.effect === "maybe") return false;
  // One manager that said of this id that it does not know it may know the next.
  const { cause } = error;
  return !(cause instanceof AggregateError && cause.errors.some((part) => part instanceof StatusError));
}

/** What went wrong, with what it means here. @param count how many ids the call named */
export function explainFailure(error: unknown, scope: Pick<Scope, "signal">, count = 1): string {
  if (isInDoubt(error, scope)) {
    return `${messageOf(error)} (whether it was carried out cannot be read back; the next pulumi up sends it again, and twice does no harm)`;
  }
  if (error instanceof StatusError && error.status === 404)
    return `${messageOf(error)} (no manager that was asked knows ${count === 1 ? "it" : "all of them"})`;
  return messageOf(error);
}

/** Runs the work; a failure is thrown on with what it means here. */
export async function explained<T>(scope: Scope, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw reworded(error, explainFailure(error, scope));
  }
}
