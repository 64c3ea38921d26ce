import assert from "node:assert/strict";
import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { configurationValues, connectionsTo } from "../../simulators/configuration.ts";
import { startRedis } from "../../simulators/index.ts";
import { failed, pulumiProject, recorded, succeeded, unchanged } from "../support/pulumi.ts";
import { redisProgram } from "../support/redis-harness.ts";

describe("a stack that moves to another machine and another backend", function () {
  this.timeout(180_000);

  it("takes its unfinished work along: it is resumed there, and nothing is sent a second time [1 mutating]", async () => {
    await using redis = await startRedis();
    redis.plan({ action: "maintenance_on", held: true });
    const program = (timeout: string) =>
      redisProgram(`new redis.NodeMaintenance("node-2", { nodeUid: 2, timeout: "${timeout}" });`);
    const config = configurationValues(connectionsTo({ redis }));
    await using one = await pulumiProject({ program: program("1s"), config });
    await using other = await pulumiProject({ program: program("30s") });
    failed(await one.up(), /not done within the timeout of 1s/);

    const state = join(other.root, "stack.json");
    await writeFile(state, JSON.stringify(await one.export()));
    await cp(join(one.folder, "Pulumi.dev.yaml"), join(other.folder, "Pulumi.dev.yaml"));
    await other.run(["stack", "import", "--file", state], { check: true });
    redis.node(2).action("maintenance_on").finish();
    succeeded(await other.up());
    assert.equal((await recorded(other, "node-2"))?.outputs.inMaintenance, true);
    unchanged(await other.up());
    assert.equal(redis.counts().mutating, 1);
  });
});
