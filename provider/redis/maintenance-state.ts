import semver from "semver";
import { type CallOptions, type Http, recalling } from "../core/http.ts";
import type { Scope } from "../core/scope.ts";
import { endedBadly, getNodeAction, hasEnded, listAllNodeActions, type NodeAction } from "./client.ts";
import type { NodeMaintenanceOutputs } from "./node-maintenance.ts";
import { getMaintenanceByHealth, getNode, listNodeStatuses, listNodes, type Node } from "./nodes-client.ts";
import type { Promised } from "./verify.ts";

/** What is known of one node's maintenance, from the node itself and not from the history of its actions. */
export interface MaintenanceState {
  node: Node;
  inMaintenance: boolean;
  /** Left half-way by an activation that ended badly: it takes no shards, and still has some or is not marked. */
  isHalfDone: boolean;
  /** The last `maintenance_on`, running or ended. */
  lastOn?: NodeAction;
  /** The last `maintenance_off`, running or ended. */
  lastOff?: NodeAction;
  /** The same, while it is running. */
  runningOff?: NodeAction;
}

/** Undefined: the cluster has no such node. */
export async function observeMaintenance(
  { http, signal }: Scope,
  nodeUid: number,
  options: CallOptions = { signal },
): Promise<MaintenanceState | undefined> {
  // First the actions, then the state: one that ends between the two reads would else look as if it had done nothing.
  const [on, off] = await Promise.all([
    getNodeAction(http, nodeUid, "maintenance_on", options),
    getNodeAction(http, nodeUid, "maintenance_off", options),
  ]);
  const [node, health] = await Promise.all([
    getNode(http, nodeUid, options),
    getMaintenanceByHealth(http, options),
  ]);
  return node && judge(node, health, on, off);
}

/** The same from lists, which previews share: N resources on one cluster cost as many requests as one. */
export async function foreseeMaintenance(
  scope: Scope,
  nodeUid: number,
  http: Http,
): Promise<MaintenanceState | undefined> {
  const [nodes, health, actions] = await Promise.all([
    listNodes(http, scope),
    getMaintenanceByHealth(http, scope),
    listAllNodeActions(http, scope),
  ]);
  const node = nodes.find((candidate) => candidate.nodeUid === nodeUid);
  const last = (name: string) => actions.find((action) => action.nodeUid === nodeUid && action.name === name);
  return node && judge(node, health, last("maintenance_on"), last("maintenance_off"));
}

function judge(
  node: Node,
  health: ReadonlyMap<number, boolean> | undefined,
  lastOn: NodeAction | undefined,
  lastOff: NodeAction | undefined,
): MaintenanceState {
  const takesNoShards = node.acceptServers === false;
  // Before 8.0.16 a plain quorum node looks the same. Taking it for one in maintenance is the safe mistake: an activation
  // on top of another would stack, and `maintenance_off` would then have to be sent twice (page "Maintenance mode").
  const inMaintenance = health?.get(node.nodeUid) ?? (takesNoShards && (node.maxListeners ?? 0) === 0);
  return {
    node,
    inMaintenance,
    isHalfDone: endedBadly(lastOn) && (inMaintenance ? !isEmpty(node) : takesNoShards),
    lastOn,
    lastOff,
    runningOff: lastOff && !hasEnded(lastOff) ? lastOff : undefined,
  };
}

export function isEmpty({ shardCount = 0 }: Node): boolean {
  return shardCount === 0;
}

/** `, 4 shards to migrate`, or nothing where the node does not say. */
export function shardsToMigrate(node: Node): string {
  return countShards(node, "to migrate");
}

/** `14 -> 5 shards`: how far it is, where the action's own progress may stand at 0 until the end. */
export function shardsMoving(scope: Scope, { nodeUid, shardCount }: Node) {
  return async (options: CallOptions): Promise<string> => {
    const now = await getNode(scope.http, nodeUid, options);
    return `${shardCount ?? "?"} -> ${now?.shardCount ?? "?"} shards`;
  };
}

