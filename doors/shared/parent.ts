import { clock } from "../../provider/index.ts";

/** Milliseconds between two looks for the process that started this one. */
const look = 500;
/** Who that is: read before anything else is done, since it may be killed at any moment. */
const starter = process.ppid;

/** After a kill -9 of the engine nothing else tells that nobody waits for this process any more. */
export function watchParent(whenGone: () => void): void {
  clock.after(look, () => {
    if (process.ppid === starter) watchParent(whenGone);
    else whenGone();
  });
}
