import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { behaviour, type Case, incomplete, waiting } from "./cluster.ts";

/*
 * What one resource deletes another may want: a resource that was renamed, or moved into a component, is created under its new name
 * before the old one is deleted.
 */

const good = { nodeUid: 2 };
const patient = { ...good, allowOtherNodesUnavailable: true };

const renamed: Case[] = [
  {
    it: "is only forgotten where another declared resource wants the node in maintenance, and says so",
    mutating: 1,
    async run(harness) {
      const { node, stack, another } = harness;
      await stack.up(good);
      const renamedOne = await another();
      await renamedOne.stack.up(good);
      await stack.destroy();
      assert.equal(node.inMaintenance, true);
      assert.match(harness.said.warnings.join(), /only forgotten/);
    },
  },
  {
    it: "leaves once nobody declares it any more",
    mutating: 2,
    async run({ node, stack, another }) {
      await stack.up(good);
      const renamedOne = await another();
      await renamedOne.stack.up(good);
      await stack.destroy();
      await renamedOne.stack.destroy();
      assert.equal(node.inMaintenance, false);
    },
  },
  {
    it: "leaves where another one wants another node in maintenance",
    mutating: 3,
    async run({ redis, node, stack, another }) {
      await stack.up(good);
      await (await another()).stack.up({ ...patient, nodeUid: 3 });
      await stack.destroy();
      assert.deepEqual([node.inMaintenance, redis.node(3).inMaintenance], [false, true]);
    },
  },
];

const renamedStep: Case[] = [
  {
    it: "is only forgotten where another declared step wants the node in maintenance",
    mutating: 1,
    async run({ node, stack, another }) {
      const enter = { nodeUid: 2, phase: "enter", allowNodesInMaintenance: true };
      await stack.up(enter);
      await (await another()).stack.up(enter);
      await stack.destroy();
      assert.equal(node.inMaintenance, true);
    },
  },
];

const beside: Case[] = [
  {
    it: "leaves the node in maintenance where a NodeMaintenance wants it",
    mutating: 1,
    async run(harness) {
      const { node, stack, another, said } = harness;
      await stack.up({ nodeUid: 2, phase: "enter" });
      await (await another("redis:NodeMaintenance")).stack.up(good);
      await stack.destroy();
      assert.equal(node.inMaintenance, true);
      assert.match(said.warnings.join(), /a NodeMaintenance of this program wants it/);
    },
  },
  {
    it: "holds no NodeMaintenance back once it is done",
    mutating: 2,
    async run({ node, stack, another }) {
      const maintenance = await another("redis:NodeMaintenance");
      await maintenance.stack.up(good);
      await stack.up({ nodeUid: 2, phase: "enter", allowNodesInMaintenance: true });
      await maintenance.stack.destroy();
      assert.equal(node.inMaintenance, false);
    },
  },
];

const renamedRuns: Case[] = [
  {
    it: "does not cancel an action that another declared resource waits for",
    mutating: 1,
    async run(harness) {
      const { redis, node, stack, another } = harness;
      const inputs = { nodeUid: 2, action: "enslave_node", timeout: "3s" };
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up(inputs), /not done within/);
      await incomplete((await another()).stack.up(inputs), /not done within/);
      await stack.destroy();
      assert.equal(node.action("enslave_node").status, "running");
      assert.match(harness.said.warnings.join(), /only forgotten/);
    },
  },
];

const turns: Case[] = [
  {
    it: "waits for its turn outside of its timeout, and says so",
    mutating: 2,
    async run(harness) {
      const { redis, node, stack, another } = harness;
      redis.plan({ held: true, actionMs: 10 });
      const first = stack.up(patient);
      await waiting(harness);
      const other = await another();
      const second = other.stack.up({ ...patient, nodeUid: 3, timeout: "3s" });
      await Promise.race([second, pause(4_000)]);
      node.action("maintenance_on").finish();
      await Promise.all([first, second]);
      assert.equal(redis.node(3).inMaintenance, true);
      assert.match(other.said.progress.join(), /turn/);
    },
  },
  {
    it: "waits within its timeout for what somebody else does, and says what that is",
    mutating: 0,
    async run({ redis, node, stack }) {
      node.putInMaintenance();
      redis.plan({ held: true, actionMs: 10 });
      node.start("maintenance_off");
      const up = stack.up({ ...good, timeout: "3s" });
      await up.then(
        () => assert.fail("did not wait"),
        ({ message }) =>
          assert.match(message, /maintenance_off.*somebody else.*not done within the timeout of 3s/),
      );
    },
  },
  {
    it: "takes no turn for a node that was taken out a while ago, and is in maintenance again",
    mutating: 3,
    async run(harness) {
      const { redis, node, stack, another } = harness;
      const [leaver, comer] = [await another(), await another()];
      await leaver.stack.up({ ...patient, nodeUid: 3 });
      await leaver.stack.destroy();
      redis.node(3).putInMaintenance();
      redis.plan({ held: true, actionMs: 10 });
      const up = stack.up(patient);
      await waiting(harness);
      const come = comer.session.create({ ...patient, nodeUid: 3 }).then(() => "done");
      assert.equal(await Promise.race([come, pause(3_000, "waited for its turn")]), "done");
      node.action("maintenance_on").finish();
      await up;
    },
  },
  {
    it: "forgets in a later preview that a replacement was to take a node out first",
    mutating: 0,
    async run({ redis, stack, another }) {
      redis.node(3).putInMaintenance();
      await stack.up({ ...good, nodeUid: 3 });
      // As the engine previews a replacement: with what is recorded, and then without.
      assert.equal(await stack.preview(good), "replace");
      const again = await another();
      assert.deepEqual((await again.session.check(undefined, good, true)).failures, []);
      const later = await another();
      const { failures } = await later.session.check(undefined, good, true);
      assert.match(failures.map(({ reason }) => reason).join(), /node 3 is in maintenance/);
    },
  },
];

describe("redis, what others in this process want, and whose turn it is", function () {
  this.timeout(60_000);
  behaviour("redis:NodeMaintenance", [...renamed, ...turns]);
  behaviour("redis:MaintenanceStep", [...renamedStep, ...beside]);
  behaviour("redis:NodeAction", renamedRuns);
});
