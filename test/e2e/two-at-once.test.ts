import assert from "node:assert/strict";
import { configurationValues, connectionsTo } from "../../simulators/configuration.ts";
import { startRedis } from "../../simulators/index.ts";
import { failed, pulumiProject, recorded, succeeded } from "../support/pulumi.ts";
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

describe("two stacks that want different nodes in maintenance, at once", function () {
  this.timeout(120_000);

  it("leave one node away: the later one takes its node out again, and says why", async () => {
    await using redis = await startRedis();
    const program = (uid: number) => redisProgram(`new redis.NodeMaintenance("node", { nodeUid: ${uid} });`);
    const config = configurationValues(connectionsTo({ redis }));
    await using one = await pulumiProject({ program: program(2), config });
    await using two = await pulumiProject({ program: program(3), config });

    // The first decides, and its request is on its way for so long that the second sees nothing of it.
    const held = redis.fault({
      kind: "delay",
      ms: 15_000,
      match: { method: "POST", path: "/v1/nodes/2/actions/maintenance_on" },
    });
    const first = one.start("up");
    while (held.hits === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    succeeded(await two.start("up").done);
    failed(await first.done, /node 3 is in maintenance, by a request of the same moment/);
    assert.deepEqual([redis.node(2).inMaintenance, redis.node(3).inMaintenance], [false, true]);
  });
});
