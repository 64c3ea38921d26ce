/*
 * What Pulumi's Node.js runtime does beside its task, and how that is kept from the user: its host prints errors twice, and its
 * program side keeps stack traces that nobody reads.
 */

/** What the host is about to print of an error that the engine reports anyway. Undefined: nobody has been told to keep it back. */
let twice: Set<string> | undefined;

/** The host prints errors of check, diff, read and delete with their stack, on top of the engine's own report: once is enough. */
export function printErrorsOnce(): void {
  const print = console.error;
  const kept = new Set<string>();
  twice = kept;
  console.error = (...words: unknown[]) => {
    if (words.length !== 1 || !kept.delete(words[0] as string)) print(...words);
  };
}

/** An operation whose errors the engine reports. */
export async function quietly<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw reported(error);
  }
}

/** The error, which the host will not print. */
export function reported(error: unknown): unknown {
  if (error instanceof Error) twice?.add(`${error}: ${error.stack}`);
  return error;
}

/** Stack traces that were spared, until `restore`. */
export interface SparedFrames {
  /** The error with the frames that it lacks: where the program called `callee`. */
  giveBack(error: unknown, callee: new (...args: never[]) => unknown): unknown;
  restore(): void;
}

/**
 * Pulumi keeps four stack traces for each property of each resource, in case a program leaks a promise, and formats each by way of
 * source maps: with all their frames that is two thirds of what registering a resource costs. So there are none meanwhile.
 *
 * @param isWanted code of the program runs meanwhile, whose errors need them
 */
export function spareFrames(isWanted: boolean): SparedFrames {
  const { stackTraceLimit } = Error;
  if (!isWanted) Error.stackTraceLimit = 0;
  return {
    giveBack(error, callee) {
      if (isWanted || !(error instanceof Error)) return error;
      Error.stackTraceLimit = stackTraceLimit;
      const caller = { stack: "" };
      Error.captureStackTrace(caller, callee);
      error.stack = [error.stack, ...(caller.stack ?? "").split("\n").slice(1)].join("\n");
      return error;
    },
    restore() {
      Error.stackTraceLimit = stackTraceLimit;
    },
  };
}
