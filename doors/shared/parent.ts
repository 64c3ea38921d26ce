import { clock } from "../../provider/index.ts";

/** Milliseconds between two looks for the process that started this one. */
const look = 500;

/** The launcher's word on the process of the engine: it may be gone by the time that this one asks for its parent. */
export function engineIn(words: readonly string[]): number | undefined {
  const [, pid] = words.map((word) => /^--engine=(\d+)$/.exec(word)).find(Boolean) ?? [];
  return pid === undefined ? undefined : Number(pid);
}

/**
 * After a kill -9 of the engine nothing else tells that nobody waits for this process any more.
 *
 * @param engine the process of the engine, where the launcher has told it
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
