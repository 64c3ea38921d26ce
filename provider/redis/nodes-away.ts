import type { Http } from "../core/http.ts";
import type { Scope } from "../core/scope.ts";
import { hasEnded, listAllNodeActions, type NodeAction } from "./client.ts";
import { ifTold } from "./documented.ts";
import { readHealth } from "./health.ts";
import { listNodeStatuses, listNodes, type Node, type NodeStatus } from "./nodes-client.ts";

/** A node that is away, or is going. */
export interface NodeAway {
  nodeUid: number;
  /** E.g. `node 1 is in maintenance`. */
  reason: string;
}

/**
 * The other nodes that cannot do without this one: in maintenance, going there, being removed, or down. The server's own check
 * "does not consider if other nodes are already in maintenance mode" (page "Maintenance mode").
 */
export async function listNodesAway(
  scope: Scope,
  nodeUid: number,
  http: Http = scope.http,
): Promise<NodeAway[]> {
  const [nodes, { said }, actions] = await Promise.all([
    listNodes(http, scope),
    readHealth(http, scope),
    listAllNodeActions(http, scope),
  ]);
  const others = nodes.filter((node) => node.nodeUid !== nodeUid);
  const isUntold = ({ nodeUid: uid, acceptServers }: Node) => acceptServers === false && !said?.has(uid);
  const statuses = others.some(isUntold) ? await ifTold(listNodeStatuses(http, scope)) : [];
  return others.flatMap((other) => {
    const why = whyAway(other, {
      health: said?.get(other.nodeUid),
      status: statuses?.find((status) => status.nodeUid === other.nodeUid),
      actions: actions.filter((action) => action.nodeUid === other.nodeUid),
    });
    return why ? [{ nodeUid: other.nodeUid, reason: `node ${other.nodeUid} ${why}` }] : [];
  });
}

interface Told {
  health: boolean | undefined;
  status: NodeStatus | undefined;
  actions: readonly NodeAction[];
}

function whyAway({ acceptServers, status }: Node, told: Told): string | undefined {
  const action = (name: string) => told.actions.find((item) => item.name === name);
  const isGoingOn = (name: string) => {
    const found = action(name);
    return found !== undefined && !hasEnded(found);
  };
  if (isGoingOn("remove") || status === "decommissioning") return "is being removed";
  if (isGoingOn("maintenance_on")) return "is going into maintenance";
  if (told.health ?? (acceptServers === false && hasSnapshot(told))) return "is in maintenance";
  if (told.health === undefined && acceptServers === false) {
    // A deliberate quorum node takes no shards either, and is not away: what hints at maintenance is missing there.
    if (!told.status) return "may be in maintenance: it takes no shards, and its status cannot be read";
    if (action("maintenance_on")?.status === "completed")
      return "may be in maintenance: it takes no shards, and maintenance_on completed";
  }
  return status === "down" ? "is down" : undefined;
}

function hasSnapshot({ status }: Told): boolean {
  return status?.maintenanceSnapshot !== undefined;
}
