import { DecideAnew, RequestError, StatusError } from "../core/data/errors.ts";
import type { Scope } from "../core/work/scope.ts";

/*
 * Whether an operation has sent anything that may change something: "nothing was sent" is said only where that is so.
 */

/** Operations that have, told by the list of their waits, of which each has one. */
function senders({ http }: Scope): WeakSet<object> {
  return http.installation.note("operations that have sent something", () => new WeakSet<object>());
}

/** Sends, and remembers that, unless the request provably never left. */
export async function sending<T>(scope: Scope, send: () => Promise<T>): Promise<T> {
  try {
    const answer = await send();
    senders(scope).add(scope.waits);
    return answer;
  } catch (error) {
    const neverLeft =
      error instanceof DecideAnew ||
      (error instanceof RequestError && error.effect === "no" && !(error instanceof StatusError));
    if (!neverLeft) senders(scope).add(scope.waits);
    throw error;
  }
}

/** For a refusal: what the operation has sent by now. */
export function nothingSent(scope: Scope): string {
  return senders(scope).has(scope.waits) ? "nothing more was sent" : "nothing was sent";
}
