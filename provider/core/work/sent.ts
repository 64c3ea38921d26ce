import { describeFailure, reworded, StatusError, UnreachableError } from "../data/errors.ts";
import type { Scope } from "./scope.ts";

/** For a refusal: "nothing was sent" is said only where that is so. */
export function nothingSent({ requests }: Pick<Scope, "requests">): string {
  return requests.haveLeft ? "nothing more was sent" : "nothing was sent";
}

/**
 * How an operation ended, as its user sees it: of one that ended since nothing answered its first reads, it is said that nothing was sent.
 *
 * @param isResumed an earlier attempt has sent something, and this one looked for what became of it
 */
export function describeEnd(error: unknown, scope: Scope, subject: string, isResumed = false): Error {
  const described = describeFailure(error, scope, subject);
  const { requests, late, trouble, signal } = scope;
  // Of two things that are done at once one may fail while the other's request is under way.
  const mayHaveSent = requests.haveLeft || requests.mayCount || isResumed || late.length > 0;
  const isDown = isNoAnswer(error) || (signal.aborted && isNoAnswer(trouble));
  if (mayHaveSent || !isDown || /nothing (more )?was sent/i.test(described.message)) return described;
  return reworded(described, `${described.message}; ${nothingSent(scope)}`);
}

/** What says what to do ends with a command to be copied, and nothing comes after that. */
function isNoAnswer(error: unknown): boolean {
  if (error instanceof StatusError) return error.status >= 500;
  return error instanceof UnreachableError && !error.lasts;
}
