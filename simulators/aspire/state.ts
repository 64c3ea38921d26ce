import type { AspireBatch, AspireOptions } from "./options.ts";

export interface Seed {
  id: string;
  /** Number of the manager that owns it, from 0. */
  manager: number;
  state: "running" | "failed";
  releases: number;
  /** Milliseconds since the epoch. */
  pausedUntil: number | undefined;
}

export interface Worker {
  id: string;
  releases: number;
}

export interface Batch {
  id: string;
  type: "scan" | "process";
  items: string[];
  claimedBy: string | undefined;
  acknowledged: number;
}

/** What the managers know, without any HTTP. */
export class AspireState {
  readonly seeds: Map<string, Seed>;
  readonly workers: Map<string, Worker>;
  readonly batches: Map<string, Batch>;

  constructor(options: AspireOptions) {
    const managers = options.managers ?? 1;
    const seeds = options.seeds ?? defaultSeeds;
    const workers = options.workers ?? defaultWorkers;
    this.seeds = byId(seeds.map((id, index) => createSeed(id, index % managers)));
    this.workers = byId(workers.map((id) => ({ id, releases: 0 })));
    this.batches = byId((options.batches ?? defaultBatches).map(createBatch));
  }

  /** Takes the next batch of this type that nobody has; its items are at most `limit`. */
  claim(type: string, worker: string, limit: number): Batch | undefined {
    for (const batch of this.batches.values()) {
      if (batch.type !== type || batch.claimedBy !== undefined) continue;
      batch.claimedBy = worker;
      batch.items = batch.items.slice(0, limit);
      return batch;
    }
    return undefined;
  }

  /** "Reset the status of any in memory batches that were sent to a failed worker but had not been acknowledged." */
  releaseWorker(worker: Worker): void {
    worker.releases++;
    for (const batch of this.batches.values()) {
      if (batch.claimedBy === worker.id && batch.acknowledged === 0) batch.claimedBy = undefined;
    }
  }
}

/** The pages' examples, one with a slash, and one as the Seeds API shows them. */
const defaultSeeds = ["AAABcID5GBc=", "AAABcIueWUc=", "AAAB/+7eWUc=", "b4adeb8c-3deb-4379-ad52-e2a8d219a84a"];
/** Base64, and the shape that the Seeds API shows for managers. */
const defaultWorkers = ["AAABcQk+W/c=", "AAABcQk+W/g=", "worker_127.0.0.1:50505//AAABeOQLewo="];

const defaultBatches: AspireBatch[] = [
  { id: "AAABcS0aBB0=", type: "scan" },
  { id: "AAABcS0aBB4=", type: "process" },
];

function byId<T extends { id: string }>(entries: T[]): Map<string, T> {
  return new Map(entries.map((entry) => [entry.id, entry]));
}

function createSeed(id: string, manager: number): Seed {
  return { id, manager, state: "running", releases: 0, pausedUntil: undefined };
}

function createBatch({ id, type, items = ["item_id_1", "item_id_2"] }: AspireBatch): Batch {
  return { id, type, items, claimedBy: undefined, acknowledged: 0 };
}
