import assert from "node:assert/strict";
import { configurationValues, connectionsTo } from "../../simulators/configuration.ts";
import { startTcf } from "../../simulators/index.ts";
import { flow } from "../support/flow.ts";
import { failed, pulumiProject, recorded, succeeded, unchanged } from "../support/pulumi.ts";

const program = `
import { tcf } from "pulumi-clusterops";
new tcf.ActiveCluster("orders", {
  active: "cluster2",
  clusters: { cluster1: "cluster1", cluster2: "cluster2" },
  stableFor: "2s",
});
`;

async function open() {
  const system = await startTcf();
  const config = configurationValues(connectionsTo({ tcf: system }));
  return { system, project: await pulumiProject({ program, config }) };
}

flow("a failover that a coordinator takes back", open, (step) => {
  step("is an error that says so, and is recorded", 2, async ({ project, system }) => {
    const stop = system.watch(({ path }) => {
      if (path !== "/tcf/promote") return;
      stop();
      system.failOverIn(1_000);
    });
    failed(
      await project.up(),
      /the switch to cluster2 was carried out, seen for up to .* then undone by somebody else \(cluster1 active, cluster2 passive\)/,
    );
    assert.equal((await recorded(project, "orders"))?.initErrors?.length, 1);
  });

  step("is not repeated by an up without a preview", 0, async ({ project }) => {
    failed(await project.up(), /nothing was sent now: run pulumi up with its preview to switch again/);
  });

  step("is repeated by an up whose preview has announced it", 2, async ({ project, system }) => {
    const { output } = succeeded(await project.up({ preview: true }));
    assert.match(output, /the last switch was undone by somebody else \(seen at .*Z: cluster1 active/);
    assert.deepEqual(system.activeNames, ["cluster2"]);
  });

  step("is over then", 0, async ({ project }) => {
    unchanged(await project.up());
  });
});
