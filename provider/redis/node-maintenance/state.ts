import semver from "semver";
import { type CallOptions, type Http, recalling } from "../../core/http/http.ts";
import type { Way } from "../../core/work/installation.ts";
import type { Scope } from "../../core/work/scope.ts";
import { inOtherHands } from "../../core/work/way.ts";
import { type ActionHandle, isOurs } from "../action/handle.ts";
import {
  type ActionStatus,
  getNodeAction,
  hasEnded,
  listAllNodeActions,
  type TaskStatus,
} from "../client.ts";
import { ifTold } from "../documented.ts";
import { type Health, readHealth } from "../health.ts";
import {
  getNode,
  getNodeStatus,
  listNodeStatuses,
  listNodes,
  type Node,
  type NodeStatus,
} from "../nodes-client.ts";
import type { Promised } from "../verify.ts";
import type { NodeMaintenanceOutputs } from "./inputs.ts";
import { bothActions, latestByTime, tasksIfOpen } from "./order.ts";
import { type Reading, readSigns } from "./signs.ts";

/** What is known of one node's maintenance, from the node itself and not from the history of its actions. */
export interface MaintenanceState extends Reading {
  node: Node;
  /** The last `maintenance_on`, running or ended. */
  lastOn?: ActionStatus;
  /** The last `maintenance_off`, running or ended. */
  lastOff?: ActionStatus;
  /** The same, while it is running. */
  runningOff?: ActionStatus;
}

/** The tasks by which a node is known to have entered, and then to have left again. */
export interface Since {
  on?: string;
  off?: string;
}

/** What earlier operations have recorded. */
export interface Recorded {
  /** What an earlier attempt left that failed, or was not finished. */
  handle?: ActionHandle;
  /** The task since which the node was in maintenance. */
  taskId?: string;
}

/** Undefined: the cluster has no such node. */
export async function observeMaintenance(
  { http, signal }: Scope,
  nodeUid: number,
  since: Since = {},
  options: CallOptions = { signal },
): Promise<MaintenanceState | undefined> {
  // First the actions, then the state: one that ends between the two reads would else look as if it had done nothing.
  const [on, off] = await Promise.all([
    getNodeAction(http, nodeUid, "maintenance_on", options),
    getNodeAction(http, nodeUid, "maintenance_off", options),
  ]);
  const [node, health] = await Promise.all([getNode(http, nodeUid, options), readHealth(http, options)]);
  if (!node) return undefined;
  const isTold = health.said?.has(nodeUid) || node.acceptServers === true;
  const status = isTold ? undefined : await ifTold(getNodeStatus(http, nodeUid, options));
  const both = { lastOn: on, lastOff: off };
  const tasks = await tasksIfOpen(http, health, [[node, both]], options);
  return judge(node, { health, status, ...both, tasks, since });
}

/** The same from lists, which previews share: N resources on one cluster cost as many requests as one. */
export async function foreseeMaintenance(
  scope: Scope,
  nodeUid: number,
  http: Way,
  since: Since = {},
): Promise<MaintenanceState | undefined> {
  const [nodes, health, actions] = await Promise.all([
    listNodes(http, scope),
    readHealth(http, scope),
    listAllNodeActions(http, scope),
  ]);
  const node = nodes.find((candidate) => candidate.nodeUid === nodeUid);
  if (!node) return undefined;
  const isTold = health.said?.has(nodeUid) || node.acceptServers === true;
  const statuses = isTold ? undefined : await ifTold(listNodeStatuses(http, scope));
  const status = statuses?.find((candidate) => candidate.nodeUid === nodeUid);
  const both = bothActions(actions, nodeUid);
  const tasks = await tasksIfOpen(http, health, [[node, both]], scope);
  return judge(node, { health, status, ...both, tasks, since });
}

/** What was read beside the node itself. */
interface Told {
  health: Health;
  /** Needed only of a node that takes no shards, or does not say so, and of which the health says nothing. */
  status: NodeStatus | undefined;
  lastOn: ActionStatus | undefined;
  lastOff: ActionStatus | undefined;
  /** When each was asked for, where it matters. */
  tasks: readonly TaskStatus[];
  since?: Since;
}

