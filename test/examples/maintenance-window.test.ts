import assert from "node:assert/strict";
import { configurationValues, connectionsTo } from "../../simulators/configuration.ts";
import { startRedis } from "../../simulators/index.ts";
import { flow } from "../support/flow.ts";
import { example, pulumiProject, succeeded, unchanged } from "../support/pulumi.ts";

async function open() {
  const system = await startRedis({ actionMs: 500 });
  const config = configurationValues(connectionsTo({ redis: system }));
  return { system, project: await pulumiProject({ from: example("maintenance-window"), config }) };
}

flow("the example maintenance-window", open, (step) => {
  step("opens no window unless told", 0, async ({ project }) => {
    assert.deepEqual(succeeded(await project.up()).resources, { created: 1 });
  });

  step("empties the node that the configuration names", 1, async ({ project, system }) => {
    await project.setConfig({ node: "2" });
    const { output } = succeeded(await project.up({ preview: true }));
    assert.match(output, /node 2: maintenance_on, 4 shards to migrate, 2 other nodes free/);
    assert.deepEqual(await project.outputs(), { shardsOnNode: 0 });
    assert.equal(system.node(2).inMaintenance, true);
    unchanged(await project.up());
  });

  step("brings it back before the next one leaves", 2, async ({ project, system }) => {
    await project.setConfig({ node: "3" });
    succeeded(await project.up());
    assert.deepEqual(
      system.requests.filter(({ mutating }) => mutating).map(({ path }) => path.replace("/v1/nodes/", "")),
      ["2/actions/maintenance_on", "2/actions/maintenance_off", "3/actions/maintenance_on"],
    );
  });

  step("closes the window when the configuration names none", 1, async ({ project, system }) => {
    await project.run(["config", "rm", "node"], { check: true });
    succeeded(await project.up());
    assert.deepEqual(
      system.nodeUids.filter((uid) => system.node(uid).inMaintenance),
      [],
    );
    assert.equal(system.node(3).shardCount, 4);
  });
});
