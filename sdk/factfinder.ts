import type * as Pulumi from "@pulumi/pulumi";
import type {
  ClusterState,
  ConfigVersionResetInputs,
  ConfigVersionResetOutputs,
  Connection,
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
import { type Args, type DeepInput, resourceClass } from "./dynamic.ts";
import { functionPair } from "./functions.ts";
import { isInstanceOf } from "./is-instance.ts";
import { pulumi } from "./pulumi.ts";

/** What each class takes. */
export type DatabasePruneArgs = Args<DatabasePruneInputs>;
export type DatabaseSyncArgs = Args<DatabaseSyncInputs>;
export type NodeSyncArgs = Args<NodeSyncInputs>;
export type ConfigVersionResetArgs = Args<ConfigVersionResetInputs>;

/** Prunes a channel's delta updates on the director, once. */
export class DatabasePrune extends resourceClass<DatabasePruneInputs, DatabasePruneOutputs>(
  "factfinder",
  "DatabasePrune",
) {}

/**
 * Keeps nodes at the director's database and delta version, as far as both sides tell them. Nodes with `useClusterSync` may get
 * there by themselves. Deleting it changes nothing.
 */
export class DatabaseSync extends resourceClass<DatabaseSyncInputs, DatabaseSyncOutputs>(
  "factfinder",
  "DatabaseSync",
) {}

/** Synchronizes all channels of one node, once. */
export class NodeSync extends resourceClass<NodeSyncInputs, NodeSyncOutputs>("factfinder", "NodeSync") {}

/** Has one node set its config version counters to 0, once. */
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

/** What a refresh of a channel takes. */
export interface ChannelRefreshArgs {
  /** The channel's name. */
  channel: Pulumi.Input<string>;
  /** The director: the name of a connection, or its settings. */
  director: DeepInput<string | Connection>;
  /** The workers, each by the name of a connection or its settings. */
  nodes: DeepInput<string | Connection>[];
  /** How many nodes reload at a time. Default: 1. */
  batchSize?: number;
  /** Any values: when one of them changes, the channel is pruned and its nodes are brought in sync again. */
  triggers?: Pulumi.Input<unknown[]>;
  /** How long the prune, and each batch of nodes, may take. Default: 5m and 30m. */
  timeout?: Pulumi.Input<string | number>;
}

const token = "clusterops:factfinder:ChannelRefresh";

/** Prunes a channel on its director, then brings its nodes in sync batch by batch, so that not every node reloads at once. */
export class ChannelRefresh extends pulumi.ComponentResource {
  /** Whether it is a resource of this class, made by whichever copy of this package. */
  static override readonly isInstance = isInstanceOf<ChannelRefresh>(
    [token],
    (asked) => asked === ChannelRefresh,
  );

  /** The director's databaseVersion after the prune. */
  readonly databaseVersion: Pulumi.Output<number>;

  constructor(name: string, args: ChannelRefreshArgs, opts?: Pulumi.ComponentResourceOptions) {
    super(token, name, {}, opts);
    const { channel, director, nodes, batchSize = 1, triggers, timeout } = args;
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new pulumi.InputPropertyError({
        propertyPath: "batchSize",
        reason: `${batchSize} is not a whole number of nodes, at least 1`,
      });
    }
    const prune = new DatabasePrune(
      `${name}-prune`,
      { channel, connection: director, triggers, timeout },
      { parent: this },
    );
    let previous: Pulumi.Resource = prune;
    for (let first = 0; first < nodes.length; first += batchSize) {
      const batch = nodes.slice(first, first + batchSize);
      previous = new DatabaseSync(
        `${name}-nodes-${first + 1}${batch.length > 1 ? `-to-${first + batch.length}` : ""}`,
        {
          channel,
          director,
          nodes: batch,
          maxParallel: batchSize,
          triggers: [prune.databaseVersion],
          timeout,
        },
        { parent: this, dependsOn: [previous] },
      );
    }
    this.databaseVersion = prune.databaseVersion;
    this.registerOutputs({ databaseVersion: this.databaseVersion });
  }
}
