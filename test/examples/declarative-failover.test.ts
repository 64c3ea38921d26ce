import assert from "node:assert/strict";
import { startTcf } from "../../simulators/index.ts";
import { flow } from "../support/flow.ts";
import { example, pulumiProject, succeeded, unchanged } from "../support/pulumi.ts";

async function open() {
  const system = await startTcf({ switchMs: 300 });
  const [east, west] = system.clusters.map((cluster) => cluster.endpoints[0] as string);
  const config = {
    "clusterops:connections.tcf-east.endpoints[0]": east as string,
    "clusterops:connections.tcf-west.endpoints[0]": west as string,
    active: "cluster1",
  };
  return { system, project: await pulumiProject({ from: example("declarative-failover"), config }) };
}

flow("the example declarative-failover", open, (step) => {
  step("adopts the cluster that is active", 0, async ({ project }) => {
    const { output } = succeeded(await project.up({ preview: true }));
    assert.match(output, /cluster1 is active already: nothing will be sent/);
  });

  step("fails over when the configuration names the other one, and once", 2, async ({ project, system }) => {
    await project.setConfig({ active: "cluster2" });
    const { output, resources } = succeeded(await project.up({ preview: true }));
    assert.match(output, /demote cluster1, then promote cluster2/);
    assert.deepEqual(resources, { updated: 1, unchanged: 1 });
    assert.deepEqual(system.activeNames, ["cluster2"]);
    unchanged(await project.up());
    const outputs = { activeName: "cluster2", passiveName: "cluster1", previousActiveName: "cluster1" };
    assert.deepEqual(await project.outputs(), outputs);
  });

  step("shows in a refresh that the coordinator has switched", 0, async ({ project, system }) => {
    system.failOver();
    const { resources } = succeeded(await project.refresh());
    assert.deepEqual(resources, { updated: 1, unchanged: 1 });
  });

  step("switches back in the next up", 2, async ({ project, system }) => {
    assert.deepEqual(succeeded(await project.up()).resources, { updated: 1, unchanged: 1 });
    assert.deepEqual(system.activeNames, ["cluster2"]);
  });

  step("leaves every role as it is when it is destroyed", 0, async ({ project, system }) => {
    succeeded(await project.destroy());
    assert.deepEqual(system.activeNames, ["cluster2"]);
  });
});
