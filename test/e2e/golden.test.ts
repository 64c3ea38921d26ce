import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PulumiProject } from "../../scripts/pulumi-project.ts";
import type { AllSimulators } from "../../simulators/index.ts";
import {
  configurationOf,
  type GoldenStack,
  programOf,
  recordedIn,
  startSystems,
  stateOf,
} from "../golden/stacks.ts";
import { built } from "../support/built.ts";
import { pluginIn } from "../support/plugin.ts";
import { pulumiProject, succeeded, unchanged } from "../support/pulumi.ts";

/** A project with the program of that stack, which has not run yet. */
function projectOf(stack: GoldenStack, systems: AllSimulators): Promise<PulumiProject> {
  return pulumiProject({ from: programOf(stack), config: configurationOf(systems, stack) });
}

/** The same with the recorded state: what a user has who has just updated the package. */
async function inherited(stack: GoldenStack, systems: AllSimulators): Promise<PulumiProject> {
  const project = await projectOf(stack, systems);
  await project.write("stack.json", stateOf(stack, systems));
  await project.run(["stack", "import", "--file", "stack.json"], { check: true });
  return project;
}

/** Brings the systems to where the unfinished work of that stack has ended by now. */
function endUnfinished({ redis, tcf, factfinder }: AllSimulators, stack: GoldenStack): void {
  for (const [name, uid, action] of [
    ["window-2", 2, "maintenance_on"],
    ["action-3", 3, "enslave_node"],
  ] as const) {
    redis.plan({ action, nodeUid: uid, actionMs: 0 });
    const { __unfinished: handle } = recordedIn(stack, name);
    redis
      .node(uid)
      .start(action)
      .replaceTask((handle as { taskId: string }).taskId);
  }
  for (const cluster of tcf.clusters) cluster.status = "passive";
  factfinder.prune("de");
  for (const worker of factfinder.workers) worker.setState("de", factfinder.director.state("de"));
}

describe("a stack that 0.1.0 has written", function () {
  this.timeout(120_000);
  before(built);

  it("with every class, all done: preview, refresh and up find nothing to do and send nothing, through either door and back", async () => {
    const stack: GoldenStack = { name: "everything", release: "0.1.0" };
    const systems = await startSystems(false);
    try {
      // The systems get there by the same program.
      await using first = await projectOf(stack, systems);
      // 0.1.0 sent an id with a slash in a path. It is refused now, but stays as it is where it is recorded.
      const program = await readFile(join(first.folder, "index.ts"), "utf8");
      await first.write("index.ts", program.replace("AAAB/+7eWUc=", "AAABcID5GBc="));
      succeeded(await first.up());
      await using project = await inherited(stack, systems);
      systems.resetCounts();
      unchanged(await project.preview());
      unchanged(await project.refresh());
      unchanged(await project.up());
      assert.equal(systems.counts().mutating, 0);

      await project.write(
        "Pulumi.yaml",
        pluginIn(await readFile(join(project.folder, "Pulumi.yaml"), "utf8")),
      );
      await project.setConfig({ "clusterops:door": "native" });
      unchanged(await project.up({ preview: true }));
      const { deployment } = await project.export();
      const left = deployment.resources.filter(({ type }) => type.includes("dynamic/"));
      assert.deepEqual(left, [], "all of them have gone over");
      unchanged(await project.refresh());
      await project.setConfig({ "clusterops:door": "dynamic" });
      const back = succeeded(await project.up());
      assert.deepEqual(Object.keys(back.resources).sort(), ["unchanged", "updated"], back.output);
      unchanged(await project.preview());
      assert.equal(systems.counts().mutating, 0);
    } finally {
      await systems.close();
    }
  });

  it("unfinished: the native plugin takes up the work that has ended meanwhile, and sends promote only", async () => {
    const stack: GoldenStack = { name: "unfinished", release: "0.1.0" };
    const systems = await startSystems(false);
    try {
      endUnfinished(systems, stack);
      await using project = await inherited(stack, systems);
      await project.write(
        "Pulumi.yaml",
        pluginIn(await readFile(join(project.folder, "Pulumi.yaml"), "utf8")),
      );
      await project.setConfig({ "clusterops:door": "native" });
      const { resources } = succeeded(await project.up());
      assert.deepEqual(resources, { updated: 4, unchanged: 2 });
      assert.equal(systems.counts().mutating, 1);
      assert.deepEqual(systems.tcf.activeIds, ["cluster_2"]);
      unchanged(await project.up());
    } finally {
      await systems.close();
    }
  });

  it("unfinished: up takes up the work that has ended meanwhile, and sends promote only", async () => {
    const stack: GoldenStack = { name: "unfinished", release: "0.1.0" };
    const systems = await startSystems(false);
    try {
      endUnfinished(systems, stack);
      await using project = await inherited(stack, systems);
      const { resources } = succeeded(await project.up());
      assert.deepEqual(resources, { updated: 4, unchanged: 2 });
      assert.equal(systems.counts().mutating, 1);
      assert.deepEqual(systems.tcf.activeIds, ["cluster_2"]);
      unchanged(await project.up());
      assert.equal(systems.counts().mutating, 1);
    } finally {
      await systems.close();
    }
  });
});
