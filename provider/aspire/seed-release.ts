import { effects, releaseSeed, releaseSeeds } from "./client.ts";
import type { Done, IdsInputs } from "./ids-inputs.ts";
import { idsRun } from "./ids-run.ts";

/**
 * Releases all items of seeds from unsent batches, so that workers stop on them promptly; the main manager does the same when
 * a seed is paused or stopped. It does not pause anything: on a running seed the items are simply handed out again. Page
 * "Manager Node API", `PUT /manager/release/seed`. Needs the ADMINISTRATOR or MANAGER role. Success means that the manager has
 * accepted the call: a release leaves nothing that could be read back.
 */
export interface SeedReleaseInputs extends IdsInputs {
  /**
   * Ids of the seeds, as Aspire shows them (UUIDs, or `AAABcID5GBc=`); they are encoded, or sent in the body, as needed. None twice.
   * @minItems 1
   */
  seedIds: string[];
}

export interface SeedReleaseOutputs {
  /** The seeds whose release the manager has accepted, with its words. */
  released: Done[];
}

/** `PUT /manager/release/seed/:id` for each seed. */
export const seedRelease = idsRun<SeedReleaseInputs>({
  type: "SeedRelease",
  property: "seedIds",
  idsOf: ({ seedIds }) => seedIds,
  noun: "seed",
  nouns: "seeds",
  verb: "release",
  output: "released",
  target: "release/seed",
  effects: effects.release,
  sendOne: (http, id, _inputs, permit, options) => releaseSeed(http, id, permit, options),
  sendAll: (http, ids, _inputs, permit, options) => releaseSeeds(http, ids, permit, options),
});
