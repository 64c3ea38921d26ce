import { acknowledgeBatch, acknowledgeBatches, type BatchType, effects } from "./client.ts";
import type { Done, IdsInputs } from "./ids-inputs.ts";
import { idsRun } from "./ids-run.ts";
import { speaksDraft } from "./system.ts";

/**
 * Tells the manager that a worker has taken responsibility for batches that were handed out (`claimBatch`). Page "Manager Node
 * API", `PUT /manager/batch/ack`. Needs the ADMINISTRATOR or WORKER role. Success means that the manager has accepted the call:
 * nothing can be read back.
 */
export interface BatchAcknowledgementInputs extends IdsInputs {
  /** Ids of the batches; a number, as in the page's sample of a batch, does as well. None twice. @minItems 1 */
  batchIds: (string | number)[];
  /** What kind of batches they are, all of them. The draft page has no such parameter: there it is not sent. */
  type: BatchType;
}

export interface BatchAcknowledgementOutputs {
  /** The batches whose acknowledgement the manager has accepted, with its words. */
  acknowledged: Done[];
}

/** `PUT /manager/batch/ack/:id?type=` for each batch. */
export const batchAcknowledgement = idsRun<BatchAcknowledgementInputs>({
  type: "BatchAcknowledgement",
  property: "batchIds",
  idsOf: ({ batchIds }) => batchIds.map(String),
  noun: "batch",
  nouns: "batches",
  verb: "acknowledge",
  output: "acknowledged",
  target: "batch/ack",
  effects: effects.acknowledge,
  sendOne: (http, id, { type }, permit, options) =>
    acknowledgeBatch(http, id, speaksDraft(http) ? undefined : type, permit, options),
  sendAll: (http, ids, { type }, permit, options) =>
    acknowledgeBatches(http, ids, speaksDraft(http) ? undefined : type, permit, options),
});
