import assert from "node:assert/strict";
import { behaviour, bodies, type Case, incomplete, refused, until } from "./cluster.ts";

const good = { nodeUid: 2 };

const stacked: Case[] = [
  {
    it: "undoes as many activations as there were",
    mutating: 4,
    async run(harness) {
      await harness.stack.up(good);
      for (const _ of ["second", "third"]) harness.node.start("maintenance_on").finish();
      await harness.stack.destroy();
      assert.deepEqual([harness.node.maintenanceDepth, harness.node.shardCount], [0, 4]);
      assert.match(
        harness.said.warnings.join(),
        /node 2 was activated more than once: maintenance_off completed, yet/,
      );
    },
  },
  {
    it: "undoes its own second attempt, too",
    mutating: 4,
    cluster: { insufficientResources: "failed" },
    async run(harness) {
      await incomplete(harness.stack.up(good), /insufficient_resources/);
      harness.redis.insufficientResources = undefined;
      await harness.stack.up(good);
      await harness.stack.destroy();
      assert.deepEqual([harness.node.maintenanceDepth, harness.node.shardCount], [0, 4]);
    },
  },
  {
    it: "stops after five, and goes on the next time",
    mutating: 8,
    async run(harness) {
      await harness.stack.up(good);
      for (const _ of [2, 3, 4, 5, 6, 7]) harness.node.start("maintenance_on").finish();
      await harness.costing(5, () =>
        refused(harness.stack.destroy(), /5 times were not enough; the next pulumi destroy/),
      );
      await harness.costing(2, () => harness.stack.destroy());
      assert.equal(harness.node.inMaintenance, false);
    },
  },
];

const withoutSnapshot: Case[] = [
  {
    it: "is not done when maintenance_off completes without effect, and says what is",
    mutating: 3,
    async run(harness) {
      const { node, stack } = harness;
      await harness.stack.up(good);
      node.dropSnapshots();
      await harness.costing(1, () =>
        refused(
          stack.destroy(),
          /^redis node 2: not seen: node 2 out of maintenance; maintenance_off completed, yet it is in maintenance, 0 shards on it, accept_servers false \(http.*a maintenance snapshot to restore may be missing: set skipShardsRestore: true/,
        ),
      );
      await harness.costing(0, () => stack.up({ ...good, skipShardsRestore: true }));
      await stack.destroy();
      assert.deepEqual([node.inMaintenance, node.shardCount], [false, 0]);
    },
  },
  {
    it: "says so when maintenance_off fails",
    mutating: 2,
    cluster: { missingSnapshot: "failed" },
    async run(harness) {
      await harness.stack.up(good);
      harness.node.dropSnapshots();
      await refused(
        harness.stack.destroy(),
        /maintenance_off failed: internal_error: The snapshot cannot be restored\. \(task/,
      );
    },
  },
  {
    it: "sends one request for a named snapshot that does not exist, however it looks",
    mutating: 2,
    async run(harness) {
      await harness.stack.up({ ...good, snapshotName: "nightly" });
      await refused(harness.stack.destroy(), /the snapshot nightly to restore may be missing/);
      assert.deepEqual(bodies(harness.redis, "maintenance_off"), [{ snapshot_name: "nightly" }]);
    },
  },
  {
    it: "counts as done what is called aborted although the node is out",
    mutating: 2,
    async run(harness) {
      await harness.stack.up(good);
      harness.redis.plan({ held: true, actionMs: 10 });
      const gone = harness.stack.destroy();
      await until(() => harness.node.action("maintenance_off").status === "running");
      harness.node.action("maintenance_off").abort();
      harness.node.takeOutOfMaintenance();
      await gone;
      assert.match(harness.said.warnings.join(), /ended aborted, yet what it is for has been done/);
    },
  },
  {
    it: "tries again the next time what was aborted on the way out",
    mutating: 3,
    async run(harness) {
      await harness.stack.up(good);
      harness.redis.plan({ outcome: "aborted" });
      await refused(harness.stack.destroy(), /maintenance_off aborted \(task/);
      await harness.stack.destroy();
      assert.equal(harness.node.inMaintenance, false);
    },
  },
];

describe("redis.NodeMaintenance, when one maintenance_off is not enough", () => {
  behaviour("redis:NodeMaintenance", [...stacked, ...withoutSnapshot]);
});
