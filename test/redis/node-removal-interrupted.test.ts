import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import {
  behaviour,
  type Case,
  get,
  incomplete,
  outputs,
  post,
  refused,
  type Scene,
  until,
  waiting,
} from "./cluster.ts";

const good = { nodeUid: 2 };

/** A removal that stands still, and an `up` that has given up waiting for it: one request. */
async function heldUp({ redis, stack }: Scene): Promise<void> {
  redis.plan({ held: true, actionMs: 10 });
  await incomplete(stack.up({ ...good, timeout: "3s" }), /node 2 remove: not done within the timeout of 3s/);
}

const failing: Case[] = [
  {
    it: "records why it failed, and runs again the next time",
    mutating: 2,
    async play(scene) {
      const { redis, node, stack } = scene;
      redis.plan({ outcome: "failed", errorCode: "insufficient_resources", errorMessage: "no room" });
      const recorded = await incomplete(
        stack.up(good),
        /^redis node 2: remove failed: insufficient_resources: no room \(task/,
      );
      assert.deepEqual(
        [recorded.status, recorded.errorCode, recorded.errorMessage],
        ["failed", "insufficient_resources", "no room"],
      );
      await stack.up(good);
      assert.equal(node.exists, false);
    },
  },
  {
    it: "goes on waiting for what it started, once the time has run out",
    mutating: 1,
    async play(scene) {
      await heldUp(scene);
      await scene.costing(0, async () => {
        const up = scene.stack.up(good);
        await waiting(scene);
        scene.node.action("remove").finish();
        await up;
      });
      assert.equal(scene.node.exists, false);
    },
  },
  {
    it: "is done when the removal has ended meanwhile",
    mutating: 1,
    async play(scene) {
      await heldUp(scene);
      const { taskId } = scene.node.action("remove");
      scene.node.action("remove").finish();
      await scene.costing(0, () => scene.stack.up(good));
      assert.deepEqual([outputs(scene).removed, outputs(scene).taskId], [true, taskId]);
    },
  },
  {
    it: "says how the removal ended that failed meanwhile, and runs again after that",
    mutating: 2,
    async play(scene) {
      await heldUp(scene);
      scene.node.action("remove").fail("insufficient_resources", "no room");
      await scene.costing(0, () =>
        incomplete(
          scene.stack.up(good),
          /remove failed: insufficient_resources: no room \(task .*, ended before it was looked for again/,
        ),
      );
      await scene.costing(1, () => scene.stack.up(good));
    },
  },
  {
    it: "does not take the task of another node for its own",
    mutating: 2,
    async play({ redis, stack }) {
      redis.fault({ kind: "reset", when: "after", match: post("remove") });
      redis.watch(
        ({ method }) =>
          method === "POST" && redis.fault({ kind: "status", status: 403, match: get("remove") }),
      );
      await incomplete(stack.up(good), /403/);
      redis.node(3).start("remove").fail();
      await stack.up({ nodeUid: 3 });
      assert.equal(redis.node(3).exists, false);
    },
  },
  {
    it: "takes a lost answer to a removal that was quick for what it is",
    mutating: 1,
    cluster: { actionMs: 1 },
    async play({ redis, node, stack }) {
      redis.fault({ kind: "reset", when: "after", match: post("remove") });
      await stack.up(good);
      assert.equal(node.exists, false);
    },
  },
  {
    it: "does not take a list of another type, or an empty one, for the node's absence",
    mutating: 0,
    async play({ redis, session }) {
      const nodes = { path: "/v1/nodes" };
      redis.fault({ kind: "wrongType", match: nodes });
      await refused(session.create(good), /answered 200 with a string where a list is documented/);
      redis.fault({ kind: "wrongType", value: [], match: nodes });
      await refused(session.create(good), /lists no node, not even its own/);
      redis.fault({ kind: "status", status: 404, match: nodes });
      await refused(session.create(good), /404/);
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
      assert.deepEqual([scene.node.exists, scene.node.action("remove").status], [true, "cancelled"]);
      assert.equal(scene.node.acceptServers, false);
      assert.match(
        scene.said.warnings.join(),
        /^node 2: remove has ended cancelled; node 2 stays in the cluster and takes no new shards: run the removal again/,
      );
    },
  },
  {
    it: "leaves alone what somebody else has started since",
    mutating: 1,
    async play(scene) {
      await heldUp(scene);
      scene.node.action("remove").replaceTask("somebody-elses");
      await scene.stack.destroy();
      // It begins again from nothing.
      await until(() => !/queued|starting/.test(`${scene.node.action("remove").status}`));
      assert.equal(scene.node.action("remove").status, "running");
    },
  },
  {
    it: "only forgets what failed, which has said what it leaves",
    mutating: 1,
    async play({ redis, stack, said }) {
      redis.plan({ outcome: "failed" });
      await incomplete(
        stack.up(good),
        /remove failed: .*; node 2 stays in the cluster and takes no new shards/,
      );
      await stack.destroy();
      assert.deepEqual(said.warnings, []);
    },
  },
  {
    it: "knows its own though the answer to its request was lost",
    mutating: 2,
    connection: { requestTimeout: "400ms" },
    async play({ redis, node, stack }) {
      redis.plan({ held: true, actionMs: 10 });
      redis.fault({ kind: "reset", when: "after", match: post("remove") });
      redis.watch(
        ({ method }) =>
          method === "POST" && redis.fault({ kind: "status", status: 403, match: get("remove") }),
      );
      const { __unfinished } = await incomplete(stack.up(good), /403/);
      assert.deepEqual(__unfinished, { nodeUid: 2, action: "remove", taskBefore: null });
      await stack.destroy();
      assert.equal(node.action("remove").status, "cancelled");
    },
  },
  {
    it: "does not say cancelled of a removal that failed before the request to cancel it",
    mutating: 2,
    async play(scene) {
      const { redis, node, stack, said } = scene;
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ ...good, timeout: "3s" }), /not done within/);
      redis.fault({ kind: "delay", ms: 300, match: { method: "DELETE" } });
      const destroy = stack.destroy();
      await pause(150);
      node.action("remove").fail("insufficient_resources", "no room");
      await destroy;
      assert.doesNotMatch(said.warnings.join(), /has ended cancelled/);
    },
  },
];

const byHand: Case[] = [
  {
    it: "says what a cancelled remove leaves",
    mutating: 2,
    async play({ redis, stack, said }) {
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ ...good, action: "remove", timeout: "3s" }), /not done within/);
      await stack.destroy();
      assert.match(
        said.warnings.join(),
        /remove has ended cancelled; node 2 stays in the cluster and takes no new/,
      );
    },
  },
];

describe("redis.NodeRemoval, when it does not end well", () => {
  behaviour("redis:NodeRemoval", [...failing, ...deleting]);
});
describe("redis.NodeAction with remove", () => behaviour("redis:NodeAction", byHand));
