import { setTimeout as sleep } from "node:timers/promises";
import { killTree, listDescendants } from "../../cli/rehearse/process-tree.ts";

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Runs a program's main function and ends the process with its exit code. Ctrl-C or SIGTERM kills the child processes first, so
 * that main fails and cleans up, and only then ends the process.
 */
export async function endingOnSignals(main: () => Promise<void>): Promise<never> {
  let code: number | undefined;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      const isFirst = code === undefined;
      code = exitCodes[signal];
      if (isFirst) void endChildren();
    });
  }
  try {
    await main();
  } catch (error) {
    // An error of the interrupted work need not be shown.
    if (code === undefined) console.error(error instanceof Error ? error.message : error);
    code ??= 1;
  }
  process.exit(code ?? 0);
}

/** Repeats until the process ends: the cleaning up may start more child processes. */
async function endChildren(): Promise<never> {
  for (;;) {
    const children = (await listDescendants(process.pid)).filter(({ parent }) => parent === process.pid);
    await Promise.all(children.map(({ pid }) => killTree(pid)));
    await sleep(50);
  }
}
