import type { SimulatorOptions } from "../core/simulator.ts";

/** Aspire 5 manager nodes. Where the vendor's pages leave a behaviour open, an option chooses it. */
export interface AspireOptions extends SimulatorOptions {
  /** Number of manager nodes, each on its own port; the seeds are spread over them; default 1. */
  managers?: number;
  /** Ids of the seeds; the default ones hold every character that needs encoding: `=`, `/`, `+`. */
  seeds?: string[];
  /** Ids of the worker nodes. */
  workers?: string[];
  /** Batches to claim and to acknowledge. */
  batches?: AspireBatch[];
  /** Serve the draft page's API (`/aspire_api`, GET forms, `[{ "id": ... }]` bodies) instead of the current one; default false. */
  draft?: boolean;
  /** Body of a success: "message" (default), "object" for `{}`, or nothing at all. */
  answers?: "message" | "object" | "empty";
  /** An unknown id is a 404 (default), or an `error` section inside a 200, as the common REST rules have it for batch requests. */
  unknownIds?: "status" | "errorIn200";
  /** What a manager that does not own a seed says of it; default "forward". */
  foreignSeeds?: "forward" | "notFound";
}

export interface AspireBatch {
  id: string;
  type: "scan" | "process";
  /** Ids of its items; default two. */
  items?: string[];
}
