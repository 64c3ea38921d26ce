import assert from "node:assert/strict";
import { join } from "node:path";
import { execa } from "execa";
import type { PulumiProject } from "../../scripts/pulumi-project.ts";
import { startRedis, startTcf } from "../../simulators/index.ts";
import { built } from "../support/built.ts";
import { Combined } from "../support/combined.ts";
import { flow } from "../support/flow.ts";
import { goProgram, orSkip } from "../support/languages.ts";
import { example, pulumiProject } from "../support/pulumi.ts";

const yaml = `name: go-maintenance
runtime: go
plugins:
  providers:
    - name: clusterops
      path: ${join(import.meta.dirname, "..", "..", "plugin")}
`;

let program: string;

async function open() {
  const [tcf, redis] = [await startTcf({ switchMs: 100 }), await startRedis({ actionMs: 100 })];
  const [east, west] = tcf.clusters.map(({ endpoints }) => endpoints[0] as string);
  const config = {
    "clusterops:connections.tcf-east.endpoint": east as string,
    "clusterops:connections.tcf-west.endpoint": west as string,
    "clusterops:connections.redis.endpoint": redis.endpoints[0] as string,
  };
  const project = await pulumiProject({ from: example("go-maintenance"), config });
  await project.write("Pulumi.yaml", yaml);
  return { system: new Combined(tcf, redis), project };
}

/** What `go run .` does, in the project's folder. */
async function run(project: PulumiProject, ...args: string[]): Promise<string> {
  const options = { cwd: project.folder, env: project.env, extendEnv: false, all: true } as const;
  return (await execa(program, args, options)).all;
}

describe("a stack in Go", () => {
  before(async function () {
    await built.call(this);
    // Nobody waits ten seconds to see a simulator.
    const hasty = (text: string) => text.replace(/^(\s+)Active: .*$/m, `$&$1StableFor: pulumi.String("0s"),`);
    program = await orSkip(this, () => goProgram("go-maintenance", hasty));
  });

  flow("the example go-maintenance", open, (step) => {
    step("opens a window: a failover, then a node in maintenance", 3, async ({ project }) => {
      assert.match(await run(project, "open"), /The window is open: 0 shards on node 2/);
    });

    step("is done: a second run sends nothing", 0, async ({ project }) => {
      assert.match(await run(project, "open"), /3 unchanged\n[\s\S]*The window is open/);
    });

    step("closes it: both back", 3, async ({ project, system }) => {
      assert.match(await run(project, "close"), /The window is closed/);
      const sent = system.requests.filter(({ mutating }) => mutating).map(({ path }) => path);
      assert.deepEqual(sent.slice(-3).sort(), [
        "/tcf/demote",
        "/tcf/promote",
        "/v1/nodes/2/actions/maintenance_off",
      ]);
    });
  });
});
