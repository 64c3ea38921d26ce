import { messageOf, reworded } from "../core/data/errors.ts";
import type { FunctionArgs, ReadFunction } from "../core/lifecycle/read-function.ts";
import { once } from "../core/work/once.ts";
import { FailureInAnswer } from "./answers.ts";
import { type BatchType, type ClaimedBatch, claimBatch as claim, effects } from "./client.ts";
import { claimBatches } from "./draft-client.ts";
import { isInDoubt } from "./sending.ts";
import { aspire, speaksDraft } from "./system.ts";

/**
 * Which batch a worker asks for. This takes work: what is handed out is the worker's until it is acknowledged
 * (`BatchAcknowledgement`) or the worker is released (`WorkerRelease`).
 */
export interface ClaimBatchArgs extends FunctionArgs {
  /** Id of the worker that asks. The draft page has no such parameter: there it is not sent. @minLength 1 */
  worker: string;
  /** `scan` or `process`. The draft page has no such parameter: there it is not sent. */
  type: BatchType;
  /** The tags that the worker's machine has. Sent as one value, with commas between. */
  tags?: string[];
  /**
   * How many items to fetch. Default: the manager's.
   * @minimum 1
   * @asType integer
   */
  items?: number;
  /**
   * How many batches to fetch: only on the draft page (`basePath: "/aspire_api"`), which has it in place of `items`.
   * Default there: 1.
   * @minimum 1
   * @asType integer
   */
  batches?: number;
}

export interface ClaimBatchResult extends ClaimedBatch {}

/**
 * `GET /manager/batch`, sent at most once. Answers without a batch when there is none (406; on the draft page that is input which is not
 * valid, and an error), and with nothing at all in a preview, where it is not sent.
 */
export const claimBatch: ReadFunction<ClaimBatchArgs, ClaimBatchResult> = {
  system: aspire,
  name: "claimBatch",
  async call(scope, { worker, type, tags, items, batches }, { preview }) {
    const { http, signal } = scope;
    if (preview) {
      scope.warn(
        `aspire.claimBatch takes work from the manager: a preview does not call it for worker ${worker}`,
      );
      return {};
    }
    try {
      return await once(scope, {
        what: `claim a batch for worker ${worker}`,
        target: { ways: [http], on: `batches of worker ${worker}`, does: "claim" },
        ...effects.claimBatch,
        send: (permit) =>
          speaksDraft(http)
            ? claimBatches(http, { tags, batches }, permit, { signal })
            : claim(http, { worker, type, tags, items }, permit, { signal }),
      });
    } catch (error) {
      if (!isInDoubt(error, { signal }) && !(error instanceof FailureInAnswer)) throw error;
      throw reworded(
        error,
        `${messageOf(error)} (a batch may have been handed to worker ${worker} all the same: a WorkerRelease gives it back)`,
      );
    }
  },
};
