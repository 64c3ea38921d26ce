import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startFactFinder, startRedis, startTcf } from "../../../simulators/index.ts";
import { blocksOf } from "../../docs/blocks.ts";
import { missingFrom } from "../../docs/samples.ts";
import { failed, flowing, needsTerraform, succeeded, TerraformProject } from "../../support/terraform.ts";

function example(name: string, variables: Record<string, string>): TerraformProject {
  const file = join(import.meta.dirname, "..", "..", "..", "examples", name, "main.tf");
  const env = Object.fromEntries(Object.entries(variables).map(([key, value]) => [`TF_VAR_${key}`, value]));
  return new TerraformProject({ files: readFileSync(file, "utf8"), env });
}

describe("the example", function () {
  this.timeout(60_000);
  before(needsTerraform);

  it("terraform-failover adopts, fails over, repairs drift, and forgets", async () => {
    await using tcf = await startTcf({ switchMs: 100 });
    const [cluster1, cluster2] = tcf.clusters.map((cluster) => cluster.endpoints[0]);
    using project = example("terraform-failover", { endpoints: JSON.stringify({ cluster1, cluster2 }) });
    // As in the example, but for the wait until the new roles have stood for a while.
    project.write({
      "override.tf": `resource "clusterops_tcf_active_cluster" "orders" {\n  stable_for = "0s"\n}\n`,
    });
    succeeded(await project.apply());
    assert.equal(tcf.counts().mutating, 0);
    const { output } = succeeded(await project.apply("-var", "active=cluster2"));
    assert.match(flowing(output), /demote cluster1, then promote cluster2/);
    const shown = ["README.md", "docs/terraform.md"]
      .flatMap(blocksOf)
      .filter(({ use }) => use === "terraform");
    assert.ok(shown.length > 0);
    const command = "terraform apply -var active=cluster2";
    for (const { text, place } of shown)
      assert.deepEqual(missingFrom(text, [{ command, output }]), [], place);
    assert.deepEqual([tcf.counts().mutating, tcf.activeNames], [2, ["cluster2"]]);
    tcf.failOver();
    const drift = succeeded(await project.plan("-var", "active=cluster2"));
    assert.match(flowing(drift.output), /active = "cluster1" -> "cluster2"/);
    succeeded(await project.destroy());
    assert.deepEqual([tcf.counts().mutating, tcf.activeNames], [2, ["cluster1"]]);
  });

  it("terraform-maintenance opens a window, refuses a second one, and closes it", async () => {
    await using redis = await startRedis({ actionMs: 50 });
    using project = example("terraform-maintenance", { endpoint: redis.endpoints[0] as string });
    const away = () => [1, 2, 3].filter((uid) => redis.node(uid).inMaintenance);
    succeeded(await project.apply("-var", "node_uid=2"));
    assert.deepEqual(away(), [2]);
    failed(await project.plan("-var", "node_uid=3"), /node_uid: .*node 2 is in maintenance/);
    succeeded(await project.apply());
    assert.deepEqual([away(), redis.counts().mutating], [[], 2]);
  });

  it("terraform-prune-then-sync prunes once for a release, and brings the workers along", async () => {
    await using factfinder = await startFactFinder({ reloadMs: 20 });
    const [one, two] = factfinder.workers.map(({ url }) => url);
    using project = example("terraform-prune-then-sync", {
      director: factfinder.director.url,
      workers: JSON.stringify({ "worker-1": one, "worker-2": two }),
    });
    succeeded(await project.apply("-var", "release=2026-11"));
    const prunes = () => factfinder.requests.filter(({ path }) => path.endsWith("/database/prune")).length;
    assert.equal(prunes(), 1);
    assert.match(succeeded(await project.apply("-var", "release=2026-11")).output, /No changes/);
    assert.equal(prunes(), 1);
    succeeded(await project.apply("-var", "release=2026-12"));
    assert.equal(prunes(), 2);
  });
});
