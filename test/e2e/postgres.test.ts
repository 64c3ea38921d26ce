import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { configurationValues, connectionsTo } from "../../simulators/configuration.ts";
import { startRedis } from "../../simulators/index.ts";
import { type Postgres, startPostgres } from "../support/postgres.ts";
import { failed, pulumiProject, recorded, succeeded, unchanged } from "../support/pulumi.ts";
import { redisProgram } from "../support/redis-harness.ts";

describe("two machines that share a stack in PostgreSQL", function () {
  this.timeout(180_000);
  let postgres: Postgres | undefined;

  before(async function () {
    postgres = await startPostgres();
    if (postgres) return;
    console.log("    not run: there is no PostgreSQL here (initdb, pg_ctl)");
    this.skip();
  });
  after(() => postgres?.[Symbol.asyncDispose]());

  it("one killed in the middle of its up: the other is told of the lock, and then resumes [1 effect, 1 mutating]", async () => {
    await using redis = await startRedis();
    redis.plan({ action: "maintenance_on", held: true });
    const program = redisProgram(`new redis.NodeMaintenance("node-2", { nodeUid: 2 });`);
    const config = configurationValues(connectionsTo({ redis }));
    const env = { PULUMI_BACKEND_URL: postgres?.url };
    await using one = await pulumiProject({ program, config, env });
    await using other = await pulumiProject({ program, env, stack: "unused" });
    await cp(join(one.folder, "Pulumi.dev.yaml"), join(other.folder, "Pulumi.dev.yaml"));
    other.stack = "dev";

    const killed = one.start("up");
    await killed.until(() => redis.counts().effects === 1, "start of the action");
    await killed.kill();
    await killed.done;
    failed(await other.up(), /locked/);
    await other.unlock();
    const resumed = other.start("up");
    await resumed.sees(/node-2 creating.* node 2 maintenance_on/);
    redis.node(2).action("maintenance_on").finish();
    succeeded(await resumed.done);

    const { effects, mutating } = redis.counts();
    assert.deepEqual([effects, mutating, redis.node(2).maintenanceDepth], [1, 1, 1]);
    assert.equal((await recorded(other, "node-2"))?.outputs.nodeUid, 2);
    unchanged(await one.up());
    assert.equal(redis.counts().mutating, 1);
  });
});
