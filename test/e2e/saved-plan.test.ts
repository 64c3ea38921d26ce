import { join } from "node:path";
import { flow } from "../support/flow.ts";
import { succeeded, unchanged } from "../support/pulumi.ts";
import { redisHarness, redisProgram } from "../support/redis-harness.ts";

const program = (trigger: number) =>
  redisProgram(
    `new redis.NodeAction("run", { nodeUid: 3, action: "enslave_node", triggers: [${trigger}] });`,
  );

// The plan of a run holds what its companion is going to record: `up --plan` refused it as an input that nobody had planned.
flow(
  "a plan of a run that was saved",
  () => redisHarness(program(1), { actionMs: 200 }),
  (step) => {
    step("is carried out, and then is silent", 1, async ({ project }) => {
      const plan = join(project.root, "plan.json");
      succeeded(await project.preview({ args: ["--save-plan", plan] }));
      succeeded(await project.up({ args: ["--plan", plan] }));
      unchanged(await project.up({ args: ["--plan", plan] }));
    });

    step("is carried out where the run runs again", 1, async ({ project }) => {
      const plan = join(project.root, "again.json");
      await project.write("index.ts", program(2));
      succeeded(await project.preview({ args: ["--save-plan", plan] }));
      succeeded(await project.up({ args: ["--plan", plan] }));
    });
  },
);
