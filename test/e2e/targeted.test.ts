import assert from "node:assert/strict";
import { flow } from "../support/flow.ts";
import { recorded, succeeded, unchanged } from "../support/pulumi.ts";
import { redisHarness, redisProgram } from "../support/redis-harness.ts";

const type = "pulumi-nodejs:dynamic/clusterops/redis:NodeAction";
const target = ["--target", `urn:pulumi:dev::e2e::${type}::run`];
const program = (trigger: number, name = "run", opts = "") =>
  redisProgram(
    `new redis.NodeAction("${name}", { nodeUid: 3, action: "enslave_node", triggers: [${trigger}] }, {${opts}});`,
  );
const warning =
  /warning: the record of what was there before this run \(run-intent\) is not part of this update/g;

flow(
  "a run that an up is limited to",
  () => redisHarness(program(1), { actionMs: 300 }),
  (step) => {
    step("runs, and says in preview and update that its record is left out", 1, async ({ project }) => {
      const { output } = succeeded(await project.up({ args: target, preview: true }));
      const [preview = "", update = ""] = output.split("Updating (dev)");
      for (const part of [preview, update]) {
        const [, diagnostics = ""] = part.split("Diagnostics:");
        assert.equal(diagnostics.match(warning)?.length, 1, output);
      }
      assert.equal(await recorded(project, "run-intent"), undefined);
    });

    step("has its record from the next up, which says nothing of it", 0, async ({ project }) => {
      const { output, resources } = succeeded(await project.up());
      assert.deepEqual(resources, { created: 1, unchanged: 2 });
      assert.doesNotMatch(output, warning);
    });

    step("runs again when it is changed, and says the same", 1, async ({ project }) => {
      await project.write("index.ts", program(2));
      const { output, resources } = succeeded(await project.up({ args: target }));
      assert.deepEqual(resources, { updated: 1, unchanged: 2 });
      assert.match(output, warning);
    });

    step("says nothing where nothing is to run", 0, async ({ project }) => {
      const { output } = succeeded(await project.up({ args: target, preview: true }));
      assert.doesNotMatch(output, warning);
    });

    step("runs, and says nothing, where all take part", 1, async ({ project }) => {
      await project.write("index.ts", program(3));
      assert.doesNotMatch(succeeded(await project.up()).output, warning);
    });

    step("is left out by --exclude, and so is its companion", 0, async ({ project }) => {
      await project.write("index.ts", program(4));
      unchanged(await project.up({ args: ["--exclude", target[1] as string] }));
    });

    step("runs in the next up, for which its companion looks", 1, async ({ project }) => {
      assert.deepEqual(succeeded(await project.up()).resources, { updated: 2, unchanged: 1 });
    });

    step("is renamed with its companion by one alias", 0, async ({ project }) => {
      await project.write("index.ts", program(4, "renamed", `aliases: [{ name: "run" }], protect: true`));
      const { resources } = succeeded(await project.up());
      assert.deepEqual(resources, { unchanged: 3 });
      for (const name of ["renamed", "renamed-intent"])
        assert.equal((await recorded(project, name))?.protect, true, name);
      unchanged(await project.up());
    });
  },
);

flow(
  "a run whose inputs a transformation changes, and not its companion's",
  () =>
    redisHarness(
      `import * as pulumi from "@pulumi/pulumi";
pulumi.runtime.registerStackTransformation(({ name, props, opts }) =>
  name === "run" ? { props: { ...props, triggers: ["late"] }, opts } : undefined);
${program(1)}`,
      { actionMs: 300 },
    ),
  (step) => {
    step("runs, and says that its record is for other inputs", 1, async ({ project }) => {
      const { output } = succeeded(await project.up());
      assert.match(output, /warning: the record of what was there before this run is for other inputs/);
    });
  },
);

flow(
  "a run that the first up leaves out",
  () => redisHarness(program(1), { actionMs: 300 }),
  (step) => {
    step("has a companion, which looks before its time", 0, async ({ project }) => {
      succeeded(await project.up({ args: ["--exclude", "**::run"] }));
      assert.equal(await recorded(project, "run"), undefined);
    });

    step("runs, though somebody else has run the same meanwhile", 1, async ({ project, system }) => {
      system.node(3).start("enslave_node").finish();
      succeeded(await project.up());
    });

    step("is done", 0, async ({ project }) => void unchanged(await project.up()));
  },
);
