import { type Words, worded } from "../data/advice.ts";
import { messageOf, reworded } from "../data/errors.ts";
import type { ShowProgress } from "../data/progress.ts";
import type { Context } from "../work/context.ts";
import type { Memory } from "./memory.ts";
import type { Result } from "./settle.ts";

/** Runs `work`, with all that it says in the words of the context's door. */
export async function inWordsOf<T>(context: Context, work: (context: Context) => Promise<T>): Promise<T> {
  const { words } = context;
  try {
    return await work(speaking(context, words));
  } catch (error) {
    const text = messageOf(error);
    const said = worded(text, words);
    throw said === text ? error : reworded(error, said);
  }
}

/** The context, whose messages come out worded. */
function speaking(context: Context, words: Words | undefined): Context {
  const say = (show: (message: string) => void) => (message: string) => show(worded(message, words));
  return {
    ...context,
    progress: ((message, options) =>
      context.progress(worded(message, words), options)) satisfies ShowProgress,
    warn: say((message) => context.warn(message)),
    inform: say((message) => context.inform(message)),
  };
}

/** The result in the same words: what is recorded of a failure is shown by another operation. */
export function wordedResult({ words }: Context, result: Result): Result {
  const { memory, reasons } = result;
  const { failed } = memory?.handle ?? {};
  return {
    ...result,
    reasons: reasons.map((reason) => worded(reason, words)),
    ...(typeof failed === "string" && {
      memory: { ...(memory as Memory), handle: { ...memory?.handle, failed: worded(failed, words) } },
    }),
  };
}

/** What a preview says of work that did not come to its end. @param isSame whether the inputs still ask for it */
export function leftOver({
  hasFailed,
  isReplaced,
  isSame,
}: {
  hasFailed: boolean;
  isReplaced: boolean;
  isSame: boolean;
}): string {
  if (isReplaced)
    return `${hasFailed ? "failed" : "not finished"} last time; not resumed, since it is replaced`;
  if (hasFailed) return "failed last time; will retry";
  return isSame
    ? "not finished last time; will be resumed"
    : "not finished last time; its inputs have changed since: this is another run";
}
