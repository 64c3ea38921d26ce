import { setTimeout as sleep } from "node:timers/promises";
import { killTree, listDescendants } from "../process-tree.ts";

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Runs a program's main function and ends the process with its exit code. Ctrl-C, or a SIGTERM, ends whatever the process has
 * started, so that main unwinds through its own cleaning up, and only then the process.
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
    // What fails because it was ended is no news.
    if (code === undefined) console.error(error instanceof Error ? error.message : error);
    code ??= 1;
  }
  process.exit(code ?? 0);
}

/** Until the process ends: what is unwinding may have started something more. */
async function endChildren(): Promise<never> {
  for (;;) {
    const children = (await listDescendants(process.pid)).filter(({ parent }) => parent === process.pid);
    await Promise.all(children.map(({ pid }) => killTree(pid)));
    await sleep(50);
  }
}
