import assert from "node:assert/strict";
import { behaviour, bodies, type Case, incomplete, outputs, until, waiting } from "./cluster.ts";

const good = { nodeUid: 2 };

const removing: Case[] = [
  {
    it: "takes the node out of the cluster",
    mutating: 1,
    async play(scene) {
      await scene.stack.up(good);
      assert.equal(scene.node.exists, false);
      assert.deepEqual([outputs(scene).removed, typeof outputs(scene).taskId], [true, "string"]);
      assert.equal(await scene.stack.up(good), "same");
      assert.deepEqual(bodies(scene.redis, "remove"), [{}]);
    },
  },
  ...[true, false].map(
    (waitForPersistence): Case => ({
      it: `sends wait_for_persistence ${waitForPersistence}`,
      mutating: 1,
      async play({ redis, stack }) {
        await stack.up({ ...good, waitForPersistence });
        assert.deepEqual(bodies(redis, "remove"), [{ wait_for_persistence: waitForPersistence }]);
      },
    }),
  ),
  {
    it: "is done when the node is gone already",
    mutating: 0,
    async play(scene) {
      scene.node.vanish();
      await scene.stack.up(good);
      assert.deepEqual([outputs(scene).removed, outputs(scene).taskId], [true, undefined]);
    },
  },
  {
    it: "sends nothing when asked again for a node that is gone",
    mutating: 1,
    async play({ stack, costing }) {
      await stack.up(good);
      await costing(0, async () => {
        assert.equal(await stack.up({ ...good, triggers: ["again"] }), "update");
        assert.equal(await stack.up({ ...good, triggers: ["again"], timeout: "1h" }), "update");
      });
    },
  },
  {
    it: "joins a removal of somebody else",
    mutating: 0,
    async play(scene) {
      const { redis, node, stack } = scene;
      redis.plan({ held: true, actionMs: 0 });
      const action = node.start("remove");
      const up = stack.up(good);
      await waiting(scene);
      action.finish();
      await up;
      assert.equal(node.exists, false);
    },
  },
  {
    it: "removes the leader, and follows the one after it",
    mutating: 1,
    cluster: { endpointPerNode: true },
    async play({ redis, stack }) {
      await stack.up({ nodeUid: 1 });
      assert.deepEqual(redis.nodeUids, [2, 3]);
    },
  },
  {
    it: "is not done while the cluster still lists the node",
    mutating: 1,
    async play({ redis, node, stack }) {
      redis.plan({ held: true, actionMs: 10 });
      const up = stack.up(good);
      await until(() => node.action("remove").status === "running");
      node.action("remove").vanish();
      await incomplete(
        up,
        /not seen: the cluster without node 2; instead it is still listed, and takes no new shards/,
      );
    },
  },
  {
    it: "is not done by one list that leaves the node out, while the node answers",
    mutating: 1,
    async play(scene) {
      const { redis, node, session } = scene;
      const value = [1, 3].map((uid) => ({ uid, status: "active", accept_servers: true }));
      redis.fault({ kind: "wrongType", value, match: { path: "/v1/nodes" }, times: 1 });
      const { outputs } = await session.create(good);
      assert.equal(node.exists, false, `done: ${JSON.stringify(outputs)}`);
    },
  },
];

describe("redis.NodeRemoval", () => behaviour("redis:NodeRemoval", removing));
