import type { ReadFunction } from "../core/lifecycle/read-function.ts";
import type { Spec } from "../core/lifecycle/resource.ts";
import { configVersionReset } from "./config-version-reset.ts";
import { databasePrune, databasePruneIntent } from "./database-prune/index.ts";
import { databaseSync } from "./database-sync/index.ts";
import { clusterStateFunction, databaseStateFunction, importStateFunction } from "./functions.ts";
import { nodeSync } from "./node-sync.ts";

/** The resources of FACT-Finder. */
export const resources: Spec[] = [
  databasePrune,
  databasePruneIntent,
  databaseSync,
  nodeSync,
  configVersionReset,
];
/** Its functions. */
// biome-ignore lint/suspicious/noExplicitAny: each function has arguments and a result of its own
export const functions: ReadFunction<any, any>[] = [
  databaseStateFunction,
  importStateFunction,
  clusterStateFunction,
];
