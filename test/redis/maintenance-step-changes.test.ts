import assert from "node:assert/strict";
import { behaviour, type Case, incomplete, refused } from "./cluster.ts";

/*
 * A step that changes while it is under way, and a roll over nodes that somebody else has in maintenance.
 */

const changedStep: Case[] = [
  {
    it: "takes the node out that is just entering when its phase changes",
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ nodeUid: 2, phase: "enter", timeout: "3s" }), /not done within/);
      await stack.up({ nodeUid: 2, phase: "leave" });
      assert.deepEqual([node.inMaintenance, node.acceptServers], [false, true]);
    },
  },
  {
    it: "takes the node out that is just entering when the step goes to another node",
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ nodeUid: 2, phase: "enter", timeout: "3s" }), /not done within/);
      await stack.up({ nodeUid: 3, phase: "enter" });
      assert.deepEqual([node.inMaintenance, redis.node(3).inMaintenance], [false, true]);
    },
  },
  {
    it: "reads the role back once more when its triggers change after a leadership that was not handed over",
    mutating: 1,
    cluster: { ignoredParameters: ["demote_node"] },
    async run({ stack }) {
      const inputs = { nodeUid: 1, phase: "enter", demoteNode: true };
      await incomplete(stack.up(inputs), /without the leadership/);
      await incomplete(stack.up({ ...inputs, triggers: [1] }), /without the leadership/);
    },
  },
];

/** Somebody else's maintenance, which a roll would end. */
const rolls: Case[] = [
  {
    it: "says in a preview that somebody else has the node in maintenance, and refuses to end that",
    mutating: 0,
    async run({ node, stack, said }) {
      node.putInMaintenance();
      await stack.preview({ nodeUid: 2, phase: "enter" });
      assert.match(said.warnings.join(), /in maintenance.*not by this roll.*allowNodesInMaintenance/);
      await refused(stack.up({ nodeUid: 2, phase: "enter" }), /in maintenance/);
      assert.equal(node.inMaintenance, true);
    },
  },
  {
    it: "takes somebody else's maintenance over when told to, and says so in a preview",
    mutating: 1,
    async run(harness) {
      const { node, stack, another } = harness;
      node.putInMaintenance();
      const enter = { nodeUid: 2, phase: "enter", allowNodesInMaintenance: true };
      await stack.preview(enter);
      assert.match(harness.said.warnings.join(), /node 2 is already in maintenance/);
      await stack.up(enter);
      await (await another()).stack.up({ nodeUid: 2, phase: "leave" });
      assert.equal(node.inMaintenance, false);
    },
  },
  {
    it: "enters again by its triggers what it has put in itself",
    mutating: 1,
    async run({ node, stack }) {
      await stack.up({ nodeUid: 2, phase: "enter" });
      await stack.preview({ nodeUid: 2, phase: "enter", triggers: [1] });
      await stack.up({ nodeUid: 2, phase: "enter", triggers: [1] });
      assert.equal(node.maintenanceDepth, 1);
    },
  },
];

describe("one step of redis.RollingMaintenance, changed or over somebody else's maintenance", function () {
  this.timeout(60_000);
  behaviour("redis:MaintenanceStep", [...changedStep, ...rolls]);
});
