import assert from "node:assert/strict";
import { configurationValues, connectionsTo } from "../../simulators/configuration.ts";
import { startFactFinder } from "../../simulators/index.ts";
import { flow } from "../support/flow.ts";
import { example, pulumiProject, succeeded, unchanged } from "../support/pulumi.ts";

async function open() {
  const system = await startFactFinder({ reloadMs: 300 });
  const config = {
    ...configurationValues(connectionsTo({ factfinder: system })),
    "workers[0]": "worker1",
    "workers[1]": "worker2",
  };
  return { system, project: await pulumiProject({ from: example("prune-then-sync"), config }) };
}

flow("the example prune-then-sync", open, (step) => {
  step(
    "prunes each channel once and has each worker reload, the second channel's one by one",
    6,
    async ({ project, system }) => {
      const { output } = succeeded(await project.up({ preview: true }));
      assert.match(output, /prune channel de: databaseVersion 41 -> 42, every worker will reload once/);
      assert.match(output, /refresh-en-nodes-2 /);
      const endpoints = system.requests.filter(({ mutating }) => mutating).map(({ endpoint }) => endpoint);
      // Where nothing is said, half of the nodes that answer may reload at a time: of two nodes one, whichever is first.
      assert.deepEqual([endpoints[0], ...endpoints.slice(1, 3).sort()], ["director", "worker1", "worker2"]);
      assert.deepEqual(endpoints.slice(3), ["director", "worker1", "worker2"]);
      for (const worker of system.workers) assert.ok(worker.isInSync("de") && worker.isInSync("en"));
    },
  );

  step("is done: a second up sends nothing", 0, async ({ project }) => {
    unchanged(await project.up());
    assert.deepEqual(await project.outputs(), { databaseVersions: { de: 42, en: 42 } });
  });

  step("runs once more when the configuration says so", 6, async ({ project }) => {
    await project.setConfig({ release: "2030-01-31" });
    succeeded(await project.up());
    assert.deepEqual(await project.outputs(), { databaseVersions: { de: 43, en: 43 } });
  });
});
