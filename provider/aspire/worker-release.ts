import { releaseWorker, releaseWorkers } from "./client.ts";
import { type Done, type IdsInputs, idsRun } from "./ids-run.ts";

/**
 * Resets the batches that were sent to failed workers and not acknowledged, so that other workers get them. The main manager
 * does so by itself when it sees a worker stop; this is the nudge by hand. Page "Manager Node API",
 * `PUT /manager/release/worker`. Needs the ADMINISTRATOR or MANAGER role.
 */
export interface WorkerReleaseInputs extends IdsInputs {
  /** Ids of the failed worker nodes, as Aspire shows them (`AAABcID5GBc=`); they are encoded as needed. None twice. @minItems 1 */
  workerIds: string[];
}

export interface WorkerReleaseOutputs {
  /** The workers that are released, with the manager's words. */
  released: Done[];
}

/** `PUT /manager/release/worker/:id` for each worker. */
export const workerRelease = idsRun<WorkerReleaseInputs>({
  type: "WorkerRelease",
  property: "workerIds",
  idsOf: ({ workerIds }) => workerIds,
  noun: "worker",
  nouns: "workers",
  verb: "release",
  output: "released",
  target: "release/worker",
  sendOne: (http, id, _inputs, options) => releaseWorker(http, id, options),
  sendAll: (http, ids, _inputs, options) => releaseWorkers(http, ids, options),
});
