import assert from "node:assert/strict";
import { fingerprintOf } from "../../cli/plan-report/fingerprint.ts";
import { readPlan } from "../../cli/plan-report/read.ts";
import type { PulumiProject } from "../../scripts/pulumi-project.ts";
import { startRedis } from "../../simulators/index.ts";
import { built } from "../support/built.ts";
import { pluginIn } from "../support/plugin.ts";
import { failed, pulumiProject, succeeded } from "../support/pulumi.ts";

const window = 'new redis.NodeMaintenance("window", { nodeUid: 2 });\n';
const head = 'import { redis } from "pulumi-clusterops";\n';

const doors = {
  dynamic: { config: {}, files: {}, attempts: [{ preview: true }, { preview: false }] },
  native: {
    config: { "clusterops:door": "native" },
    files: { "Pulumi.yaml": pluginIn() },
    attempts: [{ preview: false }],
  },
};
const planted = "planted-Sup3r";

/** What a person approves. */
async function approved(project: PulumiProject): Promise<{ CLUSTEROPS_EXPECT: string }> {
  const { stdout } = succeeded(
    await project.run(["preview", "--json"], { env: { CLUSTEROPS_EXPECT: "report" } }),
  );
  assert.ok(!stdout.includes(planted));
  const fingerprint = fingerprintOf(readPlan(stdout));
  assert.ok("token" in fingerprint, JSON.stringify(fingerprint));
  return { CLUSTEROPS_EXPECT: fingerprint.token };
}

describe("what was approved, on the real CLI", function () {
  this.timeout(240_000);
  before(built);

  for (const [door, { config, files, attempts }] of Object.entries(doors)) {
    it(`holds through the ${door} door: for a create, for a delete, and until something else has changed [2 mutating]`, async () => {
      await using system = await startRedis({
        actionMs: 100,
        auth: { users: [{ username: "ops", password: planted }] },
      });
      await using project = await pulumiProject({
        program: head + window,
        files,
        config: {
          ...config,
          "clusterops:connections.redis.endpoint": system.endpoints[0] as string,
          "clusterops:connections.redis.username": "ops",
        },
        secrets: { "clusterops:connections.redis.password": planted },
      });
      const create = await approved(project);
      system.changeLeader(2);
      for (const attempt of attempts)
        failed(
          await project.up({ ...attempt, env: create }),
          /since it was approved, this has changed: leader: was node 1, is node 2/,
        );
      assert.equal(system.counts().mutating, 0);
      system.changeLeader(1);
      succeeded(await project.up({ env: create }));
      assert.equal(system.counts().mutating, 1);

      // Set for a stack, it stays: what was recorded is not held against a destroy, and the environment is.
      await project.write("index.ts", head);
      failed(
        await project.up({ env: create }),
        /its deletion is not part of what was approved; nothing was sent\./,
      );
      assert.equal(system.counts().mutating, 1);
      const deletion = await approved(project);
      succeeded(await project.up({ env: deletion }));
      assert.equal(system.counts().mutating, 2);
      assert.equal(system.node(2).inMaintenance, false);
    });
  }

  it("is refused under its key where it is none, also where nothing is to be done", async () => {
    await using system = await startRedis({ actionMs: 50 });
    await using project = await pulumiProject({
      program: head + window,
      config: { "clusterops:connections.redis.endpoint": system.endpoints[0] as string },
    });
    const { output } = succeeded(await project.up({ preview: true }));
    assert.doesNotMatch(output, /clusterops facts/, "an ordinary preview shows no new line");
    for (const [key, value, why] of [
      ["expect", "c1.nonsense", /clusterops:expect.*is neither "report" nor a fingerprint/],
      ["expects", "report", /clusterops:expects.*is not read: did you mean clusterops:expect\?/],
    ] as const) {
      await project.setConfig({ [`clusterops:${key}`]: value });
      failed(await project.preview(), why);
      await project.run(["config", "rm", `clusterops:${key}`], { check: true });
    }
  });

  it("of a stack's configuration is not held against a destroy, which goes by what an up has recorded", async () => {
    await using system = await startRedis({ actionMs: 50 });
    await using project = await pulumiProject({
      program: head + window,
      config: { "clusterops:connections.redis.endpoint": system.endpoints[0] as string },
    });
    const { CLUSTEROPS_EXPECT: token } = await approved(project);
    await project.setConfig({ "clusterops:expect": token });
    succeeded(await project.up());
    succeeded(await project.destroy());
    assert.equal(system.node(2).inMaintenance, false);
  });
});
