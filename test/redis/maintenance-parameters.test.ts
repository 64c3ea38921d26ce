import assert from "node:assert/strict";
import { behaviour, bodies, type Case, outputs, refused } from "./cluster.ts";

const good = { nodeUid: 2 };

/** Inputs, the body of maintenance_on, and how many of node 2's four shards stay. */
const on: [inputs: object, body: object, left: number][] = [
  [{}, {}, 0],
  [{ overwriteSnapshot: false, evictHaReplica: true, evictActiveActiveReplica: true }, {}, 0],
  [{ overwriteSnapshot: true }, { overwrite_snapshot: true }, 0],
  [{ evictHaReplica: false }, { evict_ha_replica: false }, 3],
  [{ evictActiveActiveReplica: false }, { evict_active_active_replica: false }, 1],
  [
    { evictHaReplica: false, evictActiveActiveReplica: false },
    { evict_ha_replica: false, evict_active_active_replica: false },
    4,
  ],
  [{ evictDbs: [1, "3"] }, { evict_dbs: ["1", "3"] }, 1],
  [{ keepSlaveShards: true }, { keep_slave_shards: true }, 4],
  [{ keepSlaveShards: false }, {}, 0],
  [{ snapshotName: "nightly", allowOtherNodesUnavailable: true }, {}, 0],
];

/** Inputs and the body of maintenance_off. */
const off: [inputs: object, body: object][] = [
  [{}, {}],
  [{ skipShardsRestore: false }, {}],
  [{ skipShardsRestore: true }, { skip_shards_restore: true }],
  [{ snapshotName: "nightly" }, { snapshot_name: "nightly" }],
  [{ overwriteSnapshot: true, evictDbs: [1] }, {}],
];

const wire: Case[] = [
  ...on.map(
    ([inputs, body, left]): Case => ({
      it: `sends ${JSON.stringify(body)} for ${JSON.stringify(inputs)}`,
      mutating: 1,
      async run(harness) {
        await harness.stack.up({ ...good, ...inputs });
        assert.deepEqual(bodies(harness.redis, "maintenance_on"), [body]);
        assert.equal(outputs(harness).shardCount, left);
        assert.equal(await harness.stack.up({ ...good, ...inputs }), "same");
      },
    }),
  ),
  ...off.map(
    ([inputs, body]): Case => ({
      it: `leaves with ${JSON.stringify(body)} for ${JSON.stringify(inputs)}`,
      mutating: 2,
      async run({ redis, node, stack }) {
        node.addSnapshot("nightly");
        await stack.up({ ...good, ...inputs });
        await stack.destroy();
        assert.deepEqual(bodies(redis, "maintenance_off"), [body]);
        assert.equal(node.inMaintenance, false);
      },
    }),
  ),
];

const tooNew: object[] = [
  { overwriteSnapshot: true },
  { evictHaReplica: false },
  { evictActiveActiveReplica: false },
  { evictDbs: [1] },
];

const oldServers: Case[] = [
  ...tooNew.map(
    (inputs): Case => ({
      it: `refuses ${Object.keys(inputs)} before 7.4.2`,
      mutating: 0,
      cluster: { softwareVersion: "7.2.4-52" },
      async run({ session, stack }) {
        const [property] = Object.keys(inputs);
        const why = /needs Redis Enterprise 7\.4\.2, node 2 runs 7\.2\.4-52: use keepSlaveShards there/;
        const { failures } = await session.check(undefined, { ...good, ...inputs }, true);
        assert.deepEqual(
          failures.map((failure) => failure.property),
          [property],
        );
        await refused(stack.up({ ...good, ...inputs }), why);
        await refused(session.create({ ...good, ...inputs }), why);
      },
    }),
  ),
  {
    it: "keeps replicas in place before 7.4.2 by keepSlaveShards",
    mutating: 2,
    cluster: { softwareVersion: "7.2.4-52", progressAs: "int" },
    async run({ redis, node, stack }) {
      await stack.up({ ...good, keepSlaveShards: true, evictHaReplica: true });
      assert.deepEqual(bodies(redis, "maintenance_on"), [{ keep_slave_shards: true }]);
      await stack.destroy();
      assert.equal(node.inMaintenance, false);
    },
  },
];

describe("redis.NodeMaintenance, by version and parameters", () => {
  behaviour("redis:NodeMaintenance", [...wire, ...oldServers]);
});
