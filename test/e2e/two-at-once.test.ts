import assert from "node:assert/strict";
import { configurationValues, connectionsTo } from "../../simulators/configuration.ts";
import { startRedis } from "../../simulators/index.ts";
import { pulumiProject, recorded, succeeded } from "../support/pulumi.ts";
import { redisProgram } from "../support/redis-harness.ts";

describe("two stacks whose programs want the same node in maintenance, at once", function () {
  this.timeout(120_000);

  it("start one action between them, and both see it end [1 effect, at most 2 mutating]", async () => {
    await using redis = await startRedis();
    redis.plan({ action: "maintenance_on", held: true });
    const program = redisProgram(`new redis.NodeMaintenance("node-2", { nodeUid: 2 });`);
    const config = configurationValues(connectionsTo({ redis }));
    await using one = await pulumiProject({ program, config });
    await using two = await pulumiProject({ program, config, stack: "other", shares: one });

    const runs = [one.start("up"), two.start("up")];
    await Promise.all(runs.map((run) => run.sees(/node-2 creating.* node 2 maintenance_on/)));
    redis.node(2).action("maintenance_on").finish();
    for (const run of runs) succeeded(await run.done);

    const { effects, mutating } = redis.counts();
    assert.equal(effects, 1);
    assert.ok(mutating <= 2, `${mutating} mutating requests`);
    assert.equal(redis.node(2).maintenanceDepth, 1);
    const { taskId } = redis.node(2).action("maintenance_on");
    for (const project of [one, two])
      assert.equal((await recorded(project, "node-2"))?.outputs.taskId, taskId);
  });
});
