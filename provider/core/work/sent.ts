import { advice } from "../data/advice.ts";
import { describeFailure, reworded, StatusError, UnreachableError, WaitExpired } from "../data/errors.ts";
import type { Scope } from "./scope.ts";
import { goesOn } from "./wait.ts";

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

/** The same of a deletion: of what it has sent nothing comes on record, so that no next run goes on with it by itself. */
export function describeEndOfDeletion(error: unknown, scope: Scope, subject: string): Error {
  const described = describeEnd(error, scope, subject);
  const isCutOff = scope.signal.aborted || error instanceof WaitExpired;
  if (!isCutOff || !scope.requests.haveLeft) return described;
  const said = described.message.replace(goesOn, "");
  return reworded(
    described,
    `${said}; what was sent may go on, and the state does not know of it: ${advice.lookAgain}`,
  );
}

/** What says what to do ends with a command to be copied, and nothing comes after that. */
function isNoAnswer(error: unknown): boolean {
  if (error instanceof StatusError) return error.status >= 500;
  return error instanceof UnreachableError && !error.lasts;
}
