import assert from "node:assert/strict";
import type { PulumiProject } from "../../scripts/pulumi-project.ts";
import type { RedisSimulator } from "../../simulators/index.ts";
import { flow } from "../support/flow.ts";
import { recorded, succeeded, unchanged } from "../support/pulumi.ts";
import { redisHarness, redisProgram } from "../support/redis-harness.ts";

const alone = (name: string) => redisProgram(`new redis.NodeMaintenance("${name}", { nodeUid: 2 });`);
const inComponent = redisProgram(
  `import * as pulumi from "@pulumi/pulumi";`,
  `const parent = new pulumi.ComponentResource("ops:index:Window", "parent");`,
  `new redis.NodeMaintenance("renamed", { nodeUid: 2 }, { parent });`,
);
const urn =
  "urn:pulumi:dev::e2e::ops:index:Window$pulumi-nodejs:dynamic/clusterops/redis:NodeMaintenance::renamed";

/** The node is in maintenance, and the state says so of the one resource that there is. */
async function isKept({ project, system }: { project: PulumiProject; system: RedisSimulator }, name: string) {
  assert.equal(system.node(2).inMaintenance, true);
  assert.equal((await recorded(project, name))?.outputs.inMaintenance, true);
  const { deployment } = await project.export();
  const declared = deployment.resources.filter(({ type }) => type.endsWith(":NodeMaintenance"));
  assert.equal(declared.length, 1);
}

flow(
  "a node in maintenance whose resource",
  () => redisHarness(alone("window"), { actionMs: 200 }),
  (step) => {
    step("is made", 1, async ({ project }) => void succeeded(await project.up()));

    step("is renamed without an alias stays there, and it is said why", 0, async (harness) => {
      await harness.project.write("index.ts", alone("renamed"));
      const { output } = succeeded(await harness.project.up());
      assert.match(output, /redis node 2: only forgotten, since renamed declares it, too; nothing was sent/);
      await isKept(harness, "renamed");
      unchanged(await harness.project.up());
    });

    step("is moved into a component stays there", 0, async (harness) => {
      await harness.project.write("index.ts", inComponent);
      succeeded(await harness.project.up());
      await isKept(harness, "renamed");
      unchanged(await harness.project.up());
    });

    step("is replaced by force comes out first, then goes in again", 2, async (harness) => {
      const before = harness.system.requests.length;
      succeeded(await harness.project.up({ args: ["--replace", urn] }));
      const sent = harness.system.requests.slice(before).filter(({ mutating }) => mutating);
      assert.deepEqual(
        sent.map(({ path }) => path),
        ["/v1/nodes/2/actions/maintenance_off", "/v1/nodes/2/actions/maintenance_on"],
      );
      await isKept(harness, "renamed");
    });

    step("is tainted does the same", 2, async (harness) => {
      await harness.project.run(["state", "taint", urn, "--yes"], { check: true });
      succeeded(await harness.project.up());
      await isKept(harness, "renamed");
    });

    step("is no longer declared comes out", 1, async ({ project, system }) => {
      await project.write("index.ts", redisProgram());
      succeeded(await project.up());
      assert.equal(system.node(2).inMaintenance, false);
    });
  },
);
