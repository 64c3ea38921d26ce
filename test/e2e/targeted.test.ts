import assert from "node:assert/strict";
import { flow } from "../support/flow.ts";
import { recorded, succeeded, unchanged } from "../support/pulumi.ts";
import { redisProgram, redisStage } from "../support/redis-stage.ts";

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
  () => redisStage(program(1), { actionMs: 300 }),
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
      succeeded(await project.up());
      await project.write("index.ts", program(3));
      assert.doesNotMatch(succeeded(await project.up({ preview: true })).output, warning);
    });

    step("is renamed with its companion by one alias", 0, async ({ project }) => {
      await project.write("index.ts", program(3, "renamed", `aliases: [{ name: "run" }], protect: true`));
      const { resources } = succeeded(await project.up());
      assert.deepEqual(resources, { unchanged: 3 });
      for (const name of ["renamed", "renamed-intent"])
        assert.equal((await recorded(project, name))?.protect, true, name);
      unchanged(await project.up());
    });
  },
);
