import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { listDescendants } from "../../../cli/rehearse/process-tree.ts";
import { startFactFinder, startRedis, startTcf } from "../../../simulators/index.ts";
import {
  configuration,
  failed,
  flowing,
  needsStateAtOnce,
  needsTerraform,
  succeeded,
  TerraformProject,
} from "../../support/terraform.ts";

const apply = ["apply", "-input=false", "-no-color", "-auto-approve"];

/** A run with the record of what was there before it. */
const recorded = `
resource "clusterops_redis_node_action_intent" "demotion" {
  node_uid = 3
  action   = "enslave_node"
}
resource "clusterops_redis_node_action" "demotion" {
  node_uid = 3
  action   = "enslave_node"
  before   = clusterops_redis_node_action_intent.demotion.before
}`;
const run = "clusterops_redis_node_action.demotion";

/** Waits for what others do. */
async function until(isSo: () => boolean): Promise<void> {
  for (let look = 0; look < 2_000 && !isSo(); look++) await pause(10);
  assert.ok(isSo());
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe("terraform apply, interrupted", function () {
  this.timeout(90_000);
  before(needsTerraform);

  it("by one Ctrl-C records what is begun, and the next one resumes it", async () => {
    await using redis = await startRedis();
    const connections = { redis: redis.endpoints[0] as string };
    using project = new TerraformProject({ files: configuration(connections, recorded) });
    redis.plan({ action: "enslave_node", held: true });
    const first = project.start(...apply);
    await until(() => redis.counts().mutating === 1);
    await pause(200);
    first.signal("SIGINT");
    const { output } = await first.ended;
    assert.match(flowing(output), /Warning: not finished: redis node 3: interrupted/);
    assert.deepEqual([project.recorded(run)?.ready, project.isTainted(run)], [false, false]);

    redis.node(3).action("enslave_node").finish();
    redis.resetCounts();
    succeeded(await project.apply());
    assert.equal(project.recorded(run)?.ready, true);
    assert.equal(redis.counts().mutating, 0);
  });

  it("by kill -9 finds the run that it had begun, although that has ended meanwhile", async function () {
    needsStateAtOnce.call(this);
    await using redis = await startRedis();
    const connections = { redis: redis.endpoints[0] as string };
    using project = new TerraformProject({ files: configuration(connections, recorded) });
    redis.plan({ action: "enslave_node", held: true });
    const first = project.start(...apply);
    await until(() => redis.counts().mutating === 1);
    const providers = (await listDescendants(first.pid)).map(({ pid }) => pid);
    assert.ok(providers.length > 0);
    process.kill(first.pid, "SIGKILL");
    await first.ended;
    await until(() => !providers.some(isAlive));
    assert.equal(project.recorded(run), undefined);
    redis.node(3).action("enslave_node").finish();
    redis.resetCounts();
    succeeded(await project.apply("-lock=false"));
    assert.equal(project.recorded(run)?.ready, true);
    assert.equal(redis.counts().mutating, 0, "it is not run twice");

    // Forced, it runs: the record is used up.
    succeeded(await project.apply("-lock=false", `-replace=${run}`));
    assert.equal(redis.counts().mutating, 1);
  });

  it("between demote and promote goes on to a safe end, at the second Ctrl-C too", async () => {
    await using tcf = await startTcf({ switchMs: 2_200 });
    const [one, other] = tcf.clusters.map((cluster) => cluster.endpoints[0] as string);
    const connections = { cluster1: one as string, cluster2: other as string };
    const failover = `resource "clusterops_tcf_active_cluster" "orders" {
  active     = "cluster2"
  clusters   = { cluster1 = "cluster1", cluster2 = "cluster2" }
  stable_for = "0s"
}`;
    using project = new TerraformProject({ files: configuration(connections, failover) });
    const first = project.start(...apply);
    await until(() => tcf.counts().mutating === 1);
    first.signal("SIGINT");
    await first.said(/Interrupt received/);
    first.signal("SIGINT");
    await first.ended;
    await until(() => tcf.activeNames.length === 1);
    assert.deepEqual(tcf.activeNames, ["cluster2"]);
    tcf.resetCounts();
    succeeded(await project.apply("-lock=false"));
    assert.equal(tcf.counts().mutating, 0);
  });
});

describe("a run that has ended badly", function () {
  this.timeout(60_000);
  before(needsTerraform);

  it("is an error, and the next terraform apply runs it again", async () => {
    await using redis = await startRedis({ actionMs: 50 });
    const connections = { redis: redis.endpoints[0] as string };
    using project = new TerraformProject({ files: configuration(connections, recorded) });
    redis.plan({ action: "enslave_node", outcome: "failed", errorCode: "insufficient_resources" });
    failed(await project.apply(), /enslave_node failed: insufficient_resources/);
    assert.equal(project.isTainted(run), true);
    succeeded(await project.apply());
    assert.deepEqual([redis.counts().mutating, project.recorded(run)?.status], [2, "completed"]);
  });

  it("of prunes: two on one channel, killed, count once", async function () {
    needsStateAtOnce.call(this);
    await using factfinder = await startFactFinder({ reloadMs: 20 });
    const connections = { factfinder: factfinder.director.url };
    const prune = `
resource "clusterops_factfinder_database_prune_intent" "de" {
  channel  = "de"
  triggers = ["2026-11"]
}
resource "clusterops_factfinder_database_prune" "de" {
  channel  = "de"
  triggers = ["2026-11"]
  before   = clusterops_factfinder_database_prune_intent.de.before
}`;
    using project = new TerraformProject({ files: configuration(connections, prune) });
    const hang = factfinder.fault({ kind: "hang", when: "after", match: { method: "POST", path: /prune/ } });
    const first = project.start(...apply);
    await until(() => hang.hits === 1);
    process.kill(first.pid, "SIGKILL");
    await first.ended;
    succeeded(await project.apply("-lock=false"));
    assert.equal(factfinder.counts().effects, 1);
  });
});
