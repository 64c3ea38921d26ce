import assert from "node:assert/strict";
import { startRedis } from "../../../simulators/index.ts";
import {
  configuration,
  failed,
  flowing,
  needsTerraform,
  succeeded,
  TerraformProject,
} from "../../support/terraform.ts";

const window = `resource "clusterops_redis_node_maintenance" "window" {\n  node_uid = 2\n}\n`;
const removal = `resource "clusterops_redis_node_removal" "gone" {\n  node_uid = 3\n  timeout  = "1s"\n}\n`;
const demotion = `
resource "clusterops_redis_node_action_intent" "demotion" {
  node_uid = 3
  action   = "enslave_node"
}
resource "clusterops_redis_node_action" "demotion" {
  node_uid = 3
  action   = "enslave_node"
  before   = clusterops_redis_node_action_intent.demotion.before

  lifecycle {
    create_before_destroy = true
  }
}`;
const run = "clusterops_redis_node_action.demotion";

/** Terraform hands to a delete that something replaces what the plan of the new thing has kept: measured with 1.11. */
describe("what terraform apply replaces", function () {
  this.timeout(90_000);
  before(needsTerraform);

  for (const [how, words] of [
    ["since its connection leads elsewhere", undefined],
    ["since it is tainted, and its connection leads elsewhere", "taint"],
  ] as const)
    it(`${how}, is undone where it stands, and nowhere else`, async () => {
      await using old = await startRedis({ actionMs: 20 });
      await using other = await startRedis({ actionMs: 20 });
      other.node(2).start("maintenance_on").finish();
      const [before, now] = [old.endpoints[0] as string, other.endpoints[0] as string];
      using project = new TerraformProject({ files: configuration({ redis: before }, window) });
      succeeded(await project.apply());
      project.write({ "main.tf": configuration({ redis: now, old: before }, window) });
      if (words) succeeded(await project.run(words, "clusterops_redis_node_maintenance.window"));
      const plan = succeeded(await project.plan());
      assert.match(flowing(plan.output), /node 2 is already in maintenance: it is adopted/);
      succeeded(await project.apply());
      assert.deepEqual([old.node(2).inMaintenance, old.counts().mutating], [false, 2]);
      assert.deepEqual([other.node(2).inMaintenance, other.counts().mutating], [true, 0]);
      assert.match(succeeded(await project.plan()).output, /No changes/);
    });

  for (const how of ["-replace", "taint"])
    it(`while it is unfinished, by ${how}, is cancelled first`, async () => {
      await using redis = await startRedis({ actionMs: 20 });
      const connections = { redis: redis.endpoints[0] as string };
      using project = new TerraformProject({ files: configuration(connections, removal) });
      redis.plan({ action: "remove", held: true });
      assert.match(flowing(succeeded(await project.apply()).output), /Warning: not finished/);
      const address = "clusterops_redis_node_removal.gone";
      if (how === "taint") succeeded(await project.run("taint", address));
      succeeded(await project.apply(...(how === "taint" ? [] : [`-replace=${address}`])));
      const sent = redis.requests.filter(({ mutating }) => mutating).map(({ method }) => method);
      assert.deepEqual(sent, ["POST", "DELETE", "POST"]);
    });

  it("with create_before_destroy, after a run has ended badly, runs again", async () => {
    await using redis = await startRedis({ actionMs: 20 });
    const connections = { redis: redis.endpoints[0] as string };
    using project = new TerraformProject({ files: configuration(connections, demotion) });
    redis.plan({ action: "enslave_node", outcome: "failed", errorCode: "insufficient_resources" });
    failed(await project.apply(), /insufficient_resources/);
    const { output } = succeeded(await project.apply());
    assert.match(flowing(output), /runs again, since an earlier attempt has ended badly: redis node 3/);
    assert.deepEqual([redis.counts().mutating, project.recorded(run)?.status], [2, "completed"]);
    assert.match(succeeded(await project.apply()).output, /No changes/);
  });

  it("with create_before_destroy, of a run, counts as run already, and that is an error", async () => {
    await using redis = await startRedis({ actionMs: 20 });
    const connections = { redis: redis.endpoints[0] as string };
    using project = new TerraformProject({ files: configuration(connections, demotion) });
    succeeded(await project.apply());
    failed(await project.apply(`-replace=${run}`), /not run again: .*create_before_destroy = false/);
    assert.equal(redis.counts().mutating, 1);
    project.write({ "main.tf": configuration(connections, demotion.replace("= true", "= false")) });
    succeeded(await project.apply(`-replace=${run}`));
    assert.equal(redis.counts().mutating, 2);
    assert.match(succeeded(await project.apply()).output, /No changes/);
  });
});
