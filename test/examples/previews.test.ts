import assert from "node:assert/strict";
import type { PulumiProject } from "../../scripts/pulumi-project.ts";
import { configurationValues, connectionsTo } from "../../simulators/configuration.ts";
import { type AllSimulators, startAll } from "../../simulators/index.ts";
import { pulumiProject, succeeded } from "../support/pulumi.ts";

// So many resources of each class, all on the same four installations.
const program = `import * as pulumi from "@pulumi/pulumi";
import { aspire, factfinder, redis, tcf } from "pulumi-clusterops";

const director = "factfinder";
const clusters = { cluster1: "cluster1", cluster2: "cluster2" };
for (let uid = 1; uid <= new pulumi.Config().requireNumber("count"); uid++) {
  new redis.NodeMaintenance("maintenance-" + uid, { nodeUid: uid });
  new redis.NodeRemoval("removal-" + uid, { nodeUid: uid });
  new redis.ReplicaNode("replica-" + uid, { nodeUid: uid });
  new redis.NodeAction("action-" + uid, { nodeUid: uid, action: "enslave_node" });
  new tcf.ActiveCluster("active-" + uid, { active: "cluster2", clusters });
  new tcf.ClusterRole("role-" + uid, { connection: "cluster1", role: "passive" });
  new factfinder.DatabasePrune("prune-" + uid, { channel: "de" });
  new factfinder.DatabaseSync("sync-" + uid, { channel: "de", director, nodes: ["worker1", "worker2"] });
  new factfinder.NodeSync("node-" + uid, { connection: "worker1", channels: ["de"], director });
  new factfinder.ConfigVersionReset("reset-" + uid, {});
  new aspire.SeedRelease("seed-" + uid, { seedIds: ["AAABcID5GBc="] });
}`;

describe("a preview of many resources on the same installations", function () {
  this.timeout(120_000);
  const most = 12;
  let all: AllSimulators;
  let project: PulumiProject;

  before(async () => {
    all = await startAll({ redis: { nodes: most } });
    project = await pulumiProject({ program, config: configurationValues(connectionsTo(all)) });
  });

  after(async () => {
    await project?.remove();
    await all?.close();
  });

  /** What a preview of so many resources of each class costs each system. */
  async function reads(count: number): Promise<Record<string, number>> {
    await project.setConfig({ count: String(count) });
    all.resetCounts();
    const { output } = succeeded(await project.preview());
    assert.match(output, new RegExp(`node ${count}: maintenance_on, 4 shards to migrate`));
    assert.equal(all.counts().mutating, 0);
    const { redis, tcf, factfinder, aspire } = all;
    const systems = Object.entries({ redis, tcf, factfinder, aspire });
    return Object.fromEntries(systems.map(([name, system]) => [name, system.counts().reads]));
  }

  it(`costs as many requests for ${most} of each class as for 3, and none that changes anything`, async () => {
    const few = await reads(3);
    assert.deepEqual(few, { redis: 4, tcf: 4, factfinder: 3, aspire: 0 });
    assert.deepEqual(await reads(most), few);
  });
});
