import assert from "node:assert/strict";
import { flow } from "../support/flow.ts";
import { failed, recorded, succeeded } from "../support/pulumi.ts";
import { redisHarness, redisProgram } from "../support/redis-harness.ts";

const maintenance = (inputs: string, options: string) =>
  redisProgram(`new redis.NodeMaintenance("window", { nodeUid: 2, ${inputs} }, { ${options} });`);

flow(
  "Pulumi's options of a resource:",
  () => redisHarness(maintenance("", `import: "2"`), { actionMs: 200 }),
  (step) => {
    step("import is refused in one sentence, without a stack", 0, async ({ project }) => {
      const { output } = failed(await project.up(), /window": the option import: .*leave the option out/);
      assert.doesNotMatch(output, /^ +at |code must be a string/m);
      assert.equal(await recorded(project, "window"), undefined);
    });

    step(
      "customTimeouts ends a wait as the timeout input does, and the work is kept",
      1,
      async ({ project, system }) => {
        system.plan({ held: true });
        await project.write("index.ts", maintenance("", `customTimeouts: { create: "1s" }`));
        failed(await project.up(), /not done within the timeout of 1.0s.*the next pulumi up goes on waiting/);
      },
    );

    step("customTimeouts of a delete is on record for it", 0, async ({ project, system }) => {
      system.plan({ actionMs: 200 });
      system.node(2).action("maintenance_on").finish();
      await project.write("index.ts", maintenance("", `customTimeouts: { delete: "1m" }`));
      succeeded(await project.up());
      const { outputs } = (await recorded(project, "window")) ?? {};
      assert.deepEqual(outputs?.__options, { customTimeouts: { delete: "1m" } });
    });

    step(
      "replaceOnChanges replaces: out, and in again with the changed parameter",
      2,
      async ({ project, system }) => {
        await project.write(
          "index.ts",
          maintenance("evictHaReplica: false", `replaceOnChanges: ["evictHaReplica"]`),
        );
        const { resources } = succeeded(await project.up());
        assert.equal(resources.replaced, 1);
        assert.equal(system.node(2).inMaintenance, true);
      },
    );

    step(
      "after pulumi stack rename what a destroy says stands on the row of the resource",
      1,
      async ({ project, system }) => {
        system.plan({ actionMs: 1_500 });
        await project.rename("renamed");
        const { output } = succeeded(await project.destroy());
        assert.match(output, /window deleting.*maintenance_off/);
        // A row that only a message has made is shown without an operation.
        const rows = output.match(/^ .{4}\S*NodeMaintenance window .*$/gm) ?? [];
        assert.deepEqual(
          rows.filter((row) => !/deleting|deleted/.test(row)),
          [],
          output,
        );
      },
    );
  },
);
