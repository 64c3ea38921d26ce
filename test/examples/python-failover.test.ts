import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { PulumiProject } from "../../scripts/pulumi-project.ts";
import { startFactFinder, startRedis, startTcf } from "../../simulators/index.ts";
import { built } from "../support/built.ts";
import { Combined } from "../support/combined.ts";
import { flow } from "../support/flow.ts";
import { orSkip, python } from "../support/languages.ts";
import { example, pulumiProject, recorded, succeeded, unchanged } from "../support/pulumi.ts";

/** The same as examples/python-failover, in TypeScript. */
const program = `import { factfinder, redis, tcf } from "pulumi-clusterops";
const orders = new tcf.ActiveCluster("orders", { active: "cluster1", clusters: { cluster1: "tcf-east", cluster2: "tcf-west" }, stableFor: "0s" });
new redis.NodeMaintenance("node-2", { nodeUid: 2, timeout: "45m" }, { dependsOn: orders });
new factfinder.DatabasePrune("prune", { channel: "de", triggers: [orders.activeName] });
export const { activeName } = orders;
`;

const yaml = `name: python-failover
runtime: nodejs
main: index.ts
plugins:
  providers:
    - name: clusterops
      path: ${join(import.meta.dirname, "..", "..", "plugin")}
`;

let interpreter: Awaited<ReturnType<typeof python>>;

async function open() {
  const [tcf, redis, factfinder] = [
    await startTcf({ switchMs: 100 }),
    await startRedis({ actionMs: 100 }),
    await startFactFinder({ reloadMs: 20 }),
  ];
  const [east, west] = tcf.clusters.map(({ endpoints }) => endpoints[0] as string);
  const project = await pulumiProject({
    from: example("python-failover"),
    program,
    config: {
      "clusterops:connections.tcf-east.endpoint": east as string,
      "clusterops:connections.tcf-west.endpoint": west as string,
      "clusterops:connections.redis.endpoint": redis.endpoints[0] as string,
      "clusterops:connections.factfinder.endpoint": factfinder.director.url,
    },
  });
  await project.write("Pulumi.yaml", yaml);
  // Nobody waits ten seconds to see a simulator.
  const text = await readFile(join(project.folder, "main.py"), "utf8");
  await project.write("main.py", text.replace("active=active,", `active=active, stable_for="0s",`));
  return { system: new Combined(tcf, redis, factfinder), project };
}

/** Runs `python main.py <cluster>` in the project's folder, as its user would. */
async function failover(project: PulumiProject, cluster: string, answer: string): Promise<string> {
  const env = { ...project.env, ...interpreter.env };
  const options = { cwd: project.folder, env, extendEnv: false, input: answer, all: true } as const;
  return (await execa(interpreter.bin, ["main.py", cluster], options)).all;
}

describe("a stack in another language", () => {
  before(async function () {
    await built.call(this);
    interpreter = await orSkip(this, python);
  });

  flow("the example python-failover, on a stack that a program in TypeScript has made", open, (step) => {
    step("begins with the dynamic provider", 2, async ({ project }) => {
      succeeded(await project.up());
      const run = await recorded(project, "prune");
      assert.equal(run?.type, "pulumi-nodejs:dynamic/clusterops/factfinder:DatabasePrune");
    });

    step("is what the stack says already: nothing is asked or sent", 0, async ({ project, system }) => {
      const output = await failover(project, "cluster1", "");
      assert.match(output, /cluster1 is what the stack says already/);
      assert.equal(system.counts().reads, 0);
    });

    step("fails over after a yes, and prunes once more", 3, async ({ project, system }) => {
      const output = await failover(project, "cluster2", "yes\n");
      assert.match(output, /demote cluster1, then promote cluster2/);
      assert.match(output, /Active: cluster2/);
      assert.deepEqual(
        system.requests
          .filter(({ mutating }) => mutating)
          .map(({ path }) => path)
          .slice(-3),
        ["/tcf/demote", "/tcf/promote", "/fact-finder/rest/v5/cluster/de/database/prune"],
      );
      assert.equal((await recorded(project, "prune"))?.type, "clusterops:factfinder:DatabasePrune");
      assert.ok((await recorded(project, "prune"))?.inputs.before, "the companion's record");
    });

    step("and the program in TypeScript goes on with the stack", 0, async ({ project, system }) => {
      await project.setConfig({ "clusterops:door": "native" });
      await project.write("index.ts", program.replace(`"cluster1",`, `"cluster2",`));
      unchanged(await project.up());
      assert.equal(system.counts().reads, 0);
    });
  });
});
