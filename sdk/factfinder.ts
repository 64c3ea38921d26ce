import type {
  ClusterState,
  ConfigVersionResetInputs,
  ConfigVersionResetOutputs,
  DatabasePruneInputs,
  DatabasePruneOutputs,
  DatabaseState,
  DatabaseSyncInputs,
  DatabaseSyncOutputs,
  GetClusterStateArgs,
  GetDatabaseStateArgs,
  GetImportStateArgs,
  ImportState,
  NodeSyncInputs,
  NodeSyncOutputs,
} from "../provider/index.ts";
import { resourceClass } from "./dynamic.ts";
import { functionPair } from "./functions.ts";

/** Prunes a channel's delta updates on the director, once. */
export class DatabasePrune extends resourceClass<DatabasePruneInputs, DatabasePruneOutputs>(
  "factfinder",
  "DatabasePrune",
) {}

/** Keeps nodes at the director's database and delta version. Deleting it changes nothing. */
export class DatabaseSync extends resourceClass<DatabaseSyncInputs, DatabaseSyncOutputs>(
  "factfinder",
  "DatabaseSync",
) {}

/** Synchronizes all channels of one node, once. */
export class NodeSync extends resourceClass<NodeSyncInputs, NodeSyncOutputs>("factfinder", "NodeSync") {}

/** Sets the config version counters of one node to 0, once. */
export class ConfigVersionReset extends resourceClass<ConfigVersionResetInputs, ConfigVersionResetOutputs>(
  "factfinder",
  "ConfigVersionReset",
) {}

/** The state of a channel's worldmatch database on one node. */
export const [getDatabaseState, getDatabaseStateOutput] = functionPair<GetDatabaseStateArgs, DatabaseState>(
  "factfinder:getDatabaseState",
);

/** How many imports of each kind a node has completed. */
export const [getImportState, getImportStateOutput] = functionPair<GetImportStateArgs, ImportState>(
  "factfinder:getImportState",
);

/** Database, import and cache state of a channel on one node. */
export const [getClusterState, getClusterStateOutput] = functionPair<GetClusterStateArgs, ClusterState>(
  "factfinder:getClusterState",
);
