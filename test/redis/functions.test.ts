import assert from "node:assert/strict";
import type { FunctionArgs } from "../../provider/core/lifecycle/read-function.ts";
import { type GetNodeArgs, invoke, type Node } from "../../provider/index.ts";
import { type RedisOptions, type RedisSimulator, startRedis } from "../../simulators/index.ts";
import { contextFor } from "../support/context.ts";

/** What a function is asked, on a cluster where node 2 has entered maintenance and node 3 is being removed. */
const answers: [name: string, args: object, answer: (redis: RedisSimulator) => object, reads: number][] = [
  ["redis:getNodeActions", {}, (redis) => ({ actions: [entered(redis), removing(redis)] }), 1],
  ["redis:getNodeActions", { nodeUid: 3 }, (redis) => ({ actions: [removing(redis)] }), 1],
  ["redis:getNodeActions", { nodeUid: "2" }, (redis) => ({ actions: [entered(redis)] }), 1],
  ["redis:getNodeActions", { nodeUid: 1 }, () => ({ actions: [] }), 1],
  ["redis:getNodeAction", { nodeUid: 2, action: "maintenance_on" }, entered, 1],
  ["redis:getNodeAction", { nodeUid: 3, action: "remove" }, removing, 1],
  ["redis:getNode", { nodeUid: 2 }, () => nodeTwo, 1],
];

const nodeTwo = {
  nodeUid: 2,
  addr: "10.0.0.2",
  status: "active",
  softwareVersion: "8.2.0-25",
  shardCount: 0,
  acceptServers: false,
  maxListeners: 0,
};

function entered(redis: RedisSimulator): object {
  const { taskId } = redis.node(2).action("maintenance_on");
  return { name: "maintenance_on", nodeUid: 2, status: "completed", progress: 100, taskId, ...unsaid };
}

function removing(redis: RedisSimulator): object {
  const { taskId } = redis.node(3).action("remove");
  return { name: "remove", nodeUid: 3, status: "running", progress: 50, taskId, ...unsaid };
}

const unsaid = { errorCode: undefined, errorMessage: undefined };

const errors: [name: string, args: object, why: RegExp, reads: number][] = [
  [
    "redis:getNodeAction",
    { nodeUid: 1, action: "remove" },
    /^redis\.getNodeAction: node 1 has no action remove: it is not running, and no status of a last run is kept \(404\)$/,
    1,
  ],
  ["redis:getNode", { nodeUid: 9 }, /^redis\.getNode: the cluster has no node 9; it has nodes 1, 2, 3$/, 3],
  ["redis:getNode", { nodeUid: 0 }, /^redis\.getNode: nodeUid 0 must be >= 1$/, 0],
  ["redis:getNode", {}, /^redis\.getNode: nodeUid is required$/, 0],
  ["redis:getNode", { nodeUid: 1, nodeuid: 1 }, /nodeuid is not an input: did you mean nodeUid\?/, 0],
  [
    "redis:getNodeAction",
    { nodeUid: 1, action: "" },
    /^redis\.getNodeAction: action "" must NOT have fewer/,
    0,
  ],
  ["redis:getNodes", { connection: "east" }, /no connection "east" is configured/, 0],
];

describe("the functions of redis", () => {
  let redis: RedisSimulator;
  afterEach(() => redis.close());

  async function start(options: RedisOptions = {}): Promise<ReturnType<typeof contextFor>> {
    redis = await startRedis({ taskIdInLists: true, ...options });
    redis.node(2).start("maintenance_on").finish();
    redis.plan({ held: true, actionMs: 0 });
    redis.node(3).start("remove");
    return contextFor({ redis: { endpoints: redis.endpoints } });
  }

  for (const shape of ["object", "array"] as const) {
    for (const [name, args, answer, reads] of answers) {
      it(`${name} answers ${JSON.stringify(args)}, with the list of all actions as ${shape}`, async () => {
        const context = await start({ allActionsShape: shape, progressAs: "string" });
        assert.deepEqual(await invoke(name, context, args), answer(redis));
        const { reads: read, mutating } = redis.counts();
        assert.deepEqual([read, mutating], [reads, 0]);
      });
    }
  }

  it("redis:getNodes answers all nodes", async () => {
    const context = await start();
    const { nodes } = await invoke<FunctionArgs, { nodes: Node[] }>("redis:getNodes", context, {});
    assert.deepEqual(
      nodes.map(({ nodeUid }) => nodeUid),
      [1, 2, 3],
    );
    assert.deepEqual(nodes[1], nodeTwo);
  });

  for (const [name, args, why, reads] of errors) {
    it(`${name} refuses ${JSON.stringify(args)}`, async () => {
      const context = await start();
      await assert.rejects(invoke(name, context, args), { message: why });
      assert.deepEqual([redis.counts().reads, redis.counts().mutating], [reads, 0]);
    });
  }

  it("repeats a read that failed in passing", async () => {
    const context = await start();
    redis.fault({ kind: "status", status: 503 });
    assert.deepEqual(await invoke<GetNodeArgs, Node>("redis:getNode", context, { nodeUid: 2 }), nodeTwo);
  });
});
