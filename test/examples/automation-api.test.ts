import assert from "node:assert/strict";
import { execa } from "execa";
import type { PulumiProject } from "../../scripts/pulumi-project.ts";
import { configurationValues, connectionsTo } from "../../simulators/configuration.ts";
import { startTcf } from "../../simulators/index.ts";
import { flow } from "../support/flow.ts";
import { example, pulumiProject } from "../support/pulumi.ts";

async function open() {
  const system = await startTcf({ switchMs: 200 });
  const config = configurationValues(connectionsTo({ tcf: system }));
  return { system, project: await pulumiProject({ from: example("automation-api"), config }) };
}

/** Runs `node failover.ts cluster2` in the project's folder, as its user would. */
async function failover(project: PulumiProject, answer: string): Promise<string> {
  const args = ["failover.ts", "cluster2"];
  const { folder: cwd, env } = project;
  const options = { cwd, env, extendEnv: false, input: answer, all: true } as const;
  return (await execa(process.execPath, args, options)).all;
}

flow("the example automation-api", open, (step) => {
  step("does nothing while nobody says yes", 0, async ({ project }) => {
    const output = await failover(project, "");
    assert.match(output, /demote cluster1, then promote cluster2/);
    assert.match(output, /Make cluster2 the active cluster\? \(yes\/no\)[\s\S]*Nothing was done/);
  });

  step("fails over after a yes", 2, async ({ project, system }) => {
    assert.match(await failover(project, "yes\n"), /Active: cluster2/);
    assert.deepEqual(system.activeNames, ["cluster2"]);
  });

  step("is done: a second run asks nothing and sends nothing", 0, async ({ project }) => {
    const output = await failover(project, "");
    assert.match(output, /cluster2 is what the stack says already/);
    assert.doesNotMatch(output, /yes\/no/);
  });
});
