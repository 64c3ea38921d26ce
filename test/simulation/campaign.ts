import { Worker } from "node:worker_threads";
import type { Report } from "./worker.ts";

interface Campaign {
  from: number;
  to: number;
  milliseconds: number;
  workers: number;
  stopsAtFirst: boolean;
  show(line: string): void;
}

/** Seeds that a worker gets at a time. */
const portion = 10;

/**
 * A story leaves some megabytes behind, nearly all of which is gone with it: a large young generation saves a sixth of the time. Beside
 * that `npm run simulate` has V8 collect garbage in the thread that makes it (`--single-threaded-gc`): there are as many workers as cores,
 * and threads that help would wait for each other. Nor does it put among what is old (`--no-allocation-site-pretenuring`) what has often
 * outlived a collection elsewhere: a story is gone as a whole, but whatever is old keeps what it reaches until the next full collection.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 384 };

/** Plays many stories, on several cores. Which seeds are played depends on nothing but the range and the time. */
export async function campaign({ from, to, milliseconds, workers, stopsAtFirst, show }: Campaign) {
  const began = performance.now();
  const cpuBefore = process.cpuUsage();
  const sum: Omit<Report, "violations" | "last"> = {
    histories: 0,
    operations: 0,
    calls: 0,
    requests: 0,
    faults: 0,
  };
  let violations = 0;
  let next = from;
  let last = from - 1;
  const isOver = () =>
    next > to || performance.now() - began > milliseconds || (stopsAtFirst && violations > 0);
  const take = (): [number, number] | undefined => {
    if (isOver()) return undefined;
    const first = next;
    next = Math.min(next + portion, to + 1);
    return [first, next - 1];
  };
  await Promise.all(
    Array.from(
      { length: workers },
      () =>
        new Promise<void>((resolve, reject) => {
          const worker = new Worker(new URL("./worker.ts", import.meta.url), { resourceLimits });
          const give = () => {
            const seeds = take();
            if (seeds) worker.postMessage(seeds);
            else void worker.terminate().then(() => resolve());
          };
          worker.on("error", reject);
          worker.on("message", (report: Report) => {
            for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += report[name];
            violations += report.violations.length;
            for (const line of report.violations) show(line);
            last = Math.max(last, report.last ?? 0);
            give();
          });
          give();
        }),
    ),
  );
  const seconds = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const cpu = (user + system) / 1_000_000;
  const each = (count: number) => (count / Math.max(1, sum.histories)).toFixed(1);
  const text = [
    `seeds ${from}..${last}: ${sum.histories} histories in ${seconds.toFixed(0)} s, ${(sum.histories / seconds).toFixed(0)} a second with ${workers} workers, ${(sum.histories / cpu).toFixed(0)} in a second of one core;`,
    `each with ${each(sum.operations)} commands, ${each(sum.calls)} calls of the engine, ${each(sum.requests)} requests and ${each(sum.faults)} faults;`,
    `${violations} violations`,
  ].join(" ");
  return { ...sum, violations, seconds, text };
}
