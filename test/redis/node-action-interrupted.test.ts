import assert from "node:assert/strict";
import { beforeKey } from "../../provider/core/lifecycle/intent.ts";
import {
  behaviour,
  bodies,
  type Case,
  incomplete,
  outputs,
  type Scene,
  type User,
  until,
  waiting,
} from "./cluster.ts";

const good = { nodeUid: 2, action: "enslave_node" };

/** An action that stands still, and an `up` that has given up waiting for it: one request. */
async function heldUp({ redis, stack }: Scene, inputs: object = good): Promise<void> {
  redis.plan({ held: true, actionMs: 10 });
  await incomplete(stack.up({ ...inputs, timeout: "3s" }), /not done within the timeout of 3s/);
}

const expired: Case[] = [
  {
    it: "goes on waiting the next time",
    mutating: 1,
    async play(scene) {
      await heldUp(scene);
      const up = scene.stack.up(good);
      await waiting(scene);
      scene.node.action("enslave_node").finish();
      await up;
      assert.equal(outputs(scene).status, "completed");
    },
  },
  {
    it: "is done when the action has ended meanwhile",
    mutating: 1,
    async play(scene) {
      await heldUp(scene);
      scene.node.action("enslave_node").finish();
      await scene.costing(0, () => scene.stack.up(good));
      assert.equal(outputs(scene).status, "completed");
    },
  },
  {
    it: "is done when the node has been removed meanwhile, which was the point",
    mutating: 1,
    async play(scene) {
      const inputs = { nodeUid: 2, action: "remove", timeout: "3s" };
      await heldUp(scene, inputs);
      const { taskId } = scene.node.action("remove");
      scene.node.action("remove").finish();
      await scene.stack.up(inputs);
      assert.deepEqual([outputs(scene).status, outputs(scene).taskId], ["completed", taskId]);
    },
  },
  {
    it: "says how the action ended that failed meanwhile, and runs again after that",
    mutating: 2,
    async play(scene) {
      await heldUp(scene);
      scene.node.action("enslave_node").fail();
      await scene.costing(0, () =>
        incomplete(scene.stack.up(good), /enslave_node failed: .*ended before it was/),
      );
      await scene.costing(1, () => scene.stack.up(good));
    },
  },
  {
    it: "lets an earlier run finish before it runs with other parameters",
    mutating: 2,
    async play(scene) {
      const { redis, node, stack } = scene;
      await heldUp(scene);
      const first = node.action("enslave_node").taskId;
      const changed = { ...good, parameters: { shards_only: true } };
      await scene.costing(0, () => incomplete(stack.up({ ...changed, timeout: "3s" }), /not done within/));
      await scene.costing(1, async () => {
        const up = stack.up(changed);
        await waiting(scene);
        node.action("enslave_node").finish();
        await up;
      });
      assert.deepEqual(bodies(redis, "enslave_node"), [{}, { shards_only: true }]);
      assert.notEqual(outputs(scene).taskId, first);
    },
  },
  {
    it: "says of an earlier run that it ended badly, and runs all the same",
    mutating: 2,
    async play(scene) {
      await heldUp(scene);
      const up = scene.stack.up({ ...good, triggers: [1] });
      await waiting(scene);
      scene.node.action("enslave_node").fail();
      await up;
      assert.match(scene.said.warnings.join(), /^the earlier run ended badly: enslave_node failed: .*\)$/);
    },
  },
  {
    it: "lets a run on another node finish there",
    mutating: 2,
    async play(scene) {
      const { redis, node, stack } = scene;
      await heldUp(scene);
      const up = stack.up({ ...good, nodeUid: 3 });
      await waiting(scene);
      node.action("enslave_node").finish();
      await up;
      assert.equal(outputs(scene).taskId, redis.node(3).action("enslave_node").taskId);
    },
  },
  {
    it: "cancels what it has waited for too long when told to, and runs again the next time",
    mutating: 3,
    async play({ redis, node, stack }) {
      redis.plan({ held: true, actionMs: 10 });
      const inputs = { ...good, timeout: "3s", onTimeout: "cancel" };
      const recorded = await incomplete(
        stack.up(inputs),
        /not done within the timeout of 3s .*; by onTimeout: cancel it has ended cancelled$/,
      );
      assert.deepEqual([recorded.status, node.action("enslave_node").status], ["cancelled", "cancelled"]);
      await stack.up(inputs);
    },
  },
  {
    it: "is done when what was to be cancelled has come to its end instead",
    mutating: 2,
    cluster: { cancelMs: 60_000 },
    async play(scene) {
      const { redis, node, stack } = scene;
      redis.plan({ held: true, actionMs: 10 });
      redis.watch(({ method }) => method === "DELETE" && node.action("enslave_node").finish());
      await stack.up({ ...good, timeout: "3s", onTimeout: "cancel" });
      assert.equal(outputs(scene).status, "completed");
    },
  },
];

const deleting: Case[] = [
  {
    it: "only forgets what has ended",
    mutating: 1,
    async play({ stack }) {
      await stack.up(good);
      await stack.destroy();
    },
  },
  {
    it: "cancels what still runs",
    mutating: 2,
    async play(scene) {
      await heldUp(scene);
      await scene.stack.destroy();
      assert.equal(scene.node.action("enslave_node").status, "cancelled");
    },
  },
  {
    it: "leaves alone what somebody else has started since",
    mutating: 1,
    async play(scene) {
      await heldUp(scene);
      scene.node.action("enslave_node").replaceTask("somebody-elses");
      await scene.stack.destroy();
      // It begins again from nothing.
      await until(() => !/queued|starting/.test(`${scene.node.action("enslave_node").status}`));
      assert.equal(scene.node.action("enslave_node").status, "running");
    },
  },
  {
    it: "has nothing to cancel on a node that is gone",
    mutating: 1,
    async play(scene) {
      await heldUp(scene);
      scene.node.vanish();
      await scene.stack.destroy();
    },
  },
];

/** What the companion of a run records before it, and what a killed run leaves: nothing. */
const killed: Case[] = [
  {
    it: "recognises by its companion's record what a killed run had done",
    mutating: 0,
    async play({ node, session, another }) {
      const before = await recordedBefore(await another("redis:NodeActionIntent"));
      const action = node.start("enslave_node");
      action.finish();
      const { outputs } = await session.create({ ...good, [beforeKey]: before });
      assert.deepEqual([outputs.status, outputs.taskId], ["completed", action.taskId]);
    },
  },
  {
    it: "does not take what its companion has seen for its own",
    mutating: 1,
    async play({ node, session, another }) {
      node.start("enslave_node").finish();
      const { taskId } = node.action("enslave_node");
      const before = await recordedBefore(await another("redis:NodeActionIntent"));
      const { outputs } = await session.create({ ...good, [beforeKey]: before });
      assert.notEqual(outputs.taskId, taskId);
    },
  },
];

async function recordedBefore({ session }: User): Promise<unknown> {
  return (await session.create(good)).outputs.before;
}

describe("redis.NodeAction, when it is interrupted", () => {
  behaviour("redis:NodeAction", [...expired, ...killed, ...deleting]);
});
