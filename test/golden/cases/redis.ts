import { openRedis, type RedisInstallation, type RedisWorld } from "../worlds/redis.ts";
import { type Case, shortly } from "./case.ts";

const cluster: RedisWorld = { system: "redis", nodes: 3, leader: 1 };
const guarded: RedisWorld = { ...cluster, users: [{ username: "ops@example.com", password: "rehearsal" }] };

/** Requests of this action do not come to their end. */
function held(nodeUid: number, action: string) {
  return ({ simulator }: RedisInstallation) => simulator.plan({ nodeUid, action, held: true });
}

function fails(nodeUid: number, action: string, errorCode = "insufficient_resources") {
  return ({ simulator }: RedisInstallation) =>
    simulator.plan({ nodeUid, action, outcome: "failed", errorCode });
}

/** The request is carried out, and its answer never comes. */
function unanswered(nodeUid: number, action: string) {
  return (installation: RedisInstallation) => {
    held(nodeUid, action)(installation);
    const match = { method: "POST", path: `/v1/nodes/${nodeUid}/actions/${action}` };
    installation.simulator.fault({ kind: "hang", when: "after", match });
  };
}

const inputs = { nodeUid: 2 };
const maintenance = { type: "redis:NodeMaintenance", open: () => openRedis(cluster), program: inputs };
const removal = { type: "redis:NodeRemoval", open: () => openRedis(cluster), program: { nodeUid: 3 } };
const replica = { type: "redis:ReplicaNode", open: () => openRedis(cluster), program: { nodeUid: 1 } };
const enslave = { nodeUid: 2, action: "enslave_node" };
const action = { type: "redis:NodeAction", open: () => openRedis(cluster), program: enslave };
const intent = { ...action, type: "redis:NodeActionIntent" };
const enter = { nodeUid: 2, phase: "enter" };
const leave = { nodeUid: 2, phase: "leave" };
const step = { type: "redis:MaintenanceStep", open: () => openRedis(cluster), program: enter };
const away: RedisWorld = { ...cluster, inMaintenance: [2] };
const before = (name: string) => ({
  nodeUid: 2,
  action: name,
  parameters: {},
  taskId: "a9b7ba70-783b-317e-9998-dc4dd82eb3c5",
  status: "completed" as const,
});
const ranBefore: RedisWorld = { ...cluster, actions: [before("enslave_node")] };
const unfinished = { outcome: "unfinished", timeoutSeconds: shortly } as const;

