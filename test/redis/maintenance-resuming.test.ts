import assert from "node:assert/strict";
import { behaviour, bodies, type Case, incomplete, looks, outputs, refused, waiting } from "./cluster.ts";

const good = { nodeUid: 2 };
const patient = { ...good, allowOtherNodesUnavailable: true };

const interrupted: Case[] = [
  {
    it: "keeps what it started when the time runs out, and resumes it",
    mutating: 1,
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 10 });
      const recorded = await incomplete(
        stack.up({ ...good, timeout: "3s" }),
        /^redis node 2 maintenance_on: not done within the timeout of 3s \(task [\w-]+, last seen running 50 %, \d+ looks, waited \d+\.\ds, http:\/\/127\.0\.0\.1:\d+\)/,
      );
      const { taskId } = node.action("maintenance_on");
      assert.deepEqual(recorded.__unfinished, {
        nodeUid: 2,
        action: "maintenance_on",
        taskBefore: null,
        taskId,
      });
      assert.equal(recorded.taskId, taskId);
      node.action("maintenance_on").finish();
      await harness.costing(0, () => stack.up({ ...good, timeout: "3s" }));
      assert.equal(outputs(harness).__unfinished, undefined);
      assert.equal(await stack.up({ ...good, timeout: "3s" }), "same");
    },
  },
  {
    it: "resumes while it still runs",
    mutating: 1,
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ ...good, timeout: "3s" }), /not done within/);
      const up = stack.up({ ...good, timeout: "20s" });
      await waiting(harness);
      node.action("maintenance_on").finish();
      await up;
    },
  },
  {
    it: "runs again what ended badly while nobody looked, and says why it did",
    mutating: 2,
    async run({ redis, node, stack, said }) {
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ ...good, timeout: "3s" }), /not done within/);
      node.action("maintenance_on").fail();
      await stack.up({ ...good, timeout: "20s" });
      assert.equal(node.shardCount, 0);
      assert.match(
        said.warnings.join(),
        /maintenance_on ended failed: internal_error: failed by the test \(task [\w-]+\) after the last pulumi up had stopped waiting; it is run again/,
      );
    },
  },
  {
    it: "is recorded when it is cancelled, and resumed",
    mutating: 1,
    async run({ redis, node, stack, session }) {
      redis.plan({ held: true, actionMs: 10 });
      const up = stack.up(good);
      await looks(redis, 2);
      session.cancel?.();
      await incomplete(up, /cancelled/);
      node.action("maintenance_on").finish();
      await stack.up(good);
    },
  },
];

const endings: [outcome: "failed" | "aborted" | "cancelled", why: RegExp][] = [
  [
    "failed",
    /^redis node 2: maintenance_on failed: internal_error: no luck \(task [\w-]+, last seen (queued|starting|running)( \d+ %)? after \d+\.\ds, http:/,
  ],
  ["aborted", /^redis node 2: maintenance_on aborted \(task/],
  ["cancelled", /^redis node 2: maintenance_on cancelled \(task/],
];

const failing: Case[] = [
  ...endings.map(
    ([outcome, why]): Case => ({
      it: `records that it ${outcome}, and the next time sends one more, never with overwrite_snapshot`,
      mutating: 2,
      async run(harness) {
        const { redis, node, stack } = harness;
        redis.plan({ outcome, errorMessage: "no luck" });
        const inputs = { ...good, overwriteSnapshot: true };
        const recorded = await incomplete(stack.up(inputs), why);
        assert.equal(recorded.status, outcome);
        const snapshots = node.snapshotNames;
        await harness.costing(1, () => stack.up(inputs));
        assert.deepEqual(bodies(redis, "maintenance_on"), [{ overwrite_snapshot: true }, {}]);
        assert.deepEqual(node.snapshotNames, snapshots);
        assert.deepEqual([outputs(harness).status, outputs(harness).__unfinished], [undefined, undefined]);
      },
    }),
  ),
  {
    it: "stays recorded half-way through a refresh",
    mutating: 1,
    async run({ redis, stack }) {
      redis.plan({ outcome: "failed" });
      await incomplete(stack.up(good), /failed/);
      await stack.refresh();
      assert.equal(await stack.preview(good), "update");
    },
  },
  {
    it: "sends one more although shards were meant to stay",
    mutating: 2,
    async run({ redis, stack }) {
      redis.plan({ outcome: "failed" });
      await incomplete(stack.up({ ...good, evictHaReplica: false }), /failed/);
      await stack.up({ ...good, evictHaReplica: false });
    },
  },
  {
    it: "finishes once there is room, where too little room was a failure",
    mutating: 2,
    cluster: { insufficientResources: "failed" },
    async run({ redis, node, stack }) {
      await incomplete(
        stack.up(good),
        /maintenance_on failed: insufficient_resources: The cluster does not have sufficient resources/,
      );
      assert.deepEqual([node.inMaintenance, node.shardCount], [true, 2]);
      redis.insufficientResources = undefined;
      await stack.up(good);
      assert.equal(node.shardCount, 0);
    },
  },
  {
    it: "does not take completed for done while shards are left, nor activates twice for it",
    mutating: 1,
    cluster: { insufficientResources: "completed" },
    async run(harness) {
      const { node, stack } = harness;
      const why =
        /not seen: node 2 in maintenance with its shards moved; instead in maintenance, 2 shards on it, accept_servers false \(looked for .*\); make room on the other nodes/;
      const recorded = await incomplete(stack.up(good), why);
      assert.deepEqual([recorded.inMaintenance, recorded.shardCount], [true, 2]);
      await harness.costing(0, () => incomplete(stack.up(good), why));
      assert.equal(node.maintenanceDepth, 1);
      await stack.up({ ...good, evictHaReplica: false });
    },
  },
  {
    it: "counts as done what is called aborted although the node is empty",
    mutating: 1,
    async run(harness) {
      harness.redis.plan({ outcome: "aborted", reaches: 1 });
      await harness.stack.up(good);
      assert.match(harness.said.warnings.join(), /ended aborted, yet what it is for has been done/);
      assert.equal(await harness.stack.up(good), "same");
    },
  },
  {
    it: "is not recorded where the quorum forbids it at once",
    mutating: 1,
    effects: 0,
    cluster: { quorumRefusal: "error" },
    async run({ redis, session }) {
      await redis.node(3).goDown();
      await refused(session.create(patient), /400 quorum: not enough active nodes/);
    },
  },
  {
    it: "is gone after a refresh where the quorum forbade it in the end",
    mutating: 1,
    async run({ redis, stack }) {
      await redis.node(3).goDown();
      await incomplete(stack.up(patient), /maintenance_on failed: insufficient_resources/);
      await stack.refresh();
      assert.equal(stack.state, undefined);
    },
  },
];

describe("redis.NodeMaintenance, when it does not end well", () => {
  behaviour("redis:NodeMaintenance", [...interrupted, ...failing]);
});
