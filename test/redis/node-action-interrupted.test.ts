import assert from "node:assert/strict";
import { beforeKey } from "../../provider/core/lifecycle/intent.ts";
import {
  behaviour,
  bodies,
  type Case,
  type Harness,
  incomplete,
  outputs,
  post,
  type User,
  until,
  waiting,
} from "./cluster.ts";

const good = { nodeUid: 2, action: "enslave_node" };

/** An action that stands still, and an `up` that has given up waiting for it: one request. */
async function heldUp({ redis, stack }: Harness, inputs: object = good): Promise<void> {
  redis.plan({ held: true, actionMs: 10 });
  await incomplete(stack.up({ ...inputs, timeout: "3s" }), /not done within the timeout of 3s/);
}

const expired: Case[] = [
  {
    it: "goes on waiting the next time",
    mutating: 1,
    async run(harness) {
      await heldUp(harness);
      const up = harness.stack.up(good);
      await waiting(harness);
      harness.node.action("enslave_node").finish();
      await up;
      assert.equal(outputs(harness).status, "completed");
    },
  },
  {
    it: "is done when the action has ended meanwhile",
    mutating: 1,
    async run(harness) {
      await heldUp(harness);
      harness.node.action("enslave_node").finish();
      await harness.costing(0, () => harness.stack.up(good));
      assert.equal(outputs(harness).status, "completed");
    },
  },
  {
    it: "is done when the node has been removed meanwhile, which was the point",
    mutating: 1,
    async run(harness) {
      const inputs = { nodeUid: 2, action: "remove", timeout: "3s" };
      await heldUp(harness, inputs);
      const { taskId } = harness.node.action("remove");
      harness.node.action("remove").finish();
      await harness.stack.up(inputs);
      assert.deepEqual([outputs(harness).status, outputs(harness).taskId], ["completed", taskId]);
    },
  },
  {
    it: "says how the action ended that failed meanwhile, and runs again after that",
    mutating: 2,
    async run(harness) {
      await heldUp(harness);
      harness.node.action("enslave_node").fail();
      await harness.costing(0, () =>
        incomplete(harness.stack.up(good), /enslave_node failed: .*ended before it was/),
      );
      await harness.costing(1, () => harness.stack.up(good));
    },
  },
  {
    it: "lets an earlier run finish before it runs with other parameters",
    mutating: 2,
    async run(harness) {
      const { redis, node, stack } = harness;
      await heldUp(harness);
      const first = node.action("enslave_node").taskId;
      const changed = { ...good, parameters: { shards_only: true } };
      await harness.costing(0, () => incomplete(stack.up({ ...changed, timeout: "3s" }), /not done within/));
      await harness.costing(1, async () => {
        const up = stack.up(changed);
        await waiting(harness);
        node.action("enslave_node").finish();
        await up;
      });
      assert.deepEqual(bodies(redis, "enslave_node"), [{}, { shards_only: true }]);
      assert.notEqual(outputs(harness).taskId, first);
    },
  },
  {
    it: "says of an earlier run that it ended badly, and runs all the same",
    mutating: 2,
    async run(harness) {
      await heldUp(harness);
      const up = harness.stack.up({ ...good, triggers: [1] });
      await waiting(harness);
      harness.node.action("enslave_node").fail();
      await up;
      assert.match(
        harness.said.warnings.at(-1) ?? "",
        /^the earlier run ended badly: enslave_node failed: .*\)$/,
      );
    },
  },
  {
    it: "lets a run on another node finish there",
    mutating: 2,
    async run(harness) {
      const { redis, node, stack } = harness;
      await heldUp(harness);
      const up = stack.up({ ...good, nodeUid: 3 });
      await waiting(harness);
      node.action("enslave_node").finish();
      await up;
      assert.equal(outputs(harness).taskId, redis.node(3).action("enslave_node").taskId);
    },
  },
  {
    it: "cancels what it has waited for too long when told to, and runs again the next time",
    mutating: 3,
    async run({ redis, node, stack }) {
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
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 10 });
      redis.watch(({ method }) => method === "DELETE" && node.action("enslave_node").finish());
      await stack.up({ ...good, timeout: "3s", onTimeout: "cancel" });
      assert.equal(outputs(harness).status, "completed");
    },
  },
];

const deleting: Case[] = [
  {
    it: "is cancelled by another process, too, when its lost request arrives only then",
    mutating: 2,
    connection: { requestTimeout: "4s" },
    async run({ redis, node, stack, elsewhere }) {
      redis.plan({ held: true, actionMs: 10 });
      redis.fault({ kind: "hang", match: post("enslave_node"), landsAfter: 8_500 });
      await incomplete(stack.up({ ...good, timeout: "1s" }), /./);
      const { id = "", outputs: recorded = {} } = stack.state ?? {};
      await (await elsewhere()).session.delete(id, { ...recorded, timeout: "1m" });
      assert.match(String(node.action("enslave_node").status), /cancel|failed/);
    },
  },
  {
    it: "only forgets what has ended",
    mutating: 1,
    async run({ stack }) {
      await stack.up(good);
      await stack.destroy();
    },
  },
  {
    it: "cancels what still runs",
    mutating: 2,
    async run(harness) {
      await heldUp(harness);
      await harness.stack.destroy();
      assert.equal(harness.node.action("enslave_node").status, "cancelled");
    },
  },
  {
    it: "leaves alone what somebody else has started since",
    mutating: 1,
    async run(harness) {
      await heldUp(harness);
      harness.node.action("enslave_node").replaceTask("somebody-elses");
      await harness.stack.destroy();
      // It begins again from nothing.
      await until(() => !/queued|starting/.test(`${harness.node.action("enslave_node").status}`));
      assert.equal(harness.node.action("enslave_node").status, "running");
    },
  },
  {
    it: "has nothing to cancel on a node that is gone",
    mutating: 1,
    async run(harness) {
      await heldUp(harness);
      harness.node.vanish();
      await harness.stack.destroy();
    },
  },
];

/** What the companion of a run records before it, and what a killed run leaves: nothing. */
const killed: Case[] = [
  {
    it: "recognises by its companion's record what a killed run had done",
    mutating: 0,
    async run({ node, session, elsewhere }) {
      const before = await recordedBefore(await elsewhere("redis:NodeActionIntent"));
      const action = node.start("enslave_node");
      action.finish();
      const { outputs } = await session.create({ ...good, [beforeKey]: before });
      assert.deepEqual([outputs.status, outputs.taskId], ["completed", action.taskId]);
    },
  },
  {
    it: "does not take what its companion has seen for its own",
    mutating: 1,
    async run({ node, session, elsewhere }) {
      node.start("enslave_node").finish();
      const { taskId } = node.action("enslave_node");
      const before = await recordedBefore(await elsewhere("redis:NodeActionIntent"));
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
