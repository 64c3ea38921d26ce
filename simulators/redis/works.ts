import type { Work } from "./action-run.ts";
import type { Cluster, NodeState } from "./cluster.ts";
import { insufficientResources, maintenanceOff, maintenanceOn } from "./maintenance.ts";
import { demote, type Shard } from "./shards.ts";

/** The actions that the vendor's page lists, and what each does. `undefined` for any other name. */
export function workOf(
  action: string,
  cluster: Cluster,
  node: NodeState,
  parameters: Record<string, unknown>,
  now: () => number,
): Work | undefined {
  switch (action) {
    case "maintenance_on":
      return maintenanceOn(cluster, node, parameters, now);
    case "maintenance_off":
      return maintenanceOff(cluster, node, parameters);
    case "remove":
      return removeNode(cluster, node);
    case "enslave_node":
      return enslaveNode(cluster, node);
    default:
      return undefined;
  }
}

/** One-way: from the start the node takes no more shards, "even if the remove task fails at some point". */
function removeNode(cluster: Cluster, node: NodeState): Work {
  let leaving: Shard[] = [];
  return {
    begin() {
      node.acceptServers = false;
      node.status = "decommissioning";
      leaving = cluster.shardsOn(node.uid);
      if (cluster.takers(node.uid).length > 0 && !cluster.insufficientResources) return undefined;
      node.status = "active";
      return insufficientResources;
    },
    step(fraction) {
      cluster.moveAway(leaving.slice(0, Math.floor(leaving.length * fraction)), node.uid);
    },
    end() {
      cluster.removeNode(node.uid);
      return undefined;
    },
    abandon() {
      node.status = "active";
    },
  };
}

/** The node and its shards become replicas; a leader hands over first. */
function enslaveNode(cluster: Cluster, node: NodeState): Work {
  return {
    begin: () => undefined,
    step: () => {},
    end() {
      if (cluster.leader === node.uid) cluster.elect();
      node.role = "slave";
      for (const shard of cluster.shardsOn(node.uid))
        if (shard.role === "master") demote(shard, cluster.shards);
      return undefined;
    },
  };
}
