import assert from "node:assert/strict";
import { type Counts, startFactFinder, startRedis, startTcf } from "../../../simulators/index.ts";
import { urnOf } from "./calls.ts";
import { PluginServer } from "./server.ts";

type Read = (type: string, count: number, inputs: object) => Promise<unknown>;

/** How many requests it takes at most to refresh a hundred or fifty resources of one installation: a slow machine looks more than once. */
const rows: [what: string, most: number, work: (read: Read) => Promise<Counts[]>][] = [
  [
    "clusters of one federation",
    10,
    async (read) => {
      await using tcf = await startTcf();
      const [one, two] = tcf.clusters.map(({ endpoints }) => ({ endpoints }));
      const clusters = { cluster1: one, cluster2: two };
      await read("tcf:ActiveCluster", 50, { active: "cluster1", clusters });
      await read("tcf:ClusterRole", 50, { role: "active", connection: one });
      return [tcf.counts()];
    },
  ],
  [
    "channels of one fleet",
    12,
    async (read) => {
      await using factfinder = await startFactFinder();
      const nodes = factfinder.workers.map(({ url }) => ({ endpoint: url }));
      const director = { endpoint: factfinder.director.url };
      await read("factfinder:DatabaseSync", 50, { channel: "de", director, nodes });
      return [factfinder.counts()];
    },
  ],
];

describe("a refresh before each update, behind the native plugin,", () => {
  for (const [what, most, work] of rows) {
    it(`looks once at an installation, however many resources ask: ${what}`, async () => {
      await using plugin = await PluginServer.start({});
      const [counts] = await work((type, count, inputs) =>
        Promise.all(
          Array.from({ length: count }, (_, index) =>
            plugin.read(urnOf(type, `r${index}`), "x", { ...inputs }),
          ),
        ),
      );
      assert.ok((counts?.reads ?? 0) > 0 && (counts?.reads ?? 0) <= most, `${counts?.reads} requests`);
      assert.equal(counts?.mutating, 0);
    });
  }

  it("looks once at a cluster whose nodes are as recorded, and at a node of its own that is not", async () => {
    await using redis = await startRedis({ nodes: 50, taskIdInLists: true });
    await using plugin = await PluginServer.start({ redis: { endpoints: redis.endpoints } });
    const uids = Array.from({ length: 50 }, (_, index) => index + 1);
    for (const uid of uids) if (uid !== 7) redis.node(uid).putInMaintenance();
    const found = await Promise.all(
      uids.map(async (nodeUid) => {
        const urn = urnOf("redis:NodeMaintenance", `n${nodeUid}`);
        const read = await plugin.read(urn, `${nodeUid}`, { nodeUid, inMaintenance: true });
        return [nodeUid, read?.outputs.inMaintenance];
      }),
    );
    assert.deepEqual(
      found.filter(([, isIn]) => isIn !== true),
      [[7, undefined]],
    );
    const paths = redis.requests.map(({ path }) => path);
    assert.ok(paths.length <= 15, paths.join(" "));
    assert.deepEqual(
      paths.filter((path) => /\/nodes\/\d/.test(path) && !path.includes("/nodes/7")),
      [],
    );
  });

  it("looks once at a cluster of replicas", async () => {
    await using redis = await startRedis({ nodes: 50, shardsPerNode: 0 });
    await using plugin = await PluginServer.start({ redis: { endpoints: redis.endpoints } });
    const uids = Array.from({ length: 49 }, (_, index) => index + 2);
    await Promise.all(
      uids.map((nodeUid) =>
        plugin.read(urnOf("redis:ReplicaNode", `n${nodeUid}`), `${nodeUid}`, { nodeUid, role: "slave" }),
      ),
    );
    assert.ok(redis.requests.length <= 10, redis.requests.map(({ path }) => path).join(" "));
  });

  it("looks anew after a change of its own", async () => {
    await using tcf = await startTcf({ switchMs: 10 });
    const [one, two] = tcf.clusters.map(({ endpoints }) => ({ endpoints }));
    const inputs = { active: "cluster2", clusters: { cluster1: one, cluster2: two }, stableFor: "0s" };
    await using plugin = await PluginServer.start({});
    const urn = urnOf("tcf:ActiveCluster");
    const before = await plugin.read(urn, "x", { ...inputs, active: "cluster1" });
    assert.equal(before?.outputs.activeName, "cluster1");
    await plugin.create(urn, inputs);
    const after = await plugin.read(urn, "x", inputs);
    assert.equal(after?.outputs.activeName, "cluster2");
  });
});
