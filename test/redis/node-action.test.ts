import assert from "node:assert/strict";
import { behaviour, bodies, type Case, get, incomplete, outputs, post, refused, waiting } from "./cluster.ts";

const good = { nodeUid: 2, action: "enslave_node" };
const on = { nodeUid: 2, action: "maintenance_on" };

const running: Case[] = [
  {
    it: "runs an action once, and says how it ended",
    mutating: 1,
    async run(harness) {
      await harness.stack.up(good);
      const { status, progress, taskId, errorCode } = outputs(harness);
      assert.deepEqual(
        { status, progress, errorCode },
        { status: "completed", progress: 100, errorCode: undefined },
      );
      assert.equal(taskId, harness.node.action("enslave_node").taskId);
      assert.deepEqual(bodies(harness.redis, "enslave_node"), [{}]);
      assert.equal(await harness.stack.up(good), "same");
    },
  },
  {
    it: "sends its parameters as they are",
    mutating: 1,
    async run({ redis, stack }) {
      const parameters = { evict_ha_replica: false, evict_dbs: ["1"], nested: { list: [1, "two", null] } };
      await stack.up({ ...on, parameters });
      assert.deepEqual(bodies(redis, "maintenance_on"), [parameters]);
    },
  },
  {
    it: "runs again, in place, when parameters or triggers change",
    mutating: 4,
    async run({ redis, stack }) {
      await stack.up(good);
      assert.equal(await stack.up({ ...good, parameters: { shards_only: true } }), "update");
      assert.equal(await stack.up({ ...good, parameters: { shards_only: true }, triggers: [1] }), "update");
      assert.equal(await stack.up({ ...good, triggers: [1] }), "update");
      assert.deepEqual(bodies(redis, "enslave_node"), [{}, { shards_only: true }, { shards_only: true }, {}]);
    },
  },
  {
    it: "runs nothing when only the manner changes",
    mutating: 1,
    async run(harness) {
      const { redis, stack, costing } = harness;
      await stack.up(good);
      const connection = { endpoints: redis.endpoints };
      await costing(0, async () => {
        assert.equal(await stack.up({ ...good, timeout: "5m" }), "update");
        assert.equal(await stack.up({ ...good, timeout: "5m", onTimeout: "cancel" }), "update");
        assert.equal(await stack.up({ ...good, connection }), "update");
      });
      assert.equal(outputs(harness).status, "completed");
    },
  },
  {
    it: "joins the same action of somebody else",
    mutating: 0,
    async run(harness) {
      harness.redis.plan({ held: true, actionMs: 0 });
      const action = harness.node.start("enslave_node");
      const up = harness.stack.up(good);
      await waiting(harness);
      action.finish();
      await up;
      assert.equal(outputs(harness).taskId, action.taskId);
    },
  },
  {
    it: "asks for the action itself while the list cannot be read whole",
    mutating: 0,
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 0 });
      const action = node.start("enslave_node");
      const list = { path: "/v1/nodes/actions" };
      redis.fault({
        kind: "wrongType",
        value: { actions: [7] },
        match: list,
        times: Number.POSITIVE_INFINITY,
      });
      const up = stack.up(good);
      await waiting(harness);
      action.finish();
      await up;
      assert.equal(outputs(harness).taskId, action.taskId);
    },
  },
  {
    it: "refuses a node that does not exist",
    mutating: 0,
    run: ({ session }) => refused(session.create({ ...good, nodeUid: 9 }), /no node 9; it has nodes 1, 2, 3/),
  },
  {
    it: "says what the cluster says of an action that it does not know",
    mutating: 1,
    effects: 0,
    run: ({ session }) =>
      refused(session.create({ ...good, action: "drain" }), /404 unknown_action: unknown action drain/),
  },
  {
    it: "removes a node, whose status goes with it",
    mutating: 1,
    async run(harness) {
      await harness.stack.up({ ...good, action: "remove", parameters: { wait_for_persistence: true } });
      assert.deepEqual([harness.node.exists, outputs(harness).status], [false, "completed"]);
      assert.equal(await harness.stack.up(harness.stack.state?.inputs ?? {}), "same");
    },
  },
  {
    it: "does not know how an action ended whose status has vanished",
    mutating: 1,
    async run(harness) {
      harness.redis.plan({ held: true, actionMs: 10 });
      const up = harness.stack.up(good);
      await waiting(harness);
      harness.node.action("enslave_node").vanish();
      await incomplete(up, /the server no longer knows how the action ended \(task [\w-]+\)/);
    },
  },
];

const failing: Case[] = [
  {
    it: "records why it failed, and runs again the next time",
    mutating: 2,
    async run(harness) {
      const { redis, stack } = harness;
      redis.plan({ outcome: "failed", errorCode: "insufficient_resources", errorMessage: "no room" });
      const recorded = await incomplete(
        stack.up(good),
        /^redis node 2: enslave_node failed: insufficient_resources: no room \(task [\w-]+, last seen/,
      );
      const { status, errorCode, errorMessage } = recorded;
      assert.deepEqual([status, errorCode, errorMessage], ["failed", "insufficient_resources", "no room"]);
      await stack.up(good);
      assert.deepEqual([outputs(harness).status, outputs(harness).errorCode], ["completed", undefined]);
    },
  },
  {
    it: "has its effect once though the answer is lost",
    mutating: 1,
    async run({ redis, stack }) {
      redis.fault({ kind: "reset", when: "after", match: post("enslave_node") });
      await stack.up(good);
    },
  },
  {
    it: "knows its own, ended meanwhile, though the answer to its request was lost",
    mutating: 1,
    async run(harness) {
      const { redis, stack, costing } = harness;
      redis.fault({ kind: "reset", when: "after", match: post("enslave_node") });
      redis.watch(
        ({ method }) =>
          method === "POST" && redis.fault({ kind: "status", status: 403, match: get("enslave_node") }),
      );
      const { __unfinished } = await incomplete(stack.up(good), /403/);
      assert.deepEqual(__unfinished, { nodeUid: 2, action: "enslave_node", taskBefore: null });
      await costing(0, () => stack.up(good));
      assert.equal(outputs(harness).status, "completed");
    },
  },
  {
    it: "does not take the last run's end for its own when its request was accepted and lost",
    mutating: 2,
    effects: 1,
    async run({ redis, node, stack }) {
      node.start("enslave_node").finish();
      redis.fault({ kind: "emptyBody", when: "before", match: post("enslave_node") });
      await incomplete(
        stack.up(good),
        /enslave_node was accepted, but did not begin: the last one is still task/,
      );
      await stack.up(good);
    },
  },
  {
    it: "tells its own from one that was there before",
    mutating: 2,
    effects: 1,
    connection: { requestTimeout: "400ms" },
    async run(harness) {
      const { redis, node, stack } = harness;
      node.start("enslave_node").finish();
      const { taskId } = node.action("enslave_node");
      redis.fault({ kind: "hang", match: post("enslave_node") });
      const { __unfinished } = await incomplete(
        stack.up({ ...good, timeout: "3s" }),
        /whether node 2 enslave_node was carried out: not done/,
      );
      assert.deepEqual(__unfinished, { nodeUid: 2, action: "enslave_node", taskBefore: taskId });
      await stack.up(good);
      assert.notEqual(outputs(harness).taskId, taskId);
    },
  },
];

describe("redis.NodeAction", () => {
  behaviour("redis:NodeAction", [...running, ...failing]);
});
