import type { CommonInputs } from "../../core/lifecycle/resource.ts";

/** A node of a Redis Enterprise cluster kept in maintenance mode (pages "Node actions requests", "Maintenance mode"). */
export interface NodeMaintenanceInputs extends CommonInputs {
  /** The node's uid, as `rladmin status nodes` shows it. @minimum 1 @asType integer */
  nodeUid: number;
  /**
   * Take a new snapshot of the node's shards although one exists. Since 7.4.2. Never sent for a node that an earlier attempt
   * has already begun to empty: the snapshot would be of that. @default false
   */
  overwriteSnapshot?: boolean;
  /** Migrate replica shards away too. False keeps them in place and only demotes masters. Since 7.4.2. @default true */
  evictHaReplica?: boolean;
  /** Migrate replica shards of Active-Active databases away too. Since 7.4.2. @default true */
  evictActiveActiveReplica?: boolean;
  /** Ids of the databases whose shards leave the node; all others stay. Default: all leave. Since 7.4.2. @minItems 1 */
  evictDbs?: (string | number)[];
  /** Keep replica shards in place, for servers older than 7.4.2; deprecated there since. Default: false. */
  keepSlaveShards?: boolean;
  /** On leaving: the snapshot to restore. Default: the latest maintenance snapshot. Not with `skipShardsRestore`. @minLength 1 */
  snapshotName?: string;
  /** On leaving: do not bring the shards back. @default false */
  skipShardsRestore?: boolean;
  /**
   * Go ahead although another node is in maintenance (or may be), being removed, handing its shards over, or down. The cluster itself
   * does not look. @default false
   */
  allowOtherNodesUnavailable?: boolean;
  /**
   * On entering: a node that leads the cluster hands the leadership over, to a node that the cluster chooses (`"demote_node": true` in the request).
   * Without it the leader goes on leading in maintenance, and a preview says so. Has no effect on a node that does not lead. A server
   * that does not know the key may answer 400. @default false
   */
  demoteNode?: boolean;
}

export interface NodeMaintenanceOutputs {
  /** By the node itself, not by the history of its actions. */
  inMaintenance: boolean;
  /** The task of the last `maintenance_on`. */
  taskId?: string;
  /** Shards still on the node. @asType integer */
  shardCount?: number;
  /** Whether the node takes shards. */
  acceptServers?: boolean;
  /** E.g. `7.22.2-170`. */
  softwareVersion?: string;
}

/** What a NodeMaintenance declares: no delete of another resource undoes it. */
export function maintenanceOf(nodeUid: number): string {
  return `node ${nodeUid} in maintenance`;
}
