import type {
  BatchAcknowledgementInputs,
  BatchAcknowledgementOutputs,
  ClaimBatchArgs,
  ClaimedBatch,
  CrawlFailureInputs,
  CrawlFailureOutputs,
  SeedReleaseInputs,
  SeedReleaseOutputs,
  SeedThrottleInputs,
  SeedThrottleOutputs,
  WorkerReleaseInputs,
  WorkerReleaseOutputs,
} from "../provider/index.ts";
import { type Args, resourceClass } from "./dynamic.ts";
import { functionPair } from "./functions.ts";

/** What each class takes. */
export type SeedReleaseArgs = Args<SeedReleaseInputs>;
export type WorkerReleaseArgs = Args<WorkerReleaseInputs>;
export type SeedThrottleArgs = Args<SeedThrottleInputs>;
export type CrawlFailureArgs = Args<CrawlFailureInputs>;

/** Has the manager release all items of seeds from unsent batches. */
export class SeedRelease extends resourceClass<SeedReleaseInputs, SeedReleaseOutputs>(
  "aspire",
  "SeedRelease",
) {}

/** Has the manager reset the batches that were sent to failed workers, so that other workers get them. */
export class WorkerRelease extends resourceClass<WorkerReleaseInputs, WorkerReleaseOutputs>(
  "aspire",
  "WorkerRelease",
) {}

/** Has the manager pause a seed until a time. */
export class SeedThrottle extends resourceClass<SeedThrottleInputs, SeedThrottleOutputs>(
  "aspire",
  "SeedThrottle",
) {}

/** Has the crawl-failed state of a seed handled. */
export class CrawlFailure extends resourceClass<CrawlFailureInputs, CrawlFailureOutputs>(
  "aspire",
  "CrawlFailure",
) {}

/** Acknowledges batches to the manager: the worker has taken responsibility for them. */
export class BatchAcknowledgement extends resourceClass<
  BatchAcknowledgementInputs,
  BatchAcknowledgementOutputs
>("aspire", "BatchAcknowledgement") {}

/**
 * Takes a batch of work from the manager for a worker. It changes the manager's state, so it only runs when it is called
 * outside a preview; in a preview it answers `{}` and says so. Without work, `batch` is undefined.
 */
export const [claimBatch, claimBatchOutput] = functionPair<ClaimBatchArgs, ClaimedBatch>("aspire:claimBatch");
