import type { Connection } from "../../core/connection/settings.ts";
import type { CommonInputs } from "../../core/lifecycle/resource.ts";

/**
 * Keeps a channel's worldmatch database on every listed node where the director's is: at the same databaseVersion and
 * deltaVersion. Nodes that are behind get their missing delta updates or, after a prune or a full import, a reload. Where the
 * cluster runs with `useClusterSync`, workers poll the director and catch up by themselves: then a node may be in sync before
 * its turn comes, a sync may have nothing to apply, and neither is a failure.
 *
 * Every field of a node's state is optional. A node that tells no databaseVersion is never in sync; a deltaVersion is compared
 * where both sides tell one, and a warning says where the databaseVersion alone was.
 * https://docs.fact-finder.com/api-reference/cluster
 */
export interface DatabaseSyncInputs extends Pick<CommonInputs, "timeout"> {
  /** The channel's name. @minLength 1 */
  channel: string;
  /** The director: the name of a connection, or its settings. */
  director: string | Connection;
  /**
   * The workers, each by the name of a connection or its settings. One address per node: behind a load balancer it would be any
   * of them that answers. @minItems 1
   */
  nodes: (string | Connection)[];
  /**
   * What to do with a node that has to reload the whole database: `ifNeeded` makes it reload (sync/full, which serves all channels
   * of the node), `never` reports it as a failure, also where `useClusterSync` would make it reload a little later.
   * @default "ifNeeded"
   */
  reload?: "never" | "ifNeeded";
  /** Have delta updates that fail reported with their record and stack trace, and warnings with theirs. @default false */
  verbose?: boolean;
  /**
   * How many nodes may catch up at a time. Default: half of the nodes that answer, at least one, so that not all of them reload at
   * once. @minimum 1 @asType integer
   */
  maxParallel?: number;
  /** Any values: when one of them changes, the nodes are looked at again, e.g. `[prune.databaseVersion]`. */
  triggers?: unknown[];
}

export interface DatabaseSyncOutputs {
  /** The director's. @asType integer */
  databaseVersion: number;
  /** The director's, where it tells. @asType integer */
  deltaVersion?: number;
  /** In the order of `nodes`. */
  nodeStates: DatabaseSyncNodeState[];
}

/** One node against its director. A version that the node does not tell is absent. */
export interface DatabaseSyncNodeState {
  /** The connection's name, or its endpoint. */
  node: string;
  /** Lower than the director's: the node has to reload. @asType integer */
  databaseVersion?: number;
  /** Delta updates applied on top of that database. @asType integer */
  deltaVersion?: number;
  /** Delta updates that were rejected; a reload sets it to 0. @asType integer */
  deltaErrorCount?: number;
  /** Whether the versions that both sides tell are the director's; false without a databaseVersion. */
  inSync: boolean;
  /** Why it is not, where that is known. */
  problem?: string;
}
