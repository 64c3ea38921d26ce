import assert from "node:assert/strict";
import type { Fault } from "../../../simulators/index.ts";
import { startRedis, startTcf } from "../../../simulators/index.ts";
import { configuration, needsTerraform, succeeded, TerraformProject } from "../../support/terraform.ts";

const post = { method: "POST", path: "/v1/nodes/2/actions/maintenance_on" };
const window = `
resource "clusterops_redis_node_maintenance" "node" {
  node_uid = 2
}`;

/** What comes in place of the answer to the one request that counts. */
const answers: [what: string, fault: Fault][] = [
  [
    "a connection that is reset after the request was carried out",
    { kind: "reset", when: "after", match: post },
  ],
  ["a 503 after it was carried out", { kind: "status", status: 503, when: "after", match: post }],
  ["a page of a gateway in a 200, after it was carried out", { kind: "html", when: "after", match: post }],
  ["a 429 before it", { kind: "status", status: 429, match: post }],
  [
    "a 503, and the request lands a second later",
    { kind: "status", status: 503, match: post, landsAfter: 1_000 },
  ],
];

describe("terraform apply, where the request is answered by", function () {
  this.timeout(90_000);
  before(needsTerraform);

  for (const [what, fault] of answers)
    it(`${what}: one effect, and a second apply does nothing`, async () => {
      await using redis = await startRedis({ actionMs: 100 });
      using project = new TerraformProject({
        files: configuration({ redis: redis.endpoints[0] as string }, window),
      });
      const injected = redis.fault(fault);
      succeeded(await project.apply());
      assert.equal(injected.hits, 1);
      assert.deepEqual([redis.node(2).maintenanceDepth, redis.counts().effects], [1, 1]);
      redis.resetCounts();
      succeeded(await project.apply());
      assert.equal(redis.counts().mutating, 0);
    });

  it("a 409, since somebody else's is running: it is joined", async () => {
    await using redis = await startRedis();
    using project = new TerraformProject({
      files: configuration({ redis: redis.endpoints[0] as string }, window),
    });
    const late = redis.fault({ kind: "delay", ms: 500, match: post });
    redis.plan({ held: true, actionMs: 10 });
    const applied = project.apply();
    while (late.hits === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    const theirs = redis.node(2).start("maintenance_on");
    setTimeout(() => redis.node(2).action("maintenance_on").finish(), 2_000);
    succeeded(await applied);
    assert.equal(redis.node(2).maintenanceDepth, 1);
    const recorded = project.recorded("clusterops_redis_node_maintenance.node");
    assert.equal(recorded?.task_id, theirs.taskId);
  });

  it("nothing at all, to a demotion: the failover is finished all the same", async () => {
    await using tcf = await startTcf({ switchMs: 50 });
    const [one, two] = tcf.clusters.map(({ endpoints }) => endpoints[0] as string) as [string, string];
    using project = new TerraformProject({
      files: configuration(
        { cluster1: one, cluster2: two },
        `
resource "clusterops_tcf_active_cluster" "orders" {
  active     = "cluster2"
  clusters   = { cluster1 = "cluster1", cluster2 = "cluster2" }
  stable_for = "0s"
}`,
      ),
    });
    tcf.fault({ kind: "reset", when: "after", match: { path: "/tcf/demote" } });
    succeeded(await project.apply());
    assert.equal(project.recorded("clusterops_tcf_active_cluster.orders")?.active_name, "cluster2");
    tcf.resetCounts();
    succeeded(await project.apply());
    assert.equal(tcf.counts().mutating, 0);
  });
});
