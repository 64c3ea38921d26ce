import type { Permit } from "../core/http/permit.ts";
import type { Scope } from "../core/work/scope.ts";

/*
 * Whether an operation has sent anything that may change something: "nothing was sent" is said only where that is so.
 */

/** Operations that have, told by the list of their waits, of which each has one. */
function senders({ http }: Scope): WeakSet<object> {
  return http.installation.note("operations that have sent something", () => new WeakSet<object>());
}

/** Sends, and remembers that, unless the request never left: what a follower has redirected, or a gateway turned away, was sent all the same. */
export async function sending<T>(scope: Scope, permit: Permit, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } finally {
    if (permit.isUsed) senders(scope).add(scope.waits);
  }
}

/** For a refusal: what the operation has sent by now. */
export function nothingSent(scope: Scope): string {
  return senders(scope).has(scope.waits) ? "nothing more was sent" : "nothing was sent";
}
