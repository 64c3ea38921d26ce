import { effects, releaseWorker, releaseWorkers } from "./client.ts";
import type { Done, IdsInputs } from "./ids-inputs.ts";
import { idsRun } from "./ids-run.ts";

/**
 * Resets the batches that were sent to failed workers and not acknowledged, so that other workers get them. The main manager
 * does so by itself when it sees a worker stop; this is the nudge by hand. Page "Manager Node API",
 * `PUT /manager/release/worker`. Needs the ADMINISTRATOR or MANAGER role. Success means that the manager has accepted the call: a
 * release leaves nothing that could be read back.
 */
export interface WorkerReleaseInputs extends IdsInputs {
  /**
   * Ids of the failed worker nodes, as Aspire shows them (`AAABcID5GBc=`, or an address and `//` with it, as managers have); they are
   * encoded, or sent in the body, as needed. None twice. @minItems 1
   */
  workerIds: string[];
}

export interface WorkerReleaseOutputs {
  /** The workers whose release the manager has accepted, with its words. */
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
  effects: effects.release,
  sendOne: (http, id, _inputs, permit, options) => releaseWorker(http, id, permit, options),
  sendAll: (http, ids, _inputs, permit, options) => releaseWorkers(http, ids, permit, options),
});
