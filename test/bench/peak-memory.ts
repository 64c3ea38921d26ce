import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import type { PulumiProcess } from "../../scripts/pulumi-process.ts";

/** The most memory that any process of ours has held in a run of the CLI, in MiB; 0 where the system does not tell. */
export async function peakMemory(running: PulumiProcess): Promise<number> {
  let peak = 0;
  let isOver = false;
  void running.done.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    for (const pid of await running.hostPids()) {
      const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
    }
    await pause(100);
  }
  return Math.round(peak);
}
