import assert from "node:assert/strict";
import { flow } from "../support/flow.ts";
import { recorded, succeeded } from "../support/pulumi.ts";
import { redisHarness, redisProgram } from "../support/redis-harness.ts";

const program = (trigger: number) =>
  redisProgram(
    `for (const nodeUid of [2, 3])`,
    `  new redis.NodeAction(\`run-\${nodeUid}\`, { nodeUid, action: "enslave_node", triggers: [${trigger}] });`,
  );
const warning =
  /warning: PULUMI_SKIP_CHECKPOINTS is set, so the state is written only at the end of the update/g;
const env = { PULUMI_SKIP_CHECKPOINTS: "true" };

flow(
  "an up whose state is written at its end only",
  () => redisHarness(program(1), { actionMs: 300 }),
  (step) => {
    step("says so once, however many runs it has, and so does its preview", 2, async ({ project }) => {
      const { output } = succeeded(await project.up({ env, preview: true }));
      for (const part of output.split("Updating (dev)")) {
        const [, diagnostics = ""] = part.split("Diagnostics:");
        assert.equal(diagnostics.match(warning)?.length, 1, output);
      }
    });

    step("says nothing where nothing is to run", 0, async ({ project }) => {
      assert.doesNotMatch(succeeded(await project.up({ env, preview: true })).output, warning);
    });

    step("says nothing where it is written at each step", 2, async ({ project }) => {
      await project.write("index.ts", program(2));
      assert.doesNotMatch(succeeded(await project.up({ preview: true })).output, warning);
    });

    step("is what it says: killed, it has nothing on record, not even of a companion", 2, async (stage) => {
      const { project, system } = stage;
      await project.write("index.ts", program(3));
      for (const nodeUid of [2, 3]) system.plan({ action: "enslave_node", nodeUid, held: true });
      const before = system.counts().effects;
      const run = project.start("up", { env });
      await run.until(() => system.counts().effects === before + 2, "start of both actions");
      await run.kill();
      await run.done;
      await project.unlock();
      const { triggers } = (await recorded(project, "run-2-intent"))?.inputs ?? {};
      assert.deepEqual(triggers, [2]);
    });
  },
);
