import assert from "node:assert/strict";
import { after, behaviour, type Case, incomplete, outputs } from "./cluster.ts";

const good = { nodeUid: 2 };
const on = { ...good, action: "maintenance_on" };

const maintenance: Case[] = [
  {
    it: "does not activate maintenance on top of maintenance",
    mutating: 0,
    async run(harness) {
      harness.node.putInMaintenance();
      await harness.stack.up(on);
      assert.equal(harness.node.maintenanceDepth, 1);
      assert.equal(outputs(harness).status, "completed");
    },
  },
  {
    it: "says so when the node has entered maintenance since the preview",
    mutating: 0,
    async run({ node, session, said }) {
      node.putInMaintenance();
      await session.create(on);
      assert.deepEqual(said.warnings, ["node 2 is already in maintenance: maintenance_on was not sent"]);
    },
  },
  {
    it: "does not deactivate maintenance where there is none",
    mutating: 0,
    run: async ({ stack }) => void (await stack.up({ ...on, action: "maintenance_off" })),
  },
  {
    it: "sends maintenance_on again that failed half-way",
    mutating: 2,
    async run({ redis, node, stack }) {
      redis.plan({ outcome: "failed" });
      await incomplete(stack.up(on), /maintenance_on failed/);
      await stack.up(on);
      assert.equal(node.shardCount, 0);
    },
  },
  {
    it: "takes a node out that was left half-way",
    mutating: 1,
    async run({ redis, node, stack }) {
      redis.plan({ held: true, actionMs: 0 });
      node.start("maintenance_on").fail();
      await stack.up({ ...on, action: "maintenance_off" });
      assert.deepEqual([node.inMaintenance, node.shardCount], [false, 4]);
    },
  },
  {
    it: "does not stack on another's that began and ended just before its request",
    mutating: 0,
    async run(harness) {
      const { redis, node, session } = harness;
      after(redis, "/v4/cluster/health", () => node.start("maintenance_on").finish());
      await session.create(on).catch(() => {});
      assert.equal(node.maintenanceDepth, 1);
    },
  },
  {
    it: "does not overwrite the snapshot of a node that its failed maintenance_on has half emptied",
    mutating: 2,
    async run(harness) {
      const { redis, node, stack } = harness;
      const inputs = { ...good, action: "maintenance_on", parameters: { overwrite_snapshot: true } };
      redis.plan({ outcome: "failed", reaches: 0.5 });
      await incomplete(stack.up(inputs), /failed/);
      assert.equal(node.shardCount, 2);
      await stack.up(inputs).catch(() => {});
      node.takeOutOfMaintenance();
      assert.equal(node.shardCount, 4, "the original placement is lost");
    },
  },
];

describe("redis.NodeAction with maintenance_on or maintenance_off", () =>
  behaviour("redis:NodeAction", maintenance));
