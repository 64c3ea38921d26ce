import type { Work } from "./action-run.ts";
import type { Cluster, NodeState } from "./cluster.ts";
import { demoteNode, insufficientResources, maintenanceOff, maintenanceOn } from "./maintenance.ts";
import type { Shard } from "./shards.ts";

/** The actions that the vendor's page lists, and what each does. `undefined` for any other name. */
export function workOf(
  action: string,
  cluster: Cluster,
  node: NodeState,
  body: Record<string, unknown>,
  now: () => number,
): Work | undefined {
  const ignored = cluster.options.ignoredParameters ?? [];
  const parameters = Object.fromEntries(Object.entries(body).filter(([key]) => !ignored.includes(key)));
  switch (action) {
    case "maintenance_on":
      return maintenanceOn(cluster, node, parameters, now);
    case "maintenance_off":
      return maintenanceOff(cluster, node, parameters);
    case "remove":
      return removeNode(cluster, node);
    case "enslave_node":
      return enslaveNode(cluster, node, parameters);
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

/**
 * "Changes all of the node's endpoints and shards to replicas" (rladmin node enslave, and the vendor's generated client): the role
 * of the *node* changes with `demote_node: true` only, and another node leads then.
 */
function enslaveNode(cluster: Cluster, node: NodeState, parameters: Record<string, unknown>): Work {
  return {
    begin: () => undefined,
    step: () => {},
    end() {
      if (parameters.endpoints_only !== true) cluster.failOver(node.uid);
      if (parameters.demote_node === true) demoteNode(cluster, node);
      return undefined;
    },
  };
}
