import type { ReadFunction } from "../core/lifecycle/read-function.ts";
import type { Spec } from "../core/lifecycle/resource.ts";
import { batchAcknowledgement } from "./batch-acknowledgement.ts";
import { claimBatch } from "./claim-batch.ts";
import { crawlFailure } from "./crawl-failure.ts";
import { seedRelease } from "./seed-release.ts";
import { seedThrottle } from "./seed-throttle.ts";
import { workerRelease } from "./worker-release.ts";

/** The resources of Aspire. */
export const resources: Spec[] = [
  seedRelease,
  workerRelease,
  seedThrottle,
  crawlFailure,
  batchAcknowledgement,
];
/** Its functions. */
// biome-ignore lint/suspicious/noExplicitAny: each function has arguments and a result of its own
export const functions: ReadFunction<any, any>[] = [claimBatch];