/** The one reading of a node's maintenance, whoever asks. */
export function judge(
  node: Node,
  { health, status, lastOn, lastOff, tasks, since = {} }: Told,
): MaintenanceState {
  const { nodeUid, acceptServers, maxListeners, shardCount } = node;
  const reading = readSigns({
    nodeUid,
    health: health.said?.get(nodeUid),
    healthTrouble: health.said ? `it says nothing of node ${nodeUid}` : health.trouble,
    acceptServers,
    maxListeners,
    shardCount,
    hasSnapshot: status && status.maintenanceSnapshot !== undefined,
    lastOn,
    lastOff,
    latest: latestOf(lastOn, lastOff, since) ?? latestByTime(tasks, { lastOn, lastOff }),
  });
  return {
    ...reading,
    node,
    lastOn,
    lastOff,
    runningOff: lastOff && !hasEnded(lastOff) ? lastOff : undefined,
  };
}

function latestOf(
  lastOn: ActionStatus | undefined,
  lastOff: ActionStatus | undefined,
  { on, off }: Since,
): "on" | "off" | undefined {
  if (off !== undefined && lastOff?.taskId === off) return "off";
  return on !== undefined && lastOn?.taskId === on ? "on" : undefined;
}

/** Whether an activation may be under way or done although it does not show: another one might stack on it. */
export function isUnsure(state: MaintenanceState | undefined, handle: ActionHandle | undefined): boolean {
  if (!state || state.isHalfDone) return false;
  const { inMaintenance, lastOn, node, doubt } = state;
  if (doubt !== undefined) return true;
  if (inMaintenance || handle === undefined || node.acceptServers === true) return false;
  // Our own has completed, or nothing is known of it any more, and the node does take no shards: whatever the reports say.
  return lastOn ? lastOn.status === "completed" && isOurs(lastOn, handle) : handle.taskId !== undefined;
}

/** Why nothing is sent to a node of which it is not sure whether it is in maintenance, and what can be done. */
export function unsureBecause({ node, doubt, lastOn }: MaintenanceState): string {
  const { nodeUid } = node;
  const ended = lastOn
    ? `maintenance_on completed (task ${lastOn.taskId ?? "unknown"})`
    : "maintenance_on was sent, and the cluster no longer knows how it ended";
  const why =
    doubt ?? `${ended}, node ${nodeUid} takes no shards, and yet it is not told to be in maintenance`;
  return `${why}; no maintenance_on is sent, since a second activation would stack on a first one: if the node is in maintenance, run maintenance_off first; if it is not, let it take shards again (PUT /v1/nodes/${nodeUid} with {"accept_servers": true})`;
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
  since: () => Since = () => ({}),
): Promised<MaintenanceState | undefined, R> {
  return {
    what: `node ${nodeUid} ${what}`,
    look: (options) => observeMaintenance(scope, nodeUid, since(), options),
    isSo,
    describe(state) {
      if (!state) return "the node is gone";
      const { inMaintenance, node, doubt } = state;
      const how = inMaintenance ? "in maintenance" : doubt ? "in doubt" : "not in maintenance";
      const shards = node.shardCount === undefined ? ", shards not told" : countShards(node, "on it");
      return `${how}${shards}, accept_servers ${node.acceptServers}${doubt ? `: ${doubt}` : ""}`;
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

/** The nodes that do exist, for the refusal of one that does not. */
export async function missingNode(scope: Scope, nodeUid: number, http: Http = scope.http): Promise<string> {
  const uids = (await listNodes(http, scope)).map((node) => node.nodeUid).sort((a, b) => a - b);
  return `the cluster has no node ${nodeUid}; it has ${uids.length > 0 ? `nodes ${uids.join(", ")}` : "none that can be listed"}`;
}

/** Previews ask the same of many resources: what was read some seconds ago will do. */
export function forPreview({ http }: Scope): Way {
  return inOtherHands(http, recalling(http));
}

/** Whether a version like `7.4.2-54` is at least another. Undefined when the node does not say its version. */
export function isAtLeast({ softwareVersion }: Node, wanted: string): boolean | undefined {
  const version = semver.coerce(softwareVersion);
  return version ? semver.gte(version, wanted) : undefined;
}
