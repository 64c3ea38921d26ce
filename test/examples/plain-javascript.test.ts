import assert from "node:assert/strict";
import { configurationValues, connectionsTo } from "../../simulators/configuration.ts";
import { startRedis, startTcf } from "../../simulators/index.ts";
import { Combined } from "../support/combined.ts";
import { flow } from "../support/flow.ts";
import { example, failed, pulumiProject, succeeded, unchanged } from "../support/pulumi.ts";

async function open() {
  const [tcf, redis] = [await startTcf(), await startRedis()];
  const config = { ...configurationValues(connectionsTo({ tcf, redis })), active: "cluster2" };
  const project = await pulumiProject({ from: example("plain-javascript"), config });
  return { system: new Combined(tcf, redis), project };
}

flow("the example plain-javascript", open, (step) => {
  step("fails over, then takes the node into maintenance", 3, async ({ project, system }) => {
    succeeded(await project.up());
    assert.deepEqual(
      system.requests.filter(({ mutating }) => mutating).map(({ path }) => path),
      ["/tcf/demote", "/tcf/promote", "/v1/nodes/2/actions/maintenance_on"],
    );
    assert.deepEqual(await project.outputs(), { activeCluster: "cluster2", shardsOnNode2: 0 });
  });

  step("is done: a second up sends nothing", 0, async ({ project }) => {
    unchanged(await project.up());
  });

  step("is told by a preview what TypeScript would have told", 0, async ({ project }) => {
    const program = `import { redis } from "pulumi-clusterops";
      new redis.NodeMaintenance("node-2", { nodeUid: "two", evictDb: [1] });`;
    await project.write("index.js", program);
    const { output } = failed(await project.preview(), /evictDb: .*did you mean evictDbs\?/);
    assert.match(output, /nodeUid .*"two" is not an integer/);
  });
});
