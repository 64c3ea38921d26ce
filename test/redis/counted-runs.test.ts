import assert from "node:assert/strict";
import { beforeKey } from "../../provider/core/lifecycle/intent.ts";
import { behaviour, type Case, type Harness, incomplete, outputs, post, waiting } from "./cluster.ts";

/*
 * A record of what was there before a run lets an action that came later count as the run's own. It counts for one attempt, and only
 * after saying which action that is.
 */

const good = { nodeUid: 2, action: "enslave_node" };

/** What the companion of the run has recorded. */
async function recordedBefore({ elsewhere }: Harness): Promise<unknown> {
  return (await (await elsewhere("redis:NodeActionIntent")).session.create(good)).outputs.before;
}

const attempts: Case[] = [
  {
    it: "runs after an attempt that was refused with 403, although somebody else has run the same since",
    effects: 1,
    async run(harness) {
      const { redis, node, stack } = harness;
      const inputs = { ...good, [beforeKey]: await recordedBefore(harness) };
      redis.fault({ kind: "status", status: 403, match: post("enslave_node") });
      await stack.up(inputs).then(
        () => assert.fail("was not refused"),
        () => {},
      );
      node.start("enslave_node").finish();
      const { taskId } = node.action("enslave_node");
      await stack.up(inputs);
      assert.notEqual(outputs(harness).taskId, taskId);
    },
  },
  {
    it: "still counts what its own lost request has done, though an attempt before that was refused",
    mutating: 2,
    effects: 1,
    async run(harness) {
      const { redis, node, stack } = harness;
      const inputs = { ...good, [beforeKey]: await recordedBefore(harness) };
      redis.fault({ kind: "status", status: 403, match: post("enslave_node") });
      await stack.up(inputs).catch(() => {});
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ ...inputs, timeout: "3s" }), /not done within/);
      node.action("enslave_node").finish();
      await stack.up(inputs);
      assert.equal(outputs(harness).taskId, node.action("enslave_node").taskId);
    },
  },
  {
    it: "is resumed after an attempt that could not even look, although the action has ended meanwhile",
    mutating: 1,
    async run(harness) {
      const { redis, node, stack } = harness;
      const inputs = { ...good, [beforeKey]: await recordedBefore(harness) };
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ ...inputs, timeout: "2s" }), /not done within/);
      const { taskId } = node.action("enslave_node");
      redis.fault({ kind: "status", status: 401, match: { method: "GET" } });
      await stack.up(inputs).then(
        () => assert.fail("was not refused"),
        () => {},
      );
      node.action("enslave_node").finish();
      await stack.up(inputs);
      assert.equal(outputs(harness).taskId, taskId);
    },
  },
];

const said: Case[] = [
  {
    it: "says which earlier run it counts, when that was, and how to run again",
    mutating: 0,
    async run(harness) {
      const { node, stack } = harness;
      const inputs = { ...good, [beforeKey]: await recordedBefore(harness) };
      node.start("enslave_node").finish();
      await stack.up(inputs);
      const told = harness.said.warnings.join();
      assert.match(told, new RegExp(`task ${node.action("enslave_node").taskId}`));
      assert.match(told, /triggers/);
      assert.match(told, /20\d\d-\d\d-\d\dT?.*\d\d:\d\d/);
    },
  },
  {
    it: "says so in a preview, in place of a plan",
    mutating: 0,
    async run(harness) {
      const { node, stack } = harness;
      const inputs = { ...good, [beforeKey]: await recordedBefore(harness) };
      node.start("enslave_node").finish();
      await stack.preview(inputs);
      const told = harness.said.warnings.join();
      assert.match(told, new RegExp(`task ${node.action("enslave_node").taskId}`));
      assert.match(told, /triggers/);
      assert.deepEqual(harness.said.plans, []);
    },
  },
];

/** Somebody else's action that a run has joined. */
const joined: Case[] = [
  {
    it: "only forgets somebody else's action that it has joined, and says so",
    mutating: 0,
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 10 });
      node.start("enslave_node");
      await incomplete(stack.up({ ...good, timeout: "3s" }), /not done within/);
      await stack.destroy();
      assert.equal(node.action("enslave_node").status, "running");
      assert.match(harness.said.warnings.join(), /somebody else/);
    },
  },
];

const joinedRemoval: Case[] = [
  {
    it: "only forgets somebody else's removal that it has joined, and says so",
    mutating: 0,
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 10 });
      node.start("remove");
      await incomplete(stack.up({ nodeUid: 2, timeout: "3s" }), /not done within/);
      await stack.destroy();
      assert.equal(node.action("remove").status, "running");
      assert.match(harness.said.warnings.join(), /somebody else/);
    },
  },
];

/** A change of what an action is about, while the earlier one runs. */
const changed: Case[] = [
  {
    it: "lets the removal of a node finish before it removes another",
    mutating: 2,
    async run(harness) {
      const { redis, node, stack, costing } = harness;
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ nodeUid: 2, timeout: "3s" }), /not done within/);
      await costing(0, () =>
        incomplete(stack.up({ nodeUid: 3, timeout: "3s" }), /node 2 remove.*not done within/),
      );
      const up = stack.up({ nodeUid: 3 });
      await waiting(harness);
      node.action("remove").finish();
      await up;
      assert.deepEqual(redis.nodeUids, [1]);
    },
  },
  {
    it: "cancels the removal that runs, and not the one that was to follow",
    mutating: 2,
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ nodeUid: 2, timeout: "3s" }), /not done within/);
      await incomplete(stack.up({ nodeUid: 3, timeout: "3s" }), /not done within/);
      await stack.destroy();
      assert.equal(node.action("remove").status, "cancelled");
    },
  },
];

const changedAction: Case[] = [
  {
    it: "lets the earlier action finish before it runs another on the node",
    mutating: 2,
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ ...good, timeout: "3s" }), /not done within/);
      const up = stack.up({ nodeUid: 2, action: "maintenance_on" });
      await waiting(harness);
      assert.equal(node.inMaintenance, false);
      node.action("enslave_node").finish();
      await up;
      assert.equal(node.inMaintenance, true);
    },
  },
  {
    it: "cancels the earlier action, and not the one that was to follow",
    mutating: 2,
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ ...good, timeout: "3s" }), /not done within/);
      await incomplete(stack.up({ nodeUid: 3, action: "maintenance_on", timeout: "3s" }), /not done within/);
      await stack.destroy();
      assert.equal(node.action("enslave_node").status, "cancelled");
    },
  },
];

describe("redis, runs that are counted, joined and changed", function () {
  this.timeout(60_000);
  behaviour("redis:NodeAction", [...attempts, ...said, ...joined, ...changedAction]);
  behaviour("redis:NodeRemoval", [...joinedRemoval, ...changed]);
});
