import { setTimeout as pause } from "node:timers/promises";
import type { FaultMatch, RedisSimulator } from "../../../simulators/index.ts";
import { startRedis } from "../../../simulators/index.ts";
import type { Properties } from "../door.ts";
import type { ResourceCase, Rig } from "../resource-case.ts";

const badNode: ResourceCase["bad"] = [
  [{ nodeUid: 0 }, "nodeUid", /must be >= 1/],
  [{ nodeUid: -1 }, "nodeUid", /must be >= 1/],
  [{ nodeUid: 1.5 }, "nodeUid", /not an integer/],
  [{ nodeUid: "two" }, "nodeUid", /not an integer/],
  [{ nodeUid: undefined }, "nodeUid", /is required/],
];

const unknownNode: ResourceCase["impossible"] = {
  inputs: { nodeUid: 9 },
  property: "nodeUid",
  reason: /no node 9.*1, 2, 3/,
};

function post(nodeUid: number, action: string): FaultMatch {
  return { method: "POST", path: `/v1/nodes/${nodeUid}/actions/${action}` };
}

interface RedisRig extends Rig {
  simulator: RedisSimulator;
}

/** A cluster of three nodes, and inputs that mean one of them. */
function clusterFor(inputs: Properties) {
  return async (options: Parameters<ResourceCase["start"]>[0]): Promise<RedisRig> => {
    const simulator = await startRedis({ actionMs: 60, ...options });
    return {
      simulator,
      connections: { redis: { endpoints: simulator.endpoints } },
      inputs: (refer) => ({ ...inputs, connection: refer("redis") }),
    };
  };
}

/** What may happen to one action on one node. */
function actionOn(nodeUid: number, action: string, inputs: Properties = {}, body: Properties = {}) {
  const request = post(nodeUid, action);
  const hold = ({ simulator }: RedisRig) => {
    simulator.plan({ action, nodeUid, held: true });
    return () => simulator.node(nodeUid).action(action).finish();
  };
  const startedByOther = (rig: RedisRig) => {
    const finish = hold(rig);
    rig.simulator.node(nodeUid).start(action, body);
    return finish;
  };
  return {
    request,
    costs: 1,
    leavesMark: true,
    start: clusterFor({ nodeUid, ...inputs }),
    vanish: ({ simulator }) => simulator.node(nodeUid).vanish(),
    hold,
    heldAs: /running 50 %/,
    startedByOther,
    async compete(rig) {
      const late = rig.simulator.fault({ kind: "delay", ms: 100, match: request });
      while (late.hits === 0) await pause(5);
      return startedByOther(rig);
    },
  } satisfies Partial<ResourceCase<RedisRig>>;
}

export const redisCases: ResourceCase<RedisRig>[] = [
  {
    type: "redis:NodeMaintenance",
    kind: "state",
    ...actionOn(2, "maintenance_on"),
    // Parameters of an activation that is over take effect the next time.
    change: { inputs: { evictHaReplica: false }, costs: 0 },
    deleteCosts: 1,
    deleteRequest: post(2, "maintenance_off"),
    bad: [
      ...badNode,
      [{ evictDb: [1] }, "evictDb", /did you mean evictDbs\?/],
      [{ evictDbs: [] }, "evictDbs", /fewer than 1/],
      [{ evictDbs: [{}] }, "evictDbs[0]", /not a string or a number/],
      [{ overwriteSnapshot: "yes" }, "overwriteSnapshot", /not a boolean/],
      [{ snapshotName: "mine", skipShardsRestore: true }, "skipShardsRestore", /exclude each other/],
    ],
    drift: ({ simulator }) => simulator.node(2).takeOutOfMaintenance(),
    impossible: { property: "nodeUid", reason: /node 3 is in maintenance/ },
    obstruct: ({ simulator }) => simulator.node(3).putInMaintenance(),
  },
  {
    type: "redis:MaintenanceStep",
    kind: "run",
    // Somebody else's maintenance is joined only where that is allowed: the roll would end it.
    ...actionOn(2, "maintenance_on", { phase: "enter", allowNodesInMaintenance: true }),
    // It is in maintenance already.
    change: { inputs: { triggers: ["again"] }, costs: 0 },
    // A step that was rolled back by deleting it takes the node out again.
    deleteCosts: 1,
    deleteRequest: post(2, "maintenance_off"),
    bad: [...badNode, [{ phase: "on" }, "phase", /not one of "enter", "leave"/]],
    impossible: unknownNode,
  },
  {
    type: "redis:NodeRemoval",
    kind: "run",
    ...actionOn(3, "remove"),
    // It is gone already.
    change: { inputs: { triggers: ["again"] }, costs: 0 },
    deleteCosts: 0,
    bad: [...badNode, [{ waitForPersistence: 1 }, "waitForPersistence", /not a boolean/]],
  },
  {
    type: "redis:ReplicaNode",
    kind: "state",
    ...actionOn(1, "enslave_node", {}, { demote_node: true }),
    change: { inputs: { demoteNode: false }, costs: 0 },
    deleteCosts: 0,
    bad: [...badNode, [{ demoteNode: "yes" }, "demoteNode", /not a boolean/]],
    drift: ({ simulator }) => simulator.changeLeader(1),
    impossible: unknownNode,
  },
  {
    type: "redis:NodeAction",
    kind: "run",
    ...actionOn(2, "enslave_node", { action: "enslave_node" }),
    change: { inputs: { triggers: ["again"] }, costs: 1 },
    deleteCosts: 0,
    bad: [
      ...badNode,
      [{ action: "../remove" }, "action", /does not match/],
      [{ onTimeout: "stop" }, "onTimeout", /not one of "leave", "cancel"/],
      [{ parameters: "all" }, "parameters", /not an object/],
    ],
    impossible: unknownNode,
  },
  {
    type: "redis:NodeActionIntent",
    kind: "run",
    costs: 0,
    request: { method: "POST" },
    leavesMark: true,
    start: clusterFor({ nodeUid: 2, action: "enslave_node" }),
    change: { inputs: { triggers: ["again"] }, costs: 0 },
    deleteCosts: 0,
    bad: badNode,
  },
];
