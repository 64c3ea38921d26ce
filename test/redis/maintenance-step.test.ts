import assert from "node:assert/strict";
import { behaviour, type Case, get, incomplete, outputs, post, refused } from "./cluster.ts";

const enter = { nodeUid: 2, phase: "enter" };
const leave = { nodeUid: 2, phase: "leave" };

const cases: Case[] = [
  {
    it: "enters, and is done for good",
    mutating: 1,
    async run(harness) {
      await harness.stack.up(enter);
      assert.deepEqual([outputs(harness).inMaintenance, outputs(harness).shardCount], [true, 0]);
      harness.node.takeOutOfMaintenance();
      await harness.stack.refresh();
      assert.equal(await harness.stack.up(enter), "same");
    },
  },
  {
    it: "leaves what an earlier step has entered",
    mutating: 2,
    async run({ node, stack, another }) {
      await stack.up(enter);
      await (await another()).stack.up(leave);
      assert.deepEqual([node.inMaintenance, node.shardCount], [false, 4]);
    },
  },
  {
    it: "is left as it is, with a warning, when the cluster has forgotten whose it is",
    mutating: 1,
    async run({ redis, node, stack, said }) {
      await stack.up(enter);
      await redis.restart({ loseHistory: true });
      await stack.destroy();
      assert.equal(node.inMaintenance, true);
      assert.match(
        said.warnings.at(-1) ?? "",
        /node 2 is in maintenance, .* no longer tells since which task/,
      );
    },
  },
  {
    it: "is done again when its triggers change",
    mutating: 2,
    async run({ node, stack }) {
      await stack.up(enter);
      node.takeOutOfMaintenance();
      assert.equal(await stack.up({ ...enter, triggers: [1] }), "update");
      assert.equal(node.inMaintenance, true);
    },
  },
  {
    it: "stays done when only the way of entering changes: a roll does not begin anew",
    mutating: 1,
    async run({ node, stack }) {
      await stack.up(enter);
      node.takeOutOfMaintenance();
      assert.equal(
        await stack.up({ ...enter, allowOtherNodesUnavailable: true, evictHaReplica: false }),
        "update",
      );
      assert.equal(node.inMaintenance, false);
    },
  },
  {
    it: "resumes what ran on when the time ran out",
    mutating: 1,
    async run({ redis, node, stack, costing }) {
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ ...enter, timeout: "3s" }), /not done within/);
      node.action("maintenance_on").finish();
      await costing(0, () => stack.up(enter));
    },
  },
  {
    it: "takes the node out again when a roll that stopped is deleted",
    mutating: 2,
    async run({ node, stack }) {
      await stack.up(enter);
      await stack.destroy();
      assert.equal(node.inMaintenance, false);
    },
  },
  {
    it: "leaves the node alone that somebody else has put in since",
    mutating: 1,
    async run({ node, stack }) {
      await stack.up(enter);
      node.takeOutOfMaintenance();
      node.start("maintenance_on").finish();
      await stack.destroy();
      assert.equal(node.inMaintenance, true);
    },
  },
  {
    it: "refuses while another node is in maintenance, in an update only",
    mutating: 0,
    async run({ redis, stack, said }) {
      redis.node(3).putInMaintenance();
      assert.equal(await stack.preview(enter), "create");
      assert.deepEqual(said.plans, ["node 2: maintenance_on, 6 shards to migrate"]);
      await refused(stack.up(enter), /node 3 is in maintenance/);
    },
  },
  {
    it: "sends nothing to leave where there is no maintenance",
    mutating: 0,
    async run({ stack, said }) {
      await stack.preview(leave);
      await stack.up(leave);
      assert.deepEqual(said.plans, ["node 2: maintenance_off"]);
    },
  },
  {
    it: "is taken out by a delete though the answer to its request was lost",
    mutating: 2,
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 10 });
      redis.fault({ kind: "reset", when: "after", match: post("maintenance_on") });
      const blind = redis.fault({
        kind: "status",
        status: 503,
        match: get("maintenance_on"),
        times: Number.POSITIVE_INFINITY,
        skip: 1,
      });
      await incomplete(stack.up({ ...enter, timeout: "4s" }), /./);
      blind.remove();
      node.action("maintenance_on").finish();
      await stack.destroy();
      assert.equal(node.maintenanceDepth, 0, `left in maintenance; told: ${harness.said.warnings.join()}`);
    },
  },
  {
    it: "is cancelled by a delete though it has only begun, and the answer to its request was lost",
    mutating: 2,
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 600_000 });
      redis.fault({ kind: "reset", when: "after", match: post("maintenance_on") });
      const blind = redis.fault({
        kind: "status",
        status: 503,
        match: get("maintenance_on"),
        times: Number.POSITIVE_INFINITY,
        skip: 1,
      });
      await incomplete(stack.up({ ...enter, timeout: "4s" }), /./);
      blind.remove();
      assert.equal(node.action("maintenance_on").status, "queued");
      await stack.destroy();
      assert.equal(
        node.action("maintenance_on").status,
        "cancelled",
        `going on; told: ${harness.said.warnings.join()}`,
      );
    },
  },
];

describe("one step of redis.RollingMaintenance", () => behaviour("redis:MaintenanceStep", cases));