function countShards({ shardCount }: Node, what: string): string {
  return shardCount === undefined ? "" : `, ${shardCount} shard${shardCount === 1 ? "" : "s"} ${what}`;
}

/** What a node is to be like, for `verify`. A node that is gone is given as undefined. */
export function nodeThatIs<R extends MaintenanceState | undefined>(
  scope: Scope,
  nodeUid: number,
  what: string,
  isSo: (state: MaintenanceState | undefined) => state is R,
): Promised<MaintenanceState | undefined, R> {
  return {
    what: `node ${nodeUid} ${what}`,
    look: (options) => observeMaintenance(scope, nodeUid, options),
    isSo,
    describe(state) {
      if (!state) return "the node is gone";
      const { inMaintenance, node } = state;
      return `${inMaintenance ? "in maintenance" : "not in maintenance"}${countShards(node, "on it")}, accept_servers ${node.acceptServers}`;
    },
    outputs: (state) => ({ ...(state && outputsOf(state)) }),
  };
}

export function outputsOf({ node, inMaintenance, lastOn }: MaintenanceState): NodeMaintenanceOutputs {
  return {
    inMaintenance,
    taskId: lastOn?.taskId,
    shardCount: node.shardCount,
    acceptServers: node.acceptServers,
    softwareVersion: node.softwareVersion,
  };
}

/** A node that cannot do without the one in question. */
interface Unavailable {
  nodeUid: number;
  /** E.g. `node 1 is in maintenance`. */
  reason: string;
}

/**
 * The other nodes that cannot do without this one: in maintenance, going there, or down. The server's own check "does not
 * consider if other nodes are already in maintenance mode" (page "Maintenance mode").
 */
export async function listUnavailableOthers(
  scope: Scope,
  nodeUid: number,
  http: Http = scope.http,
): Promise<Unavailable[]> {
  const [nodes, health, actions] = await Promise.all([
    listNodes(http, scope),
    getMaintenanceByHealth(http, scope),
    listAllNodeActions(http, scope),
  ]);
  // A deliberate quorum node takes no shards either: here it must not count, so without the cluster's word a snapshot decides.
  const snapshots = health ? [] : await listNodeStatuses(http, scope);
  const hasSnapshot = new Set(
    snapshots.filter((status) => status.maintenanceSnapshot).map((status) => status.nodeUid),
  );
  const whyNot = ({ nodeUid: uid, acceptServers, status }: Node): string | undefined => {
    const isEntering = actions.some(
      (action) => action.nodeUid === uid && action.name === "maintenance_on" && !hasEnded(action),
    );
    if (isEntering) return "is going into maintenance";
    if (health?.get(uid) ?? (acceptServers === false && hasSnapshot.has(uid))) return "is in maintenance";
    return status === "down" ? "is down" : undefined;
  };
  return nodes.flatMap((other) => {
    const why = other.nodeUid === nodeUid ? undefined : whyNot(other);
    return why ? [{ nodeUid: other.nodeUid, reason: `node ${other.nodeUid} ${why}` }] : [];
  });
}

/** The nodes that do exist, for the refusal of one that does not. */
export async function missingNode(scope: Scope, nodeUid: number, http: Http = scope.http): Promise<string> {
  const uids = (await listNodes(http, scope)).map((node) => node.nodeUid).sort((a, b) => a - b);
  return `the cluster has no node ${nodeUid}; it has ${uids.length > 0 ? `nodes ${uids.join(", ")}` : "none that can be listed"}`;
}

/** Previews ask the same of many resources: what was read some seconds ago will do. */
export function forPreview(scope: Scope): Http {
  return recalling(scope.http);
}

/** Whether a version like `7.4.2-54` is at least another. Undefined when the node does not say its version. */
export function isAtLeast({ softwareVersion }: Node, wanted: string): boolean | undefined {
  const version = semver.coerce(softwareVersion);
  return version ? semver.gte(version, wanted) : undefined;
}
