import { type RedisOptions, type RedisSimulator, startRedis } from "../../../simulators/index.ts";
import type { Installation } from "./installation.ts";

/** A Redis Enterprise cluster: what it began with, and what has happened since, in this order. */
export interface RedisWorld {
  system: "redis";
  nodes: number;
  /** Uid of the first leader. */
  leader: number;
  /** Users that may log in; without any, no credentials are needed. */
  users?: { username: string; password: string }[];
  /** Only half of the shards fit on the other nodes, and the cluster reports that as `completed`. */
  isCrowded?: true;
  /** Names of the snapshots that somebody has made, by node. */
  snapshots?: Record<string, string[]>;
  /** Nodes that somebody has put into maintenance, by an action that the cluster no longer knows. */
  inMaintenance?: number[];
  /** The last run of each action on each node. */
  actions?: RedisActionRun[];
  /** Nodes that are no longer there. */
  gone?: number[];
}

export interface RedisActionRun {
  nodeUid: number;
  action: string;
  parameters: Record<string, unknown>;
  taskId: string;
  status: "running" | "completed" | "failed" | "aborted" | "cancelled";
}

export type RedisInstallation = Installation<RedisWorld, RedisSimulator, RedisOptions>;

const address = "http://redis.example:9443";
// On before off: a node that is out of maintenance again has been in it.
const actionNames = ["maintenance_on", "maintenance_off", "enslave_node", "remove"];

export async function openRedis(world: RedisWorld, more: RedisOptions = {}): Promise<RedisInstallation> {
  const { nodes, leader, users, isCrowded, snapshots = {} } = world;
  const { inMaintenance = [], actions = [], gone = [] } = world;
  const options: RedisOptions = {
    nodes,
    leader,
    auth: users && { users },
    insufficientResources: isCrowded && "completed",
    actionMs: 60,
    // 0.1.0 knew only roles, and its simulator reported nothing else.
    statusShards: "none",
    ...more,
  };
  const simulator = await startRedis(options);
  for (const [uid, names] of Object.entries(snapshots))
    for (const name of names) simulator.node(Number(uid)).addSnapshot(name);
  for (const uid of inMaintenance) simulator.node(uid).putInMaintenance();
  for (const run of actions) repeat(simulator, run);
  for (const uid of gone) if (simulator.node(uid).exists) simulator.node(uid).vanish();
  const redis = { endpoints: simulator.endpoints, ...users?.[0] };
  return {
    simulator,
    options,
    connections: { redis, "redis-east": redis },
    addresses: [[address, simulator.endpoints[0] as string]],
    // The documented word on one action; a list may come before it, and a removed node's action goes with the node.
    shows: /\/actions\/\w+$/,
    look: () => lookAt(simulator, world),
    finish() {
      for (const { nodeUid, action } of actions.filter(({ status }) => status === "running"))
        simulator.node(nodeUid).action(action).finish();
    },
    [Symbol.asyncDispose]: () => simulator.close(),
  };
}

/** Runs the action again, with the same task, to the status it had. */
function repeat(simulator: RedisSimulator, { nodeUid, action, parameters, taskId, status }: RedisActionRun) {
  const end = status === "running" ? { held: true } : { outcome: status };
  simulator.plan({ action, nodeUid, actionMs: 0, ...end });
  const node = simulator.node(nodeUid);
  // 0.1.0's simulator made a node a replica without being asked for it; a cluster does so with demote_node only.
  const asked = action === "enslave_node" ? { ...parameters, demote_node: true } : parameters;
  const run = node.start(action, asked);
  // Reading the status settles it. A removal takes its node along, and with it the task.
  if (run.status !== undefined) run.replaceTask(taskId);
}

function lookAt(simulator: RedisSimulator, world: RedisWorld): RedisWorld {
  const uids = Array.from({ length: world.nodes }, (_, index) => index + 1);
  const actions = actionNames.flatMap((action) => uids.flatMap((uid) => runOn(simulator, uid, action) ?? []));
  const gone = uids.filter((uid) => !simulator.node(uid).exists);
  return {
    ...world,
    ...(actions.length > 0 && { actions }),
    ...(gone.length > 0 && { gone }),
  };
}

function runOn(simulator: RedisSimulator, nodeUid: number, action: string): RedisActionRun | undefined {
  const { taskId, status } = simulator.node(nodeUid).action(action);
  if (taskId === undefined || status === undefined) return undefined;
  const request = simulator.requests.findLast(
    ({ method, path }) => method === "POST" && path === `/v1/nodes/${nodeUid}/actions/${action}`,
  );
  const ends = ["completed", "failed", "aborted", "cancelled"];
  return {
    nodeUid,
    action,
    parameters: (request?.body ?? {}) as Record<string, unknown>,
    taskId,
    status: ends.includes(status) ? (status as RedisActionRun["status"]) : "running",
  };
}

/** The same a little later: what ran has ended well, and there is room. */
export function redisLater({ isCrowded: _, ...world }: RedisWorld): RedisWorld {
  return ended(world, "completed");
}

/** The same a little later: what ran has ended badly. */
export function redisFailed(world: RedisWorld): RedisWorld {
  return ended(world, "failed");
}

function ended(world: RedisWorld, how: "completed" | "failed"): RedisWorld {
  const { actions } = world;
  if (!actions) return world;
  return {
    ...world,
    actions: actions.map((run) => ({ ...run, status: run.status === "running" ? how : run.status })),
  };
}
