import { type Words, worded } from "../data/advice.ts";
import { messageOf, reworded } from "../data/errors.ts";
import type { ShowProgress } from "../data/progress.ts";
import type { Context } from "../work/context.ts";

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

/** The context, whose messages come out worded. Its getters stay what they are: what a door works out only when it is asked for. */
function speaking(context: Context, words: Words | undefined): Context {
  const say = (show: (message: string) => void) => (message: string) => show(worded(message, words));
  return Object.defineProperties({} as Context, {
    ...Object.getOwnPropertyDescriptors(context),
    progress: {
      value: ((message, options) => context.progress(worded(message, words), options)) satisfies ShowProgress,
    },
    warn: { value: say((message) => context.warn(message)) },
    inform: { value: say((message) => context.inform(message)) },
  });
}
