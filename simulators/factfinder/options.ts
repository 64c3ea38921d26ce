import type { SimulatorOptions } from "../core/simulator.ts";

/** One director and its workers on a shared database. Where the vendor's pages leave a behaviour open, an option chooses it. */
export interface FactFinderOptions extends SimulatorOptions {
  /** Number of workers, each on its own port after the director's; default 2. */
  workers?: number;
  /** Channels of all nodes, all in sync at first; default `["de", "en"]`. */
  channels?: string[];
  /** Version of every channel's database at first; default 41. */
  databaseVersion?: number;
  /** Delta updates applied at first; default 7. */
  deltaVersion?: number;
  /** Other versions of some channels, by name. */
  versions?: Record<string, { databaseVersion?: number; deltaVersion?: number }>;
  /** Part of the path before `/rest/v5`, and of the endpoints; default "/fact-finder". */
  contextPath?: string;
  /** How long a node takes to reload a database, in ms; default 200. */
  reloadMs?: number;
  /** Whether sync/full answers when the node has reloaded (default) or at once. */
  reload?: "synchronous" | "asynchronous";
  /** Workers catch up with the director by themselves (`useClusterSync`) this many ms after it changed; default: never. */
  clusterSyncMs?: number;
  /** What prune does when it is sent to a worker; default "refuse" (400). */
  pruneOnWorker?: "refuse" | "accept";
  /** deltaVersion after a prune; default 0. */
  deltaVersionAfterPrune?: "zero" | "kept";
  /** Answer to an unknown channel; no page documents a 404 here; default 400. */
  unknownChannelStatus?: 400 | 403 | 500;
  /** Body of prune and of the counter reset, which the schema calls a string; default "json": a JSON string. */
  stringBody?: "json" | "plain" | "empty";
  /** Fields that the state documents of every node leave out: every one of them is optional. */
  omitFields?: OptionalField[];
  /** The same by the node's name: `{ worker1: ["deltaVersion"] }`. */
  omitFieldsOf?: Record<string, OptionalField[]>;
  /** By how much an import raises the databaseVersion; no page says; default 1. */
  importRaises?: number;
  /** Answer to reading the import state, as from a server without that call; default: the call exists. */
  importStateStatus?: 403 | 404 | 500;
}

/** The optional fields of the state documents. */
export type OptionalField =
  | "databaseVersion"
  | "deltaVersion"
  | "deltaErrorCount"
  | "cacheFlush"
  | "database"
  | "imports"
  | "importCounts";

/** A delta update on the director, waiting for the workers. */
export interface DeltaUpdate {
  record: Record<string, string>;
  /** Workers reject it with this; "Unique value already exists: ..." */
  rejection?: string;
  /** Warnings of workers that apply it all the same. */
  warnings?: { name: string; description?: string }[];
}
