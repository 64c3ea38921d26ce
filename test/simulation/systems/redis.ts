import { type RedisOptions, type RedisSimulator, startRedis } from "../../../simulators/index.ts";
import type { Declaration, Edit } from "../story.ts";
import {
  credentials,
  type Installed,
  type SystemModel,
  sharedOptions,
  timeouts,
  triggered,
} from "./installed.ts";

const takesAway = ["maintenance_on", "remove"];
const kinds = ["maintenance_on", "maintenance_off", "remove", "enslave_node"];

/** What is so on a cluster. */
export interface RedisTruth {
  /** Nodes in maintenance, entering it, being removed, or down. */
  away: number[];
  /** How often each node has been put into maintenance, where it was. */
  depth: Record<number, number>;
  nodes: number[];
  leader: number;
  masters: Record<number, number>;
  shards: Record<number, number>;
  running: string[];
  /** How the last action of each kind ended, e.g. `enslave_node 2`. */
  ended: Record<string, string>;
}

export function redisTruth(simulator: RedisSimulator): RedisTruth {
  const truth: RedisTruth = {
    away: [],
    depth: {},
    nodes: simulator.nodeUids,
    leader: simulator.leader,
    masters: {},
    shards: {},
    running: [],
    ended: {},
  };
  for (const uid of truth.nodes) {
    const node = simulator.node(uid);
    const running: string[] = [];
    for (const kind of kinds) {
      const { status } = node.action(kind);
      if (status === undefined) continue;
      if (/queued|starting|running|cancelling/.test(status)) running.push(kind);
      else truth.ended[`${kind} ${uid}`] = status;
    }
    const depth = node.maintenanceDepth;
    if (depth > 0) truth.depth[uid] = depth;
    truth.shards[uid] = node.shardCount;
    truth.masters[uid] = node.shards.filter(({ role }) => role === "master").length;
    if (depth > 0 || node.status !== "active" || running.some((kind) => takesAway.includes(kind)))
      truth.away.push(uid);
    truth.running.push(...running.map((kind) => `${kind} ${uid}`));
  }
  return truth;
}

