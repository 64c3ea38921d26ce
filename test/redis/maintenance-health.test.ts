import assert from "node:assert/strict";
import { after, behaviour, type Case, healthSays, refused } from "./cluster.ts";

/*
 * The health is observed at some moment, and may lag: where the node itself and its history say otherwise, neither counts alone.
 */

const good = { nodeUid: 2 };

const claimed: Case[] = [
  {
    it: "is not done by a stale health alone, while the node takes shards",
    mutating: 1,
    cluster: { shardsPerNode: 0 },
    async run(harness) {
      const { redis, node, session } = harness;
      node.start("maintenance_on").finish();
      node.start("maintenance_off").finish();
      healthSays(redis, (uid) => uid === 2, 1);
      await session.create(good).catch(() => {});
      assert.equal(node.inMaintenance, true, "done, and the node is not in maintenance");
    },
  },
  {
    it: "is not done by a stale health alone where shards may stay",
    mutating: 1,
    async run(harness) {
      const { redis, node, session } = harness;
      node.start("maintenance_on").finish();
      node.start("maintenance_off").finish();
      healthSays(redis, (uid) => uid === 2, 1);
      await session.create({ ...good, evictHaReplica: false }).catch(() => {});
      assert.equal(node.inMaintenance, true, "done, and the node is not in maintenance");
    },
  },
  {
    it: "does not send maintenance_off over and over to a node that takes shards",
    mutating: 2,
    async run(harness) {
      const { redis, stack } = harness;
      await stack.up({ ...good, skipShardsRestore: true });
      healthSays(redis, (uid) => uid === 2);
      await stack.destroy().catch(() => {});
    },
  },
];

const denied: Case[] = [
  {
    it: "does not stack on another's that began and ended just before its request, while health lags",
    mutating: 0,
    cluster: { shardsPerNode: 0 },
    async run(harness) {
      const { redis, node, session } = harness;
      healthSays(redis, () => false);
      after(redis, "/v1/nodes", () => node.start("maintenance_on").finish());
      await session.create(good).catch(() => {});
      assert.equal(node.maintenanceDepth, 1);
    },
  },
  {
    it: "is undone by a delete though the health denies it and there was an earlier maintenance_off",
    mutating: 4,
    async run(harness) {
      const { redis, node, stack } = harness;
      await stack.up(good);
      await stack.destroy();
      await stack.up(good);
      healthSays(redis, () => false);
      await stack.destroy().catch(() => {});
      assert.equal(node.maintenanceDepth, 0, "deleted, and the node stays in maintenance");
    },
  },
  {
    it: "is not stacked after a refresh that met a health that denies it",
    mutating: 3,
    async run(harness) {
      const { redis, node, stack } = harness;
      await stack.up(good);
      await stack.destroy();
      await stack.up(good);
      healthSays(redis, () => false);
      await stack.refresh();
      await stack.up(good).catch(() => {});
      assert.equal(node.maintenanceDepth, 1);
    },
  },
];

const unusable: Case[] = [
  {
    it: "says of the health what it did, where it answered 503 with Retry-After",
    mutating: 0,
    cluster: { shardsPerNode: 0, maintenanceListeners: "kept" },
    async run(harness) {
      const { redis, node, session } = harness;
      node.start("maintenance_on").finish();
      node.dropSnapshots();
      redis.fault({
        kind: "status",
        status: 503,
        headers: { "Retry-After": "30" },
        match: { path: "/v4/cluster/health" },
        times: Number.POSITIVE_INFINITY,
      });
      await refused(session.create(good), /503/);
    },
  },
  {
    it: "says of a health that it cannot read that it cannot, and not that there is none",
    mutating: 0,
    cluster: { shardsPerNode: 0, maintenanceListeners: "kept" },
    async run(harness) {
      const { redis, node, session } = harness;
      node.start("maintenance_on").finish();
      node.dropSnapshots();
      const value = { nodes: [{ id: "node:2", in_maintenance: true }] };
      redis.fault({
        kind: "wrongType",
        value,
        match: { path: "/v4/cluster/health" },
        times: Number.POSITIVE_INFINITY,
      });
      const error = await session.create(good).then(
        () => assert.fail("done"),
        (reason: Error) => reason,
      );
      assert.doesNotMatch(error.message, /before 8\.0\.16 there is no/);
    },
  },
];

describe("a health that says in of a node that takes shards", () =>
  behaviour("redis:NodeMaintenance", claimed));
describe("a health that says out of a node that has entered", () =>
  behaviour("redis:NodeMaintenance", denied));
describe("a health that cannot be used", () => behaviour("redis:NodeMaintenance", unusable));
