import assert from "node:assert/strict";
import { behaviour, bodies, type Case, incomplete, refused, until } from "./cluster.ts";

const good = { nodeUid: 2 };

const stacked: Case[] = [
  {
    it: "undoes as many activations as there were",
    mutating: 4,
    async play(scene) {
      await scene.stack.up(good);
      for (const _ of ["second", "third"]) scene.node.start("maintenance_on").finish();
      await scene.stack.destroy();
      assert.deepEqual([scene.node.maintenanceDepth, scene.node.shardCount], [0, 4]);
      assert.match(
        scene.said.warnings.join(),
        /node 2 was activated more than once: maintenance_off completed, yet/,
      );
    },
  },
  {
    it: "undoes its own second attempt, too",
    mutating: 4,
    cluster: { insufficientResources: "failed" },
    async play(scene) {
      await incomplete(scene.stack.up(good), /insufficient_resources/);
      scene.redis.insufficientResources = undefined;
      await scene.stack.up(good);
      await scene.stack.destroy();
      assert.deepEqual([scene.node.maintenanceDepth, scene.node.shardCount], [0, 4]);
    },
  },
  {
    it: "stops after five, and goes on the next time",
    mutating: 8,
    async play(scene) {
      await scene.stack.up(good);
      for (const _ of [2, 3, 4, 5, 6, 7]) scene.node.start("maintenance_on").finish();
      await scene.costing(5, () =>
        refused(scene.stack.destroy(), /5 times were not enough; the next pulumi destroy/),
      );
      await scene.costing(2, () => scene.stack.destroy());
      assert.equal(scene.node.inMaintenance, false);
    },
  },
];

const withoutSnapshot: Case[] = [
  {
    it: "is not done when maintenance_off completes without effect, and says what is",
    mutating: 3,
    async play(scene) {
      const { node, stack } = scene;
      await scene.stack.up(good);
      node.dropSnapshots();
      await scene.costing(1, () =>
        refused(
          stack.destroy(),
          /^redis node 2: not seen: node 2 out of maintenance; maintenance_off completed, yet it is in maintenance, 0 shards on it, accept_servers false \(http.*a maintenance snapshot to restore may be missing: set skipShardsRestore: true/,
        ),
      );
      await scene.costing(0, () => stack.up({ ...good, skipShardsRestore: true }));
      await stack.destroy();
      assert.deepEqual([node.inMaintenance, node.shardCount], [false, 0]);
    },
  },
  {
    it: "says so when maintenance_off fails",
    mutating: 2,
    cluster: { missingSnapshot: "failed" },
    async play(scene) {
      await scene.stack.up(good);
      scene.node.dropSnapshots();
      await refused(
        scene.stack.destroy(),
        /maintenance_off failed: internal_error: The snapshot cannot be restored\. \(task/,
      );
    },
  },
  {
    it: "sends one request for a named snapshot that does not exist, however it looks",
    mutating: 2,
    async play(scene) {
      await scene.stack.up({ ...good, snapshotName: "nightly" });
      await refused(scene.stack.destroy(), /the snapshot nightly to restore may be missing/);
      assert.deepEqual(bodies(scene.redis, "maintenance_off"), [{ snapshot_name: "nightly" }]);
    },
  },
  {
    it: "counts as done what is called aborted although the node is out",
    mutating: 2,
    async play(scene) {
      await scene.stack.up(good);
      scene.redis.plan({ held: true, actionMs: 10 });
      const gone = scene.stack.destroy();
      await until(() => scene.node.action("maintenance_off").status === "running");
      scene.node.action("maintenance_off").abort();
      scene.node.takeOutOfMaintenance();
      await gone;
      assert.match(scene.said.warnings.join(), /ended aborted, yet what it is for has been done/);
    },
  },
  {
    it: "tries again the next time what was aborted on the way out",
    mutating: 3,
    async play(scene) {
      await scene.stack.up(good);
      scene.redis.plan({ outcome: "aborted" });
      await refused(scene.stack.destroy(), /maintenance_off aborted \(task/);
      await scene.stack.destroy();
      assert.equal(scene.node.inMaintenance, false);
    },
  },
];

describe("redis.NodeMaintenance, when one maintenance_off is not enough", () => {
  behaviour("redis:NodeMaintenance", [...stacked, ...withoutSnapshot]);
});
