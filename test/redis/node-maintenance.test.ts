import assert from "node:assert/strict";
import { call } from "../simulators/call.ts";
import { after, behaviour, type Case, outputs, refused, until, waiting } from "./cluster.ts";

const good = { nodeUid: 2 };

const entering: Case[] = [
  {
    it: "empties the node and says what it is like then",
    mutating: 1,
    async run(harness) {
      await harness.stack.up(good);
      const { inMaintenance, shardCount, acceptServers, softwareVersion, taskId, __unfinished } =
        outputs(harness);
      assert.deepEqual(
        { inMaintenance, shardCount, acceptServers, softwareVersion, __unfinished },
        {
          inMaintenance: true,
          shardCount: 0,
          acceptServers: false,
          softwareVersion: "8.2.0-25",
          __unfinished: undefined,
        },
      );
      assert.equal(taskId, harness.node.action("maintenance_on").taskId);
    },
  },
  {
    it: "shows how many shards are still to move, even where progress stands at 0",
    mutating: 1,
    async run({ redis, node, stack, said }) {
      redis.plan({ held: true, frozenProgress: true, actionMs: 10 });
      const up = stack.up(good);
      await until(() =>
        said.progress.some((line) => /maintenance_on running 0 %, .*, 4 -> 2 shards$/.test(line)),
      );
      node.action("maintenance_on").finish();
      await up;
    },
  },
  {
    it: "sends nothing the second time, even when told to update",
    mutating: 1,
    async run({ stack, session }) {
      await stack.up(good);
      assert.equal(await stack.up(good), "same");
      assert.ok(stack.state);
      await session.update("2", stack.state.outputs, stack.state.inputs);
      await stack.refresh();
      assert.equal(await stack.preview(good), "same");
    },
  },
  {
    it: "keeps the task that it knew when the cluster has forgotten it",
    mutating: 1,
    async run(harness) {
      await harness.stack.up(good);
      const { taskId } = outputs(harness);
      await harness.redis.restart({ loseHistory: true });
      await harness.stack.refresh();
      assert.equal(outputs(harness).taskId, taskId);
      assert.notEqual(taskId, undefined);
    },
  },
  {
    it: "adopts a node that is in maintenance already",
    mutating: 0,
    async run(harness) {
      harness.node.putInMaintenance();
      await harness.stack.up(good);
      assert.equal(outputs(harness).inMaintenance, true);
    },
  },
  {
    it: "does not take a node that is a quorum node on purpose for one in maintenance",
    mutating: 2,
    cluster: { shardsPerNode: 0 },
    async run({ redis, node, stack }) {
      const body = { accept_servers: false, max_listeners: 0 };
      await call(redis.endpoints[0], "PUT /v1/nodes/2", { body });
      await stack.up(good);
      assert.equal(node.maintenanceDepth, 1);
    },
  },
  {
    it: "joins a maintenance_on of somebody else",
    mutating: 0,
    async run(harness) {
      harness.redis.plan({ held: true, actionMs: 0 });
      const action = harness.node.start("maintenance_on");
      const up = harness.stack.up({ ...good, overwriteSnapshot: true });
      await waiting(harness);
      action.finish();
      await up;
      assert.equal(outputs(harness).taskId, action.taskId);
    },
  },
  {
    it: "waits for a maintenance_off of somebody else, and enters then",
    mutating: 1,
    async run(harness) {
      const { redis, node, stack } = harness;
      node.putInMaintenance();
      redis.plan({ held: true, actionMs: 0 });
      const action = node.start("maintenance_off");
      const up = stack.up(good);
      await waiting(harness);
      action.finish();
      await up;
      assert.deepEqual([node.inMaintenance, node.maintenanceDepth], [true, 1]);
    },
  },
  {
    it: "shows drift, and enters again what was taken out by hand",
    mutating: 2,
    async run({ node, stack }) {
      await stack.up(good);
      node.takeOutOfMaintenance();
      await stack.refresh();
      assert.equal(stack.state, undefined);
      await stack.up(good);
      assert.equal(node.shardCount, 0);
    },
  },
  {
    it: "is gone with its node",
    mutating: 1,
    async run({ node, stack }) {
      await stack.up(good);
      node.vanish();
      await stack.refresh();
      assert.equal(stack.state, undefined);
    },
  },
  {
    it: "refuses a node that does not exist, and names those that do",
    mutating: 0,
    run: ({ session }) =>
      refused(
        session.create({ nodeUid: 9 }),
        /redis node 9: the cluster has no node 9; it has nodes 1, 2, 3/,
      ),
  },
  {
    it: "records changed parameters of a node in maintenance, and sends nothing",
    mutating: 1,
    async run(harness) {
      await harness.stack.up(good);
      await harness.costing(0, async () => {
        assert.equal(await harness.stack.up({ ...good, evictHaReplica: false, evictDbs: ["1"] }), "update");
      });
      assert.deepEqual([outputs(harness).evictHaReplica, outputs(harness).evictDbs], [false, ["1"]]);
    },
  },
  {
    it: "records a changed timeout, and sends nothing",
    mutating: 1,
    async run(harness) {
      await harness.stack.up(good);
      await harness.costing(0, async () => {
        assert.equal(await harness.stack.up({ ...good, timeout: "20m" }), "update");
      });
      assert.equal(outputs(harness).timeout, "20m");
    },
  },
  {
    it: "is not done with shards on it where their number is not told",
    mutating: 1,
    cluster: { insufficientResources: "completed" },
    async run(harness) {
      const { redis, session, node } = harness;
      const value = { uid: 2, status: "active", accept_servers: false, max_listeners: 0 };
      after(
        redis,
        "/v4/cluster/health",
        () => {
          redis.fault({
            kind: "wrongType",
            value,
            match: { path: "/v1/nodes/2" },
            times: Number.POSITIVE_INFINITY,
            skip: 0,
          });
        },
        1,
      );
      const result = await session.create(good).then(
        ({ outputs }) => outputs,
        (error: Error) => error,
      );
      assert.ok(node.shardCount > 0);
      assert.ok(
        result instanceof Error,
        `done with ${node.shardCount} shards on it: ${JSON.stringify(result)}`,
      );
    },
  },
];

describe("redis.NodeMaintenance", () => {
  behaviour("redis:NodeMaintenance", entering);
});
