import assert from "node:assert/strict";
import type { PulumiProject } from "../../scripts/pulumi-project.ts";
import { configurationValues, connectionsTo } from "../../simulators/configuration.ts";
import { startFactFinder } from "../../simulators/index.ts";
import { flow, type Step } from "../support/flow.ts";
import { pulumiProject, recorded, succeeded, unchanged } from "../support/pulumi.ts";
import { redisHarness, redisProgram } from "../support/redis-harness.ts";

const urnOf = (type: string) => `urn:pulumi:dev::e2e::pulumi-nodejs:dynamic/clusterops/${type}::run`;

type Way = [what: string, force: (project: PulumiProject) => Promise<string[]>];

/** Each way in which a user has a run that is done run again, without a change in the program. */
function waysFor(urn: string): Way[] {
  return [
    ["up --replace", async () => ["--replace", urn]],
    ["up --target-replace", async () => ["--target-replace", urn]],
    [
      "pulumi state taint and up",
      async (project) => {
        await project.run(["state", "taint", urn, "--yes"], { check: true });
        return [];
      },
    ],
  ];
}

function forcing<S>(step: Step<S>, ways: Way[]): void {
  for (const [what, force] of ways) {
    step(`runs again with ${what}`, 1, async ({ project }) => {
      const { resources } = succeeded(await project.up({ args: await force(project) }));
      assert.equal(resources.replaced, 1);
    });

    step("is done then", 0, async ({ project }) => void unchanged(await project.up()));
  }
}

flow(
  "a NodeAction that is done",
  () =>
    redisHarness(redisProgram(`new redis.NodeAction("run", { nodeUid: 3, action: "enslave_node" });`), {
      actionMs: 300,
    }),
  (step) => {
    step("has run once", 1, async ({ project }) => void succeeded(await project.up()));
    forcing(step, waysFor(urnOf("redis:NodeAction")));

    const triggered = (value: string) =>
      redisProgram(
        `new redis.NodeAction("run", { nodeUid: 3, action: "enslave_node" }, { replacementTrigger: "${value}" });`,
      );
    step("takes a replacementTrigger", 0, async ({ project }) => {
      await project.write("index.ts", triggered("first"));
      succeeded(await project.up());
    });

    step("runs again when that changes, for which its companion looks anew", 1, async ({ project }) => {
      const earlier = (await recorded(project, "run"))?.outputs.taskId;
      await project.write("index.ts", triggered("second"));
      assert.equal(succeeded(await project.up()).resources.replaced, 2);
      const { before } = (await recorded(project, "run-intent"))?.outputs ?? {};
      assert.equal((before as { seen: { taskBefore: string } }).seen.taskBefore, earlier);
    });
  },
);

flow(
  "a DatabasePrune that is done",
  async () => {
    const system = await startFactFinder();
    const config = configurationValues(connectionsTo({ factfinder: system }));
    const program = `import { factfinder } from "pulumi-clusterops";
      new factfinder.DatabasePrune("run", { channel: "de" });`;
    return { system, project: await pulumiProject({ config, program }) };
  },
  (step) => {
    step("has run once", 1, async ({ project }) => void succeeded(await project.up()));
    // The engine's ways are the same for every resource; this one is not known by a task, but by a mark that it leaves.
    forcing(step, waysFor(urnOf("factfinder:DatabasePrune")).slice(0, 1));
  },
);
