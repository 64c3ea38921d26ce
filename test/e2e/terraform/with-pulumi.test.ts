import assert from "node:assert/strict";
import { startTcf } from "../../../simulators/index.ts";
import { succeeded as done, pulumiProject, recorded, unchanged } from "../../support/pulumi.ts";
import {
  configuration,
  flowing,
  needsTerraform,
  succeeded,
  TerraformProject,
} from "../../support/terraform.ts";

describe("one federation, declared in Terraform and in Pulumi", function () {
  this.timeout(120_000);
  before(needsTerraform);

  it("is failed over by the one and put back by the other, each seeing the other's work as drift", async () => {
    await using tcf = await startTcf({ switchMs: 100 });
    const [one = "", two = ""] = tcf.clusters.map((cluster) => cluster.endpoints[0] as string);
    using terraform = new TerraformProject({
      files: configuration(
        { cluster1: one, cluster2: two },
        `resource "clusterops_tcf_active_cluster" "orders" {
  active     = "cluster2"
  clusters   = { cluster1 = "cluster1", cluster2 = "cluster2" }
  stable_for = "0s"
}`,
      ),
    });
    await using pulumi = await pulumiProject({
      program: `import { tcf } from "pulumi-clusterops";
new tcf.ActiveCluster("orders", { active: "cluster1", clusters: { cluster1: "cluster1", cluster2: "cluster2" }, stableFor: "0s" });`,
      config: {
        "clusterops:connections.cluster1.endpoint": one,
        "clusterops:connections.cluster2.endpoint": two,
      },
    });
    done(await pulumi.up());
    assert.equal(tcf.counts().mutating, 0);
    succeeded(await terraform.apply());
    assert.deepEqual(tcf.activeNames, ["cluster2"]);

    done(await pulumi.refresh());
    assert.equal((await recorded(pulumi, "orders"))?.outputs.activeName, "cluster2");
    done(await pulumi.up());
    assert.deepEqual(tcf.activeNames, ["cluster1"]);
    unchanged(await pulumi.up());

    const drift = succeeded(await terraform.plan());
    assert.match(flowing(drift.output), /active = "cluster1" -> "cluster2"/);
    assert.equal(tcf.counts().mutating, 4);
  });
});
