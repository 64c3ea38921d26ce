import assert from "node:assert/strict";
import { startRedis } from "../../../simulators/index.ts";
import {
  configuration,
  flowing,
  needsTerraform,
  succeeded,
  TerraformProject,
} from "../../support/terraform.ts";

const window = (inputs = "") => `resource "clusterops_redis_node_maintenance" "window" {
  node_uid = 2
  ${inputs}
  lifecycle {
    postcondition {
      condition     = self.ready
      error_message = "not finished: terraform apply resumes it"
    }
  }
}`;

describe("the provider of Terraform, on the real CLI", function () {
  this.timeout(60_000);
  before(needsTerraform);

  it("carries out what is declared, once, and undoes it", async () => {
    await using redis = await startRedis({ actionMs: 200 });
    const connections = { redis: redis.endpoints[0] as string };
    using project = new TerraformProject({ files: configuration(connections, window()) });
    const plan = succeeded(await project.plan());
    assert.match(flowing(plan.output), /node 2: maintenance_on/);
    assert.equal(redis.counts().mutating, 0, "a plan sends nothing");
    succeeded(await project.apply());
    assert.deepEqual([redis.counts().mutating, redis.node(2).inMaintenance], [1, true]);
    const recorded = project.recorded("clusterops_redis_node_maintenance.window");
    assert.deepEqual([recorded?.id, recorded?.ready, recorded?.in_maintenance], ["2", true, true]);

    redis.resetCounts();
    assert.match(succeeded(await project.apply()).output, /No changes/);
    assert.equal(redis.counts().mutating, 0);

    redis.node(2).start("maintenance_off").finish();
    assert.match(flowing(succeeded(await project.plan()).output), /has been deleted|1 to add/);
    succeeded(await project.apply());
    assert.deepEqual([redis.counts().mutating, redis.node(2).inMaintenance], [1, true], "drift is repaired");

    succeeded(await project.destroy());
    assert.deepEqual([redis.counts().mutating, redis.node(2).inMaintenance], [2, false]);
  });
});
