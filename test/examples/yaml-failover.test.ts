import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { configurationValues, connectionsTo } from "../../simulators/configuration.ts";
import { startRedis, startTcf } from "../../simulators/index.ts";
import { built } from "../support/built.ts";
import { Combined } from "../support/combined.ts";
import { flow } from "../support/flow.ts";
import { orSkip, yaml } from "../support/languages.ts";
import { example, pulumiProject, succeeded, unchanged } from "../support/pulumi.ts";

const root = join(import.meta.dirname, "..", "..");
const plugin = join(root, "plugin");

let host: string;

async function open() {
  const [tcf, redis] = [await startTcf({ switchMs: 100 }), await startRedis({ actionMs: 100 })];
  const named = connectionsTo({ tcf, redis }).map(({ name, ...to }) => ({
    ...to,
    name: name.replace("cluster1", "tcf-east").replace("cluster2", "tcf-west"),
  }));
  const text = (await readFile(join(example("yaml-failover"), "Pulumi.yaml"), "utf8"))
    .replace("node_modules/pulumi-clusterops/plugin", plugin)
    .replace(/^( +)active: .*$/m, "$&\n$1stableFor: 0s");
  const project = await pulumiProject({
    files: { "Pulumi.yaml": text },
    config: configurationValues(named),
    env: { PATH: [host, join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter) },
  });
  return { system: new Combined(tcf, redis), project };
}

describe("a stack in YAML", () => {
  before(async function () {
    await built.call(this);
    host = await orSkip(this, yaml);
  });

  flow("the example yaml-failover", open, (step) => {
    step("adopts the active cluster, and puts the node in maintenance", 1, async ({ project }) => {
      succeeded(await project.up());
      assert.deepEqual(await project.outputs(), { activeName: "cluster1", shardsOnNode2: 0 });
    });

    step("fails over by one changed line, once", 2, async ({ project }) => {
      const text = await readFile(join(project.folder, "Pulumi.yaml"), "utf8");
      await project.write("Pulumi.yaml", text.replace("active: cluster1", "active: cluster2"));
      succeeded(await project.up());
      unchanged(await project.up());
      assert.equal((await project.outputs()).activeName, "cluster2");
    });
  });
});
