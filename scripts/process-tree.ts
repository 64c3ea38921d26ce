import pidtree from "pidtree";

/**
 * Kills a process and everything it started, with SIGKILL. Pulumi's engine puts its plugins into process groups of their own, so
 * killing the group of the CLI is not enough: the tree is walked by parent ids, stopped first so that it does not grow meanwhile.
 */
export async function killTree(root: number): Promise<void> {
  const stopped = new Set<number>();
  for (;;) {
    const running = [root, ...(await listDescendants(root))].filter((pid) => !stopped.has(pid));
    if (running.length === 0) break;
    for (const pid of running) signalProcess(pid, "SIGSTOP");
    for (const pid of running) stopped.add(pid);
  }
  for (const pid of stopped) signalProcess(pid, "SIGKILL");
}

/** The ids of everything that a process has started and that still runs; empty when the process itself is gone. */
export async function listDescendants(root: number): Promise<number[]> {
  try {
    return await pidtree(root);
  } catch (error) {
    if (error instanceof Error && error.message === "No matching pid found") return [];
    throw error;
  }
}

/** Sends a signal; that the process is gone already is fine. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