export const redis: SystemModel = {
  auths: ["none", "basic", "token"],
  acts: [
    "maintenance by hand",
    "out of maintenance by hand",
    "another one's maintenance_on",
    "another one's enslave_node",
    "node removed by hand",
    "leader changes",
    "shards fail over",
    "node down",
    "actions fail",
    "no room",
  ],
  options(random) {
    return {
      nodes: random.int(3, 4),
      actionMs: random.chance(0.08) ? 25_000 : random.spread(300, 9_000),
      softwareVersion: random.pick(["8.2.0-25", "8.2.0-25", "7.22.2-170", "7.4.6-22"]),
      postAnswer: random.weighted([
        [5, "details"],
        [1, "empty"],
      ]),
      taskIdInLists: random.chance(0.3),
      allActionsShape: random.pick(["object", "array"]),
      progressAs: random.pick(["float", "int", "string"]),
      conflictScope: random.weighted([
        [5, "node"],
        [1, "cluster"],
      ]),
      endpointPerNode: random.chance(0.25),
      statusShards: random.pick(["numbers", "strings", "count"]),
    } satisfies RedisOptions;
  },
  program(random, { options }, side) {
    const nodes = Array.from({ length: options.nodes as number }, (_, index) => index + 1);
    const [one, other] = random.some(nodes, 2) as [number, number];
    const timeout = random.pick(timeouts);
    const name = (kind: string) => `${kind}${side === 0 ? "" : "-b"}`;
    const maintenance = (nodeUid: number): Declaration => ({
      name: name(`node${nodeUid}`),
      type: "redis:NodeMaintenance",
      inputs: {
        nodeUid,
        timeout,
        ...(random.chance(0.2) && { evictHaReplica: false }),
        ...(random.chance(0.2) && { demoteNode: true }),
      },
    });
    const action = (nodeUid: number): Declaration => ({
      name: name("action"),
      type: "redis:NodeAction",
      inputs: {
        nodeUid,
        action: random.pick(["enslave_node", "enslave_node", "maintenance_on"]),
        timeout,
        onTimeout: random.pick(["leave", "cancel"]),
        ...triggered(random),
      },
    });
    const replica = (nodeUid: number): Declaration => ({
      name: name("replica"),
      type: "redis:ReplicaNode",
      inputs: { nodeUid, timeout },
    });
    const step = (nodeUid: number, phase: string, after: string[]): Declaration => ({
      name: name(`roll-node-${nodeUid}-${phase === "enter" ? "in" : "out"}`),
      type: "redis:MaintenanceStep",
      inputs: { nodeUid, phase, timeout },
      dependsOn: after,
    });
    const shapes: [number, () => Declaration[]][] = [
      [5, () => [maintenance(one)]],
      [2, () => [maintenance(one), maintenance(other)]],
      [1, () => [action(one), maintenance(other)]],
      [1, () => [maintenance(one), replica(other)]],
      [3, () => [action(one)]],
      [2, () => [action(one), { ...maintenance(other), dependsOn: [name("action")] }]],
      [2, () => [replica(one)]],
      [2, () => [{ name: name("removal"), type: "redis:NodeRemoval", inputs: { nodeUid: one, timeout } }]],
      [
        1.5,
        () => {
          const all = [one, other].flatMap((uid) => [step(uid, "enter", []), step(uid, "leave", [])]);
          return all.map((it, index) => ({
            ...it,
            dependsOn: index > 0 ? [(all[index - 1] as Declaration).name] : [],
          }));
        },
      ],
    ];
    return random.weighted(shapes)();
  },
  edit(random, { name, type }): Edit | undefined {
    const timeout = { timeout: random.pick(timeouts) };
    const isRun = type === "redis:NodeAction" || type === "redis:MaintenanceStep";
    const inputs = isRun && random.chance(0.7) ? triggered(random) : timeout;
    return { edit: "inputs", name, inputs };
  },
  async open(choice, surroundings): Promise<Installed> {
    const options = choice.options as RedisOptions;
    const uids = Array.from({ length: options.nodes ?? 3 }, (_, index) => index + 1);
    const addressOf = (endpoint: string) =>
      endpoint === "cluster" ? "redis.test:9443" : `10.0.0.${endpoint.replace("node", "")}:9443`;
    const simulator = await startRedis({
      ...options,
      ...sharedOptions(choice, surroundings),
      addrs: uids.map((uid) => `10.0.0.${uid}`),
      network: surroundings.network(addressOf),
    });
    const node = (which: number) => simulator.node(uids[which % uids.length] as number);
    const present = (which: number, work: (it: ReturnType<typeof node>) => void) => {
      const it = node(which);
      if (it.exists) work(it);
    };
    return {
      simulator,
      connections: {
        redis: {
          endpoints: simulator.endpoints,
          ...credentials(choice, `${simulator.endpoints[0]}/oauth/token`),
        },
      },
      truth: () => redisTruth(simulator),
      acts: {
        "maintenance by hand": (which) =>
          present(which, (it) => {
            if (!it.inMaintenance) it.putInMaintenance();
          }),
        "out of maintenance by hand": (which) => present(which, (it) => it.takeOutOfMaintenance()),
        "another one's maintenance_on": (which) =>
          present(which, (it) => {
            if (!it.inMaintenance && !running(it.action("maintenance_on").status)) it.start("maintenance_on");
          }),
        "another one's enslave_node": (which) =>
          present(which, (it) => {
            if (!running(it.action("enslave_node").status)) it.start("enslave_node");
          }),
        "node removed by hand": (which) =>
          present(which, (it) => {
            if (simulator.nodeUids.length > 2) it.vanish();
          }),
        "leader changes": (which) => present(which, (it) => simulator.changeLeader(it.uid)),
        "shards fail over": (which) => present(which, (it) => it.promoteShards()),
        "node down": (which) => present(which, (it) => void it.goDown()),
        "actions fail": (which) => {
          simulator.plan({ outcome: which % 2 === 0 ? "failed" : "aborted" });
        },
        "no room": (which) => {
          simulator.insufficientResources = which % 2 === 0 ? "failed" : "completed";
        },
      },
      calm() {
        simulator.insufficientResources = undefined;
        simulator.forgetPlans();
        for (const uid of simulator.nodeUids)
          if (simulator.node(uid).status === "down") void simulator.node(uid).comeUp();
      },
    };
  },
};

function running(status: string | undefined): boolean {
  return status !== undefined && !/completed|failed|aborted|cancelled/.test(status);
}
