import assert from "node:assert/strict";
import { call } from "../simulators/call.ts";
import { behaviour, type Case, type Harness, incomplete, refused, until, waiting } from "./cluster.ts";

const good = { nodeUid: 2 };

/** A maintenance_on that stands still half-way, and an `up` that has given up waiting for it: one request. */
async function heldUp({ redis, stack }: Harness, actionMs = 10): Promise<void> {
  redis.plan({ action: "maintenance_on", held: true, actionMs });
  await incomplete(stack.up({ ...good, timeout: "3s" }), /not done within/);
}

const leaving: Case[] = [
  {
    it: "brings the shards back",
    mutating: 2,
    async run(harness) {
      await harness.stack.up(good);
      await harness.costing(1, () => harness.stack.destroy());
      assert.deepEqual(
        [harness.node.inMaintenance, harness.node.acceptServers, harness.node.shardCount],
        [false, true, 4],
      );
    },
  },
  {
    it: "sends nothing when the deactivation that was running has just ended",
    mutating: 1,
    async run({ redis, node, stack }) {
      await stack.up(good);
      redis.plan({ action: "maintenance_off", held: true, actionMs: 10 });
      node.start("maintenance_off");
      const unwatch = redis.watch(({ path }) => {
        if (!path.endsWith("/maintenance_off")) return;
        node.action("maintenance_off").finish();
        unwatch();
      });
      await stack.destroy();
      assert.equal(node.inMaintenance, false);
    },
  },
  {
    it: "takes a node out that a failed activation left half-way",
    mutating: 2,
    async run(harness) {
      harness.redis.plan({ outcome: "failed" });
      await incomplete(harness.stack.up(good), /failed/);
      await harness.costing(1, () => harness.stack.destroy());
      assert.deepEqual([harness.node.inMaintenance, harness.node.shardCount], [false, 4]);
    },
  },
  {
    it: "cancels an activation that still runs, then takes the node out",
    mutating: 3,
    async run(harness) {
      await heldUp(harness);
      await harness.stack.destroy();
      const sent = harness.redis.requests
        .filter((it) => it.mutating)
        .map(({ method, path }) => `${method} ${path}`);
      assert.deepEqual(sent.slice(1), [
        "DELETE /v1/nodes/2/actions/maintenance_on",
        "POST /v1/nodes/2/actions/maintenance_off",
      ]);
      assert.deepEqual([harness.node.inMaintenance, harness.node.shardCount], [false, 4]);
    },
  },
  {
    it: "only cancels an activation that has not begun",
    mutating: 2,
    async run(harness) {
      await heldUp(harness, 600_000);
      await harness.stack.destroy();
      assert.equal(harness.node.inMaintenance, false);
    },
  },
  {
    it: "sends one DELETE though the answer to it is lost",
    mutating: 3,
    async run(harness) {
      await heldUp(harness);
      harness.redis.fault({ kind: "reset", when: "after", match: { method: "DELETE" } });
      await harness.stack.destroy();
      assert.equal(harness.node.inMaintenance, false);
    },
  },
  {
    it: "waits for the end of an activation that somebody else is cancelling",
    mutating: 3,
    cluster: { cancelMs: 1_000 },
    async run(harness) {
      await heldUp(harness);
      await call(harness.redis.endpoints[0], "DELETE /v1/nodes/2/actions/maintenance_on");
      await harness.costing(1, () => harness.stack.destroy());
      assert.equal(harness.node.inMaintenance, false);
    },
  },
  {
    it: "sends nothing for a node that is gone",
    mutating: 1,
    async run(harness) {
      await harness.stack.up(good);
      harness.node.vanish();
      await harness.stack.destroy();
    },
  },
  {
    it: "sends nothing for a node that was taken out by hand",
    mutating: 1,
    async run(harness) {
      await harness.stack.up(good);
      harness.node.takeOutOfMaintenance();
      await harness.stack.destroy();
    },
  },
  {
    it: "sends nothing where the activation never took hold",
    mutating: 1,
    async run({ redis, stack }) {
      await redis.node(3).goDown();
      await incomplete(stack.up({ ...good, allowOtherNodesUnavailable: true }), /insufficient_resources/);
      await stack.destroy();
    },
  },
  {
    it: "joins a maintenance_off of somebody else",
    mutating: 1,
    async run(harness) {
      await harness.stack.up(good);
      harness.redis.plan({ held: true, actionMs: 0 });
      const action = harness.node.start("maintenance_off");
      const gone = harness.stack.destroy();
      await waiting(harness);
      action.finish();
      await gone;
      assert.deepEqual([harness.node.inMaintenance, harness.node.shardCount], [false, 4]);
    },
  },
  {
    it: "is done when the node disappears on the way out",
    mutating: 2,
    async run(harness) {
      await harness.stack.up(good);
      harness.redis.plan({ held: true, actionMs: 10 });
      const gone = harness.stack.destroy();
      await until(() => harness.node.action("maintenance_off").status === "running");
      harness.node.vanish();
      await gone;
    },
  },
  {
    it: "fails when the time runs out, and joins what runs the next time",
    mutating: 2,
    async run(harness) {
      await harness.stack.up({ ...good, timeout: "3s" });
      harness.redis.plan({ held: true, actionMs: 10 });
      await refused(harness.stack.destroy(), /node 2 maintenance_off: not done within the timeout of 3s/);
      await harness.costing(0, async () => {
        const gone = harness.stack.destroy();
        await waiting(harness);
        harness.node.action("maintenance_off").finish();
        await gone;
      });
      assert.equal(harness.node.inMaintenance, false);
    },
  },
  {
    it: "sends maintenance_off once though the answer to it is lost",
    mutating: 2,
    async run(harness) {
      await harness.stack.up(good);
      harness.redis.fault({ kind: "reset", when: "after", match: { method: "POST" } });
      await harness.stack.destroy();
      assert.equal(harness.node.inMaintenance, false);
    },
  },
  {
    it: "can be deleted where its activation was refused on a quorum node",
    mutating: 3,
    cluster: { shardsPerNode: 0 },
    async run(harness) {
      const { redis, stack } = harness;
      await call(redis.endpoints[0], "PUT /v1/nodes/2", { body: { accept_servers: false } });
      await redis.node(3).goDown();
      await incomplete(stack.up({ ...good, allowOtherNodesUnavailable: true }), /insufficient_resources/);
      await stack.destroy();
      assert.equal(stack.state, undefined);
    },
  },
];

describe("redis.NodeMaintenance, when it is deleted", () => {
  behaviour("redis:NodeMaintenance", leaving);
});
