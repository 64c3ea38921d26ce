import type { Failure, Work } from "./action-run.ts";
import type { Cluster, NodeState, Snapshot } from "./cluster.ts";
import { hasHealth } from "./documents.ts";
import { demote, planEviction, readEviction, type Shard } from "./shards.ts";

export const insufficientResources: Failure = {
  errorCode: "insufficient_resources",
  errorMessage: "The cluster does not have sufficient resources to complete the required operation.",
};

/**
 * maintenance_on, in the order of clusters/maintenance-mode: quorum check, snapshot, quorum-only, then the shards move.
 * From the second step on the node is in maintenance, however the action ends.
 */
export function maintenanceOn(
  cluster: Cluster,
  node: NodeState,
  parameters: Record<string, unknown>,
  now: () => number,
): Work {
  let plan: ReturnType<typeof planEviction> = { leaving: [], demoted: [] };
  let movable: Shard[] = [];
  return {
    begin() {
      if ((cluster.options.quorumCheck ?? true) && !cluster.keepsQuorumWithout(node.uid))
        return insufficientResources;
      if (parameters.demote_node === true) demoteNode(cluster, node);
      enterMaintenance(cluster, node, parameters.overwrite_snapshot === true, now());
      plan = planEviction(cluster.shardsOn(node.uid), readEviction(parameters));
      const room = cluster.takers(node.uid).length === 0 ? 0 : cluster.insufficientResources ? 0.5 : 1;
      movable = plan.leaving.slice(0, Math.floor(plan.leaving.length * room));
      return undefined;
    },
    step(fraction) {
      cluster.moveAway(movable.slice(0, Math.floor(movable.length * fraction)), node.uid);
    },
    end() {
      for (const shard of plan.demoted) demote(shard, cluster.shards);
      return movable.length < plan.leaving.length && cluster.insufficientResources !== "completed"
        ? insufficientResources
        : undefined;
    },
  };
}

/**
 * maintenance_off: the snapshot is loaded, the node may take shards again, they come back, the snapshot is deleted.
 * Without a snapshot none of this happens, and the action may still report `completed` (redislabs-docs PR 2229).
 */
export function maintenanceOff(cluster: Cluster, node: NodeState, parameters: Record<string, unknown>): Work {
  const skips = parameters.skip_shards_restore === true;
  let snapshot: Snapshot | undefined;
  let returning: Shard[] = [];
  let possible = false;
  return {
    begin() {
      const wanted = parameters.snapshot_name;
      snapshot = node.snapshots.findLast((it) =>
        wanted === undefined ? it.maintenance : it.name === wanted,
      );
      possible = node.maintenanceDepth > 0 && (snapshot !== undefined || skips);
      if (!possible || node.maintenanceDepth > 1) return undefined;
      acceptShards(cluster, node, true);
      const uids = new Set(skips ? [] : snapshot?.placement.map((it) => it.uid));
      returning = cluster.shards.filter((shard) => uids.has(shard.uid));
      return undefined;
    },
    step(fraction) {
      for (const shard of returning.slice(0, Math.floor(returning.length * fraction)))
        shard.nodeUid = node.uid;
    },
    end() {
      if (!possible) {
        const failed = node.maintenanceDepth > 0 && cluster.options.missingSnapshot === "failed";
        return failed
          ? { errorCode: "internal_error", errorMessage: "The snapshot cannot be restored." }
          : undefined;
      }
      // Somebody may have taken it out by hand meanwhile.
      if (node.maintenanceDepth > 0) node.maintenanceDepth--;
      if (node.maintenanceDepth > 0) return undefined;
      for (const shard of returning)
        shard.role = snapshot?.placement.find((it) => it.uid === shard.uid)?.role ?? shard.role;
      if (!skips || !cluster.options.leaksSnapshot) dropMaintenanceSnapshots(node);
      return undefined;
    },
    abandon() {
      if (possible) acceptShards(cluster, node, false);
    },
  };
}

/** "Demote node if it is master of cluster": another node becomes the leader. */
export function demoteNode(cluster: Cluster, node: NodeState): void {
  if (cluster.leader === node.uid) cluster.elect();
  node.role = cluster.leader === node.uid ? "master" : "slave";
}

/** Snapshot if there is none (or it is to be overwritten), then quorum-only. */
export function enterMaintenance(cluster: Cluster, node: NodeState, overwrite: boolean, now: number): void {
  node.maintenanceDepth++;
  if (overwrite || !node.snapshots.some((it) => it.maintenance)) {
    dropMaintenanceSnapshots(node);
    const placement = cluster.shardsOn(node.uid).map(({ uid, role }) => ({ uid, role }));
    node.snapshots.push({
      name: `maintenance_mode_${stamp(now)}`,
      createdAt: now,
      maintenance: true,
      placement,
    });
  }
  acceptShards(cluster, node, false);
}

/** Takes the node out of maintenance by any means, as an operator does with `rladmin tune`. */
export function leaveMaintenance(cluster: Cluster, node: NodeState): void {
  const placement = node.snapshots.findLast((it) => it.maintenance)?.placement ?? [];
  for (const shard of cluster.shards) {
    const before = placement.find((it) => it.uid === shard.uid);
    if (before) Object.assign(shard, { nodeUid: node.uid, role: before.role });
  }
  node.maintenanceDepth = 0;
  dropMaintenanceSnapshots(node);
  acceptShards(cluster, node, true);
}

function acceptShards(cluster: Cluster, node: NodeState, accepts: boolean): void {
  const { maintenanceListeners = hasHealth(cluster) ? "zero" : "kept" } = cluster.options;
  node.acceptServers = accepts;
  node.maxListeners = accepts || maintenanceListeners === "kept" ? 100 : 0;
}

function dropMaintenanceSnapshots(node: NodeState): void {
  node.snapshots = node.snapshots.filter((it) => !it.maintenance);
}

/** `2024-01-11_20-25-37`, as in the vendor's transcripts. */
function stamp(now: number): string {
  return new Date(now).toISOString().slice(0, 19).replace("T", "_").replaceAll(":", "-");
}
