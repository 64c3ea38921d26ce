import assert from "node:assert/strict";
import { behaviour, bodies, type Case, incomplete, outputs, until, waiting } from "./cluster.ts";

const good = { nodeUid: 2 };

const removing: Case[] = [
  {
    it: "takes the node out of the cluster",
    mutating: 1,
    async run(harness) {
      await harness.stack.up(good);
      assert.equal(harness.node.exists, false);
      assert.deepEqual([outputs(harness).removed, typeof outputs(harness).taskId], [true, "string"]);
      assert.equal(await harness.stack.up(good), "same");
      assert.deepEqual(bodies(harness.redis, "remove"), [{}]);
    },
  },
  ...[true, false].map(
    (waitForPersistence): Case => ({
      it: `sends wait_for_persistence ${waitForPersistence}`,
      mutating: 1,
      async run({ redis, stack }) {
        await stack.up({ ...good, waitForPersistence });
        assert.deepEqual(bodies(redis, "remove"), [{ wait_for_persistence: waitForPersistence }]);
      },
    }),
  ),
  {
    it: "is done when the node is gone already",
    mutating: 0,
    async run(harness) {
      harness.node.vanish();
      await harness.stack.up(good);
      assert.deepEqual([outputs(harness).removed, outputs(harness).taskId], [true, undefined]);
    },
  },
  {
    it: "sends nothing when asked again for a node that is gone",
    mutating: 1,
    async run({ stack, costing }) {
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
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 0 });
      const action = node.start("remove");
      const up = stack.up(good);
      await waiting(harness);
      action.finish();
      await up;
      assert.equal(node.exists, false);
    },
  },
  {
    it: "removes the leader, says that it is one, and follows the one after it",
    mutating: 1,
    cluster: { endpointPerNode: true },
    async run({ redis, stack, said, session }) {
      // Without a preview, as in CI.
      const { inputs } = await session.check(undefined, { nodeUid: 1 }, false);
      assert.match(said.warnings.join(), /node 1 leads the cluster: when it is removed another node/);
      said.warnings.length = 0;
      await session.create(inputs);
      assert.deepEqual(said.warnings, []);
      assert.deepEqual(redis.nodeUids, [2, 3]);
      assert.equal(stack.state, undefined);
    },
  },
  {
    it: "is not done while the cluster still lists the node",
    mutating: 1,
    async run({ redis, node, stack }) {
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
    async run(harness) {
      const { redis, node, session } = harness;
      const value = [1, 3].map((uid) => ({ uid, status: "active", accept_servers: true }));
      redis.fault({ kind: "wrongType", value, match: { path: "/v1/nodes" }, times: 1 });
      const { outputs } = await session.create(good);
      assert.equal(node.exists, false, `done: ${JSON.stringify(outputs)}`);
    },
  },
];

describe("redis.NodeRemoval", () => behaviour("redis:NodeRemoval", removing));
