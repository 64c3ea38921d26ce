import assert from "node:assert/strict";
import { flow } from "../support/flow.ts";
import { failed, recorded, succeeded } from "../support/pulumi.ts";
import { redisHarness, redisProgram } from "../support/redis-harness.ts";

const program = (inputs = "") =>
  redisProgram(`new redis.NodeMaintenance("node-2", { nodeUid: 2, ${inputs} });`);

flow(
  "a wait whose timeout runs out",
  () => redisHarness(program(`timeout: "1s"`)),
  (step) => {
    step("fails the up, says what was seen where, and keeps the node", 1, async ({ project, system }) => {
      system.plan({ action: "maintenance_on", held: true });
      failed(
        await project.up(),
        /redis node 2 maintenance_on: not done within the timeout of 1s \(task [\w-]+, last seen \w+ \d+ %, \d+ looks, waited .*s, http:/,
      );
      const node = await recorded(project, "node-2");
      assert.equal(node?.id, "2");
      assert.equal(node?.initErrors?.length, 1);
      assert.equal(node?.outputs.taskId, system.node(2).action("maintenance_on").taskId);
    });

    step("goes on waiting in the next up, which may run out too", 0, async ({ project }) => {
      failed(await project.up(), /not done within the timeout of 1s/);
    });

    step("is still known to be unfinished after a refresh", 0, async ({ project }) => {
      succeeded(await project.refresh());
      const { output, resources } = succeeded(await project.preview());
      assert.deepEqual(resources, { "to update": 1, unchanged: 1 });
      assert.match(output, /^ +redis node 2: not finished last time; will be resumed$/m);
    });

    step("ends well in an up that waits long enough", 0, async ({ project, system }) => {
      await project.write("index.ts", program());
      const run = project.start("up");
      await run.sees(/node-2 updating/);
      system.node(2).action("maintenance_on").finish();
      assert.deepEqual(succeeded(await run.done).resources, { updated: 1, unchanged: 1 });
      const node = await recorded(project, "node-2");
      assert.deepEqual([node?.outputs.inMaintenance, node?.initErrors], [true, undefined]);
      assert.equal(system.node(2).maintenanceDepth, 1);
    });
  },
);
