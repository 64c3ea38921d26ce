import assert from "node:assert/strict";
import { lifecycle } from "../../../provider/index.ts";
import { startRedis, startTcf } from "../../../simulators/index.ts";
import { failureOf, urnOf } from "./calls.ts";
import { PluginServer } from "./server.ts";

const bad: [type: string, id: string, reason: RegExp][] = [
  ["redis:NodeMaintenance", "two", /an id is a node's uid, or connection\/uid/],
  ["redis:ReplicaNode", "%/2", /"%" is not percent-encoded as it should be/],
  ["redis:NodeMaintenance", "a/b/2", /an id is a node's uid/],
  ["tcf:ActiveCluster", "one", /write cluster1\+cluster2/],
  ["tcf:ActiveCluster", "a%+b", /"a%" is not percent-encoded/],
  ["tcf:ClusterRole", "a/b/c", /write <connection>, or <connection>\/<cluster>/],
  ["factfinder:DatabaseSync", "de", /write channel\?director=/],
  ["factfinder:DatabaseSync", "de?director=d&nodes=w1,,w2", /write channel\?director=/],
  ["factfinder:DatabaseSync", "de?director=d&nodes=%", /"%" is not percent-encoded/],
  ["redis:NodeAction", "2", /NodeAction cannot be imported: declare it/],
  ["factfinder:DatabasePrune", "de", /DatabasePrune cannot be imported: declare it/],
];

describe("an import by the native plugin", () => {
  for (const [type, id, reason] of bad) {
    it(`is refused with a sentence: ${type} ${JSON.stringify(id)}`, async () => {
      await using plugin = await PluginServer.start({});
      assert.match((await failureOf(plugin.read(urnOf(type), id, {}))).message, reason);
    });
  }

  it("takes names that are percent-encoded", () => {
    const { connection, nodeUid } = lifecycle("redis:NodeMaintenance").adopt("a%2Fb%3F/2");
    assert.deepEqual([connection, nodeUid], ["a/b?", 2]);
    const { channel, nodes } = lifecycle("factfinder:DatabaseSync").adopt("d%26e?director=x&nodes=a%2Cb,c");
    assert.deepEqual([channel, nodes], ["d&e", ["a,b", "c"]]);
    const { clusters } = lifecycle("tcf:ActiveCluster").adopt("a%2B1=c%3D1+b");
    assert.deepEqual(clusters, { "a+1": "c=1", b: "b" });
  });

  it("of a node that does not exist finds nothing, and of no single active cluster is refused", async () => {
    await using redis = await startRedis({ nodes: 2 });
    await using tcf = await startTcf();
    for (const cluster of tcf.clusters) cluster.status = "passive";
    const [one, two] = tcf.clusters.map(({ endpoints }) => ({ endpoints }));
    await using plugin = await PluginServer.start({
      redis: { endpoints: redis.endpoints },
      cluster1: one,
      cluster2: two,
    });
    assert.equal(await plugin.read(urnOf("redis:NodeMaintenance"), "9", {}), undefined);
    assert.equal(await plugin.read(urnOf("redis:ReplicaNode"), "9", {}), undefined);
    const { message } = await failureOf(plugin.read(urnOf("tcf:ActiveCluster"), "cluster1+cluster2", {}));
    assert.match(message, /active/);
  });
});
