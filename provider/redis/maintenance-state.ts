import semver from "semver";
import { type Http, recalling } from "../core/http.ts";
import type { Scope } from "../core/scope.ts";
import { endedBadly, getNodeAction, hasEnded, listAllNodeActions, type NodeAction } from "./client.ts";
import { getNode, listNodeStatuses, listNodes, listNodesInMaintenance, type Node } from "./nodes-client.ts";

/** What is known of one node's maintenance, from the node itself and not from the history of its actions. */
export interface MaintenanceState {
  node: Node;
  inMaintenance: boolean;
  /** It takes no shards, yet is not known to be in maintenance: left so by an activation that ended badly. */
  isHalfDone: boolean;
  /** The last `maintenance_on`, running or ended. */
  lastOn?: NodeAction;
  /** A running `maintenance_off`. */
  runningOff?: NodeAction;
}

/** Undefined: the cluster has no such node. */
export async function observeMaintenance(
  scope: Scope,
  nodeUid: number,
): Promise<MaintenanceState | undefined> {
  const { http } = scope;
  const node = await getNode(http, nodeUid, scope);
  if (!node) return undefined;
  const [health, on, off] = await Promise.all([
    listNodesInMaintenance(http, scope),
    getNodeAction(http, nodeUid, "maintenance_on", scope),
    getNodeAction(http, nodeUid, "maintenance_off", scope),
  ]);
  return judge(node, health, on, off);
}

/** The same from lists, which previews share: N resources on one cluster cost as many requests as one. */
export async function foreseeMaintenance(
  scope: Scope,
  nodeUid: number,
  http: Http,
): Promise<MaintenanceState | undefined> {
  const [nodes, health, actions] = await Promise.all([
    listNodes(http, scope),
    listNodesInMaintenance(http, scope),
    listAllNodeActions(http, scope),
  ]);
  const node = nodes.find((candidate) => candidate.nodeUid === nodeUid);
  const last = (name: string) => actions.find((action) => action.nodeUid === nodeUid && action.name === name);
  return node && judge(node, health, last("maintenance_on"), last("maintenance_off"));
}

function judge(
  node: Node,
  health: Set<number> | undefined,
  lastOn: NodeAction | undefined,
  lastOff: NodeAction | undefined,
): MaintenanceState {
  const takesNoShards = node.acceptServers === false;
  // Before 8.0.16 a plain quorum node looks the same. Taking it for one in maintenance is the safe mistake: an activation
  // on top of another would stack, and `maintenance_off` would then have to be sent twice (page "Maintenance mode").
  const inMaintenance = health ? health.has(node.nodeUid) : takesNoShards && (node.maxListeners ?? 0) === 0;
  return {
    node,
    inMaintenance,
    isHalfDone: takesNoShards && !inMaintenance && endedBadly(lastOn),
    lastOn,
    runningOff: lastOff && !hasEnded(lastOff) ? lastOff : undefined,
  };
}

/**
 * The other nodes that cannot do without this one: in maintenance, going there, or down. The server's own check "does not
 * consider if other nodes are already in maintenance mode" (page "Maintenance mode").
 */
export async function listUnavailableOthers(
  scope: Scope,
  nodeUid: number,
  http: Http = scope.http,
): Promise<string[]> {
  const [nodes, health, actions] = await Promise.all([
    listNodes(http, scope),
    listNodesInMaintenance(http, scope),
    listAllNodeActions(http, scope),
  ]);
  // A deliberate quorum node takes no shards either: here it must not count, so without the cluster's word a snapshot decides.
  const snapshots = health ? [] : await listNodeStatuses(http, scope);
  const hasSnapshot = new Set(
    snapshots.filter((status) => status.maintenanceSnapshot).map((status) => status.nodeUid),
  );
  return nodes
    .filter((other) => other.nodeUid !== nodeUid)
    .flatMap((other) => {
      const on = actions.some(
        (action) => action.nodeUid === other.nodeUid && action.name === "maintenance_on" && !hasEnded(action),
      );
      const isIn =
        health?.has(other.nodeUid) ?? (other.acceptServers === false && hasSnapshot.has(other.nodeUid));
      if (on) return [`node ${other.nodeUid} is going into maintenance`];
      if (isIn) return [`node ${other.nodeUid} is in maintenance`];
      return other.status === "down" ? [`node ${other.nodeUid} is down`] : [];
    });
}

/** The nodes that do exist, for the refusal of one that does not. */
export async function missingNode(scope: Scope, nodeUid: number, http: Http = scope.http): Promise<string> {
  const uids = (await listNodes(http, scope)).map((node) => node.nodeUid).sort((a, b) => a - b);
  return `the cluster has no node ${nodeUid}; it has ${uids.length > 0 ? `nodes ${uids.join(", ")}` : "none that can be listed"}`;
}

/** Previews ask the same of many resources: what was read some seconds ago will do. */
export function forPreview(scope: Scope): Http {
  return recalling(scope.http, 5_000);
}

/** Whether a version like `7.4.2-54` is at least another. Undefined when the node does not say its version. */
export function isAtLeast({ softwareVersion }: Node, wanted: string): boolean | undefined {
  const version = semver.coerce(softwareVersion);
  return version ? semver.gte(version, wanted) : undefined;
}