export const redisCases: Case<RedisInstallation>[] = [
  { ...maintenance, name: "finished" },
  {
    ...maintenance,
    name: "finished, with parameters",
    open: () => openRedis({ ...cluster, snapshots: { 2: ["before-the-window"] } }),
    program: {
      ...inputs,
      connection: "redis-east",
      timeout: "45m",
      overwriteSnapshot: true,
      evictHaReplica: false,
      evictActiveActiveReplica: false,
      evictDbs: [1, "2"],
      snapshotName: "before-the-window",
      allowOtherNodesUnavailable: true,
    },
  },
  {
    ...maintenance,
    name: "finished, with the parameters of older servers",
    program: { ...inputs, keepSlaveShards: true, skipShardsRestore: true, timeout: 900 },
  },
  {
    ...maintenance,
    name: "finished, with an inline connection",
    open: () => openRedis(guarded),
    program: {
      ...inputs,
      connection: { endpoints: ["http://redis.example:9443"], ...guarded.users?.[0] },
    },
  },
  { ...maintenance, name: "adopted: somebody had put it there", open: () => openRedis(away) },
  {
    ...maintenance,
    name: "changed while in maintenance",
    program: { ...inputs, evictHaReplica: false, timeout: "1h" },
    earlier: inputs,
  },
  {
    ...maintenance,
    ...unfinished,
    name: "unfinished: maintenance_on runs",
    arrange: held(2, "maintenance_on"),
  },
  {
    ...maintenance,
    ...unfinished,
    name: "unfinished: no answer to maintenance_on",
    arrange: unanswered(2, "maintenance_on"),
  },
  { ...maintenance, name: "failed half way", outcome: "failed", arrange: fails(2, "maintenance_on") },
  {
    ...maintenance,
    name: "failed: completed, and shards left on the node",
    outcome: "failed",
    open: () => openRedis({ ...cluster, isCrowded: true }),
  },

  { ...removal, name: "finished" },
  {
    ...removal,
    name: "finished, with parameters",
    program: {
      nodeUid: 3,
      waitForPersistence: true,
      triggers: ["2026-11"],
      timeout: "4h",
      connection: "redis",
    },
  },
  {
    ...removal,
    name: "finished: the node was gone already",
    open: () => openRedis({ ...cluster, gone: [3] }),
  },
  { ...removal, ...unfinished, name: "unfinished: remove runs", arrange: held(3, "remove") },
  { ...removal, name: "failed", outcome: "failed", arrange: fails(3, "remove") },

  { ...replica, name: "finished" },
  { ...replica, name: "adopted: it was one", program: { nodeUid: 3, timeout: "20m" } },
  { ...replica, ...unfinished, name: "unfinished: enslave_node runs", arrange: held(1, "enslave_node") },
  { ...replica, name: "failed", outcome: "failed", arrange: fails(1, "enslave_node", "internal_error") },

  { ...intent, name: "finished: no such action before" },
  {
    ...intent,
    name: "finished: another task before",
    open: () => openRedis(ranBefore),
    program: { ...enslave, triggers: [1, { window: "night" }], onTimeout: "cancel" },
  },

  { ...action, name: "finished" },
  {
    ...action,
    name: "finished, with parameters",
    open: () => openRedis(ranBefore),
    program: {
      ...enslave,
      connection: "redis-east",
      parameters: { demote_node: true, nested: { limits: [1, 2] } },
      onTimeout: "cancel",
      triggers: [1, { window: "night" }],
      timeout: "10m",
    },
  },
  {
    ...action,
    name: "run again by triggers",
    earlier: enslave,
    program: { ...enslave, triggers: ["again"] },
  },
  {
    ...action,
    name: "finished: already so",
    open: () => openRedis(away),
    program: { nodeUid: 2, action: "maintenance_on" },
  },
  { ...action, ...unfinished, name: "unfinished: the action runs", arrange: held(2, "enslave_node") },
  {
    ...action,
    ...unfinished,
    name: "unfinished: the action runs again by triggers",
    earlier: enslave,
    program: { ...enslave, triggers: ["again"] },
    arrange: held(2, "enslave_node"),
  },
  {
    ...action,
    ...unfinished,
    name: "unfinished: no answer to its request",
    open: () => openRedis(ranBefore),
    arrange: unanswered(2, "enslave_node"),
  },
  { ...action, name: "failed", outcome: "failed", arrange: fails(2, "enslave_node", "internal_error") },
  {
    ...action,
    name: "failed: cancelled when its time ran out",
    outcome: "failed",
    program: { ...enslave, onTimeout: "cancel" },
    timeoutSeconds: shortly,
    arrange: held(2, "enslave_node"),
  },

  { ...step, name: "finished: entered" },
  {
    ...step,
    name: "finished: left",
    open: () => openRedis({ ...cluster, actions: [before("maintenance_on")] }),
    program: { ...leave, triggers: ["patch 7"], skipShardsRestore: true },
  },
  { ...step, ...unfinished, name: "unfinished: maintenance_on runs", arrange: held(2, "maintenance_on") },
  {
    ...step,
    ...unfinished,
    name: "unfinished: maintenance_off runs",
    open: () => openRedis({ ...cluster, actions: [before("maintenance_on")] }),
    program: leave,
    arrange: held(2, "maintenance_off"),
  },
  { ...step, name: "failed half way", outcome: "failed", arrange: fails(2, "maintenance_on") },
];
