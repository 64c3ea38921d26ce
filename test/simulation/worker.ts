import { parentPort } from "node:worker_threads";
import { check } from "./checker/checker.ts";
import { draw } from "./draw.ts";
import { play } from "./play.ts";

/** What came of some seeds. */
export interface Report {
  histories: number;
  /** Commands of users. */
  operations: number;
  calls: number;
  requests: number;
  faults: number;
  violations: string[];
  last?: number;
}

export async function playSeeds(from: number, to: number): Promise<Report> {
  const report: Report = {
    histories: 0,
    operations: 0,
    calls: 0,
    requests: 0,
    faults: 0,
    violations: [],
    last: to,
  };
  for (let seed = from; seed <= to; seed++) {
    report.histories++;
    try {
      const played = await play(draw(seed));
      const { history, nemesis } = played;
      report.operations += history.operations.length;
      report.calls += history.calls.length;
      report.requests += history.exchanges.length;
      report.faults += nemesis.struck.size;
      for (const { rule, what } of check(played)) report.violations.push(`seed ${seed}: ${rule}: ${what}`);
    } catch (error) {
      report.violations.push(`seed ${seed}: the simulation itself failed: ${(error as Error).message}`);
    }
  }
  return report;
}

parentPort?.on("message", async ([from, to]: [number, number]) => {
  parentPort?.postMessage(await playSeeds(from, to));
});
