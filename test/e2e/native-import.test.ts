import assert from "node:assert/strict";
import { startFactFinder, startRedis, startTcf } from "../../simulators/index.ts";
import { built } from "../support/built.ts";
import { pluginIn } from "../support/plugin.ts";
import { pulumiProject, recorded, succeeded, unchanged } from "../support/pulumi.ts";

/** By the ids of the documentation; names are percent-encoded in them. */
const resources = [
  { type: "clusterops:redis:NodeMaintenance", name: "window", id: "2" },
  { type: "clusterops:redis:ReplicaNode", name: "replica", id: "redis%2Feast/3" },
  { type: "clusterops:tcf:ActiveCluster", name: "orders", id: "cluster1+cluster2" },
  { type: "clusterops:tcf:ClusterRole", name: "role", id: "cluster1/cluster1" },
  { type: "clusterops:factfinder:DatabaseSync", name: "sync", id: "de?director=director&nodes=w1,w2" },
];

/** What their user writes afterwards. */
const program = `import { factfinder, redis, tcf } from "pulumi-clusterops";
new redis.NodeMaintenance("window", { nodeUid: 2 });
new redis.ReplicaNode("replica", { nodeUid: 3, connection: "redis/east" });
new tcf.ActiveCluster("orders", { active: "cluster1", clusters: { cluster1: "cluster1", cluster2: "cluster2" } });
new tcf.ClusterRole("role", { connection: "cluster1", cluster: "cluster1", role: "active" });
new factfinder.DatabaseSync("sync", { channel: "de", director: "director", nodes: ["w1", "w2"] });
`;

describe("pulumi import, by the native plugin", function () {
  this.timeout(240_000);
  before(built);

  it("adopts each state resource as it is; its program is then unchanged, and nothing is sent", async () => {
    await using redis = await startRedis({ actionMs: 10 });
    await using tcf = await startTcf();
    await using factfinder = await startFactFinder({ reloadMs: 5 });
    redis.node(2).start("maintenance_on").finish();
    redis.node(3).start("enslave_node").finish();
    const [one, two] = tcf.clusters.map(({ endpoints }) => endpoints[0] as string);
    const [w1, w2] = factfinder.workers.map(({ url }) => url);
    await using project = await pulumiProject({
      program,
      files: { "Pulumi.yaml": pluginIn(), "import.json": JSON.stringify({ resources }) },
      config: {
        "clusterops:door": "native",
        "clusterops:connections.redis.endpoint": redis.endpoints[0] as string,
        'clusterops:connections["redis/east"].endpoint': redis.endpoints[0] as string,
        "clusterops:connections.cluster1.endpoint": one as string,
        "clusterops:connections.cluster2.endpoint": two as string,
        "clusterops:connections.director.endpoint": factfinder.director.url,
        "clusterops:connections.w1.endpoint": w1 as string,
        "clusterops:connections.w2.endpoint": w2 as string,
      },
    });
    const words = ["import", "--file", "import.json", "--generate-code=false", "--protect=false", "--yes"];
    succeeded(await project.run([...words, "--skip-preview"]));
    assert.equal((await recorded(project, "orders"))?.outputs.activeName, "cluster1");
    unchanged(await project.preview());
    unchanged(await project.up());
    for (const system of [redis, tcf, factfinder]) assert.equal(system.counts().mutating, 0);
  });
});
