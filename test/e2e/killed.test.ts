import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { flow } from "../support/flow.ts";
import { recorded, succeeded } from "../support/pulumi.ts";
import { redisHarness, redisProgram } from "../support/redis-harness.ts";

flow(
  "an up whose processes are killed with -9 while two actions run",
  () =>
    redisHarness(
      redisProgram(
        `new redis.NodeMaintenance("node-2", { nodeUid: 2 });`,
        `new redis.NodeAction("node-3", { nodeUid: 3, action: "enslave_node" });`,
      ),
    ),
  (step) => {
    step("has started both and recorded neither", 2, async ({ project, system }) => {
      system.plan({ action: "maintenance_on", held: true });
      system.plan({ action: "enslave_node", held: true });
      const run = project.start("up");
      await run.until(() => system.counts().effects === 2, "start of both actions");
      await run.kill();
      await run.done;
      await project.unlock();
      assert.equal(await recorded(project, "node-2"), undefined);
      assert.equal(await recorded(project, "node-3"), undefined);
    });

    step("is continued by the next: one is joined, the other has ended meanwhile", 0, async (harness) => {
      const { project, system } = harness;
      const [on, enslave] = [system.node(2).action("maintenance_on"), system.node(3).action("enslave_node")];
      const tasks = [on.taskId, enslave.taskId];
      enslave.finish();
      const run = project.start("up");
      await run.sees(/node-2 creating.* node 2 maintenance_on/);
      on.finish();
      succeeded(await run.done);
      const outputs = [await recorded(project, "node-2"), await recorded(project, "node-3")].map(
        (resource) => resource?.outputs.taskId,
      );
      assert.deepEqual(outputs, tasks);
      assert.equal(system.node(2).maintenanceDepth, 1);
    });
  },
);

flow(
  "an up of which the CLI alone is killed with -9",
  () => redisHarness(redisProgram(`new redis.NodeMaintenance("node-2", { nodeUid: 2 });`)),
  (step) => {
    step("leaves no host behind that goes on for nobody", 1, async ({ project, system }) => {
      system.plan({ action: "maintenance_on", held: true });
      const run = project.start("up");
      await run.until(() => system.counts().effects === 1, "start of the action");
      const hosts = await run.hostPids();
      assert.equal(hosts.length, 1);
      process.kill(run.pid, "SIGKILL");
      await run.done;
      for (let tries = 0; tries < 200 && hosts.some(isThere); tries++) await pause(100);
      assert.deepEqual(hosts.filter(isThere), []);
      await project.unlock();
    });

    step("is continued by the next", 0, async ({ project, system }) => {
      const run = project.start("up");
      await run.sees(/node-2 creating.* node 2 maintenance_on/);
      system.node(2).action("maintenance_on").finish();
      succeeded(await run.done);
    });
  },
);

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
