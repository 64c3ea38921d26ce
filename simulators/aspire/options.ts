import type { SimulatorOptions } from "../core/simulator.ts";

/** Aspire 5 manager nodes. Where the vendor's pages leave a behaviour open, an option chooses it. */
export interface AspireOptions extends SimulatorOptions {
  /** Number of manager nodes, each on its own port; the seeds are spread over them; default 1. */
  managers?: number;
  /** Ids of the seeds; the default ones hold every character that needs encoding (`=`, `/`, `+`), and one is a UUID. */
  seeds?: string[];
  /** Ids of the worker nodes; one of the default ones is of a manager's shape, an address and `//` in it. */
  workers?: string[];
  /** Batches to claim and to acknowledge. */
  batches?: AspireBatch[];
  /** Serve the draft page's API (`/aspire_api`, GET forms, `[{ "id": ... }]` bodies) instead of the current one; default false. */
  draft?: boolean;
  /** Body of a success: "message" (default), "object" for `{}`, or nothing at all. */
  answers?: "message" | "object" | "empty";
  /**
   * An unknown id is a 404 (default), or an `error` section inside a 200, as the common REST rules have it for batch requests: a
   * list ("errorIn200"), a text, an object, or under each id.
   */
  unknownIds?: "status" | "errorIn200" | "textIn200" | "objectIn200" | "nestedIn200";
  /** Answer to a path with an encoded slash or the like: 400, as from Jetty and Tomcat (default), or as to any other path. */
  ambiguousPaths?: "refuse" | "accept";
  /** What a manager does with a seed that it does not own; default "forward". */
  foreignSeeds?: "forward" | "notFound";
}

export interface AspireBatch {
  id: string;
  type: "scan" | "process";
  /** Ids of its items; default two. */
  items?: string[];
}
