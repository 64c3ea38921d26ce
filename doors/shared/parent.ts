import { clock } from "../../provider/index.ts";

/** Milliseconds between two looks for the process that started this one. */
const look = 500;

/** After a kill -9 of the engine nothing else tells that nobody waits for this process any more. */
export function watchParent(whenGone: () => void, parent = process.ppid): void {
  clock.after(look, () => {
    if (process.ppid === parent) watchParent(whenGone, parent);
    else whenGone();
  });
}
