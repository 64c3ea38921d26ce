import { clock } from "../../provider/index.ts";

/** Milliseconds between two looks for the process that started this one. */
const look = 500;

/**
 * After a kill -9 of the engine nothing else tells that nobody waits for this process any more.
 *
 * @param engine the process of the engine, where it is not the parent: a launcher stands between them, and outlives it
 */
export function watchParent(whenGone: () => void, engine?: number, parent = process.ppid): void {
  clock.after(look, () => {
    if (process.ppid === parent && (engine === undefined || isAlive(engine)))
      watchParent(whenGone, engine, parent);
    else whenGone();
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and another user's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
