import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import {
  behaviour,
  type Case,
  get,
  type Harness,
  incomplete,
  outputs,
  post,
  refused,
  until,
  waiting,
} from "./cluster.ts";

const good = { nodeUid: 2 };

/** A removal that stands still, and an `up` that has given up waiting for it: one request. */
async function heldUp({ redis, stack }: Harness): Promise<void> {
  redis.plan({ held: true, actionMs: 10 });
  await incomplete(stack.up({ ...good, timeout: "3s" }), /node 2 remove: not done within the timeout of 3s/);
}

const failing: Case[] = [
  {
    it: "records why it failed, and runs again the next time",
    mutating: 2,
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ outcome: "failed", errorCode: "insufficient_resources", errorMessage: "no room" });
      const recorded = await incomplete(
        stack.up(good),
        /^redis node 2: remove failed: insufficient_resources: no room \(task/,
      );
      assert.deepEqual(
        [recorded.status, recorded.errorCode, recorded.errorMessage],
        ["failed", "insufficient_resources", "no room"],
      );
      await stack.up(good);
      assert.equal(node.exists, false);
    },
  },
  {
    it: "goes on waiting for what it started, once the time has run out",
    mutating: 1,
    async run(harness) {
      await heldUp(harness);
      await harness.costing(0, async () => {
        const up = harness.stack.up(good);
        await waiting(harness);
        harness.node.action("remove").finish();
        await up;
      });
      assert.equal(harness.node.exists, false);
    },
  },
  {
    it: "is done when the removal has ended meanwhile",
    mutating: 1,
    async run(harness) {
      await heldUp(harness);
      const { taskId } = harness.node.action("remove");
      harness.node.action("remove").finish();
      await harness.costing(0, () => harness.stack.up(good));
      assert.deepEqual([outputs(harness).removed, outputs(harness).taskId], [true, taskId]);
    },
  },
  {
    it: "says how the removal ended that failed meanwhile, and runs again after that",
    mutating: 2,
    async run(harness) {
      await heldUp(harness);
      harness.node.action("remove").fail("insufficient_resources", "no room");
      await harness.costing(0, () =>
        incomplete(
          harness.stack.up(good),
          /remove failed: insufficient_resources: no room \(task .*, ended before it was looked for again/,
        ),
      );
      await harness.costing(1, () => harness.stack.up(good));
    },
  },
  {
    it: "does not take the task of another node for its own",
    mutating: 2,
    async run({ redis, stack }) {
      redis.fault({ kind: "reset", when: "after", match: post("remove") });
      redis.watch(
        ({ method }) =>
          method === "POST" && redis.fault({ kind: "status", status: 403, match: get("remove") }),
      );
      await incomplete(stack.up(good), /403/);
      redis.node(3).start("remove").fail();
      await stack.up({ nodeUid: 3 });
      assert.equal(redis.node(3).exists, false);
    },
  },
  {
    it: "takes a lost answer to a removal that was quick for what it is",
    mutating: 1,
    cluster: { actionMs: 1 },
    async run({ redis, node, stack }) {
      redis.fault({ kind: "reset", when: "after", match: post("remove") });
      await stack.up(good);
      assert.equal(node.exists, false);
    },
  },
  {
    it: "does not take a list of another type, or an empty one, for the node's absence",
    mutating: 0,
    async run({ redis, session }) {
      const nodes = { path: "/v1/nodes" };
      redis.fault({ kind: "wrongType", match: nodes });
      await refused(session.create(good), /answered 200 with a string where a list is documented/);
      redis.fault({ kind: "wrongType", value: [], match: nodes });
      await refused(session.create(good), /lists no node, not even its own/);
      redis.fault({ kind: "status", status: 404, match: nodes });
      await refused(session.create(good), /404/);
    },
  },
];

const deleting: Case[] = [
  {
    it: "only forgets what has ended",
    mutating: 1,
    async run({ stack }) {
      await stack.up(good);
      await stack.destroy();
    },
  },
  {
    it: "cancels what still runs",
    mutating: 2,
    async run(harness) {
      await heldUp(harness);
      await harness.stack.destroy();
      assert.deepEqual([harness.node.exists, harness.node.action("remove").status], [true, "cancelled"]);
      assert.equal(harness.node.acceptServers, false);
      assert.match(
        harness.said.warnings.at(-1) ?? "",
        /^node 2: remove has ended cancelled; node 2 stays in the cluster and takes no new shards: run the removal again/,
      );
    },
  },
  {
    it: "leaves alone what somebody else has started since",
    mutating: 1,
    async run(harness) {
      await heldUp(harness);
      harness.node.action("remove").replaceTask("somebody-elses");
      await harness.stack.destroy();
      // It begins again from nothing.
      await until(() => !/queued|starting/.test(`${harness.node.action("remove").status}`));
      assert.equal(harness.node.action("remove").status, "running");
    },
  },
  {
    it: "only forgets what failed, which has said what it leaves",
    mutating: 1,
    async run({ redis, stack, said }) {
      redis.plan({ outcome: "failed" });
      await incomplete(
        stack.up(good),
        /remove failed: .*; node 2 stays in the cluster and takes no new shards/,
      );
      const told = said.warnings.length;
      await stack.destroy();
      assert.equal(said.warnings.length, told);
    },
  },
  {
    it: "knows its own though the answer to its request was lost",
    mutating: 2,
    connection: { requestTimeout: "400ms" },
    async run({ redis, node, stack }) {
      redis.plan({ held: true, actionMs: 10 });
      redis.fault({ kind: "reset", when: "after", match: post("remove") });
      redis.watch(
        ({ method }) =>
          method === "POST" && redis.fault({ kind: "status", status: 403, match: get("remove") }),
      );
      const { __unfinished } = await incomplete(stack.up(good), /403/);
      assert.deepEqual(__unfinished, { nodeUid: 2, action: "remove", taskBefore: null });
      await stack.destroy();
      assert.equal(node.action("remove").status, "cancelled");
    },
  },
  {
    it: "does not say cancelled of a removal that failed before the request to cancel it",
    mutating: 2,
    async run(harness) {
      const { redis, node, stack, said } = harness;
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ ...good, timeout: "3s" }), /not done within/);
      redis.fault({ kind: "delay", ms: 300, match: { method: "DELETE" } });
      const destroy = stack.destroy();
      await pause(150);
      node.action("remove").fail("insufficient_resources", "no room");
      await destroy;
      assert.doesNotMatch(said.warnings.join(), /has ended cancelled/);
    },
  },
];

const byHand: Case[] = [
  {
    it: "says what a cancelled remove leaves",
    mutating: 2,
    async run({ redis, stack, said }) {
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ ...good, action: "remove", timeout: "3s" }), /not done within/);
      await stack.destroy();
      assert.match(
        said.warnings.join(),
        /remove has ended cancelled; node 2 stays in the cluster and takes no new/,
      );
    },
  },
];

describe("redis.NodeRemoval, when it does not end well", () => {
  behaviour("redis:NodeRemoval", [...failing, ...deleting]);
});
describe("redis.NodeAction with remove", () => behaviour("redis:NodeAction", byHand));
