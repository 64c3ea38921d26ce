import assert from "node:assert/strict";
import { join } from "node:path";
import { configurationValues, connectionsTo } from "../../simulators/configuration.ts";
import { startTcf } from "../../simulators/index.ts";
import { flow } from "../support/flow.ts";
import { pluginIn } from "../support/plugin.ts";
import { pulumiProject, succeeded } from "../support/pulumi.ts";
import { redisHarness, redisProgram } from "../support/redis-harness.ts";

const program = (uid: number) => redisProgram(`new redis.NodeMaintenance("window", { nodeUid: ${uid} });`);
const plan = /node 2: maintenance_on, 4 shards to migrate/g;

flow(
  "what a preview says",
  () => redisHarness(program(2), { actionMs: 200 }),
  (step) => {
    const flags: ((folder: string) => string[])[] = [
      () => [],
      (folder) => [
        ...["--otel-traces", `file://${join(folder, "otel.json")}`],
        ...["--tracing", `file:${join(folder, "trace")}`, "-v=3", "--logflow"],
      ],
      () => ["--logflow", "--logtostderr", "-v=5"],
    ];
    for (const of of flags) {
      step(`is there with the flags ${of("").join(" ") || "(none)"}, once`, 0, async ({ project }) => {
        const { stdout, stderr } = succeeded(await project.preview({ args: of(project.root) }));
        // With --logtostderr the CLI logs what it hands on, too.
        const shown = stdout + (of("").includes("--logtostderr") ? "" : stderr);
        assert.equal(shown.match(plan)?.length, 1, shown);
      });
    }

    step("names the resource in --diff", 0, async ({ project }) => {
      const { output } = succeeded(await project.preview({ args: ["--diff"] }));
      assert.deepEqual(output.match(/^.*node 2: maintenance_on.*$/gm)?.length, 1, output);
      assert.match(output, /^window: node 2: maintenance_on/m);
    });

    step("is text alone in --json", 0, async ({ project }) => {
      const { stdout } = succeeded(await project.preview({ args: ["--json"] }));
      const { diagnostics } = JSON.parse(stdout) as { diagnostics: { message: string }[] };
      assert.equal(diagnostics.filter(({ message }) => message.match(/^node 2: maintenance_on/)).length, 1);
    });

    step(
      "is said once of one that is to be replaced, which is checked twice",
      1,
      async ({ project, system }) => {
        succeeded(await project.up());
        await project.write("index.ts", program(3));
        const { output } = succeeded(await project.preview());
        assert.match(output, /replace/);
        assert.equal(output.match(/node 3: maintenance_on/g)?.length, 1, output);
        assert.equal(system.node(2).inMaintenance, true);
      },
    );
  },
);

flow(
  "what a preview through the plugin says",
  async () => {
    const harness = await redisHarness(program(2), { actionMs: 200 });
    await harness.project.write("Pulumi.yaml", pluginIn());
    await harness.project.setConfig({ "clusterops:door": "native" });
    return harness;
  },
  (step) => {
    step("is there with all flags for traces and logs, once", 0, async ({ project }) => {
      const traces = [`file://${join(project.root, "otel.json")}`, `file:${join(project.root, "trace")}`];
      const args = [
        "--otel-traces",
        traces[0] as string,
        "--tracing",
        traces[1] as string,
        "-v=3",
        "--logflow",
      ];
      const { output } = succeeded(await project.preview({ args }));
      assert.equal(output.match(plan)?.length, 1, output);
    });

    step("names the resource in --diff", 0, async ({ project }) => {
      const { output } = succeeded(await project.preview({ args: ["--diff"] }));
      assert.match(output, /^window: node 2: maintenance_on/m);
      assert.equal(output.match(plan)?.length, 1, output);
    });

    step("is a warning on a row of its own, and no empty one after it", 0, async ({ project, system }) => {
      system.node(2).putInMaintenance();
      const { output } = succeeded(await project.preview());
      const rows = output.match(/(?<=window create).*$/gm) ?? [];
      assert.deepEqual(
        rows.map((row) => row.trim()),
        ["", "warning: node 2 is already in maintenance: it is adopted, nothing will be sent"],
      );
    });

    step(
      "counts a node as out of maintenance whose place another one takes",
      0,
      async ({ project, system }) => {
        system.node(2).putInMaintenance();
        succeeded(await project.up());
        await project.write("index.ts", program(3));
        const { output } = succeeded(await project.preview());
        assert.equal(output.match(/node 3: maintenance_on, 6 shards to migrate/g)?.length, 1, output);
      },
    );
  },
);

describe("an up without a terminal", () => {
  it("logs each step of a failover", async function () {
    this.timeout(60_000);
    await using tcf = await startTcf({ switchMs: 3_000 });
    const config = configurationValues(connectionsTo({ tcf }));
    await using project = await pulumiProject({
      config,
      program: `import { tcf } from "pulumi-clusterops";
        new tcf.ActiveCluster("failover", { active: "cluster2", clusters: { cluster1: "cluster1", cluster2: "cluster2" }, stableFor: "0s" });`,
    });
    const { output } = succeeded(await project.up());
    assert.match(output, /failover creating.* demote cluster1/);
    assert.match(output, /failover creating.* promote cluster2/);
  });
});

flow(
  "an up that skips its preview",
  () => redisHarness(program(2), { actionMs: 200 }),
  (step) => {
    step("says once what is surprising", 0, async ({ project, system }) => {
      system.node(2).putInMaintenance();
      const { output } = succeeded(await project.up());
      const [, diagnostics = ""] = output.split("Diagnostics:");
      assert.equal(diagnostics.match(/warning: node 2 is already in maintenance/g)?.length, 1, output);
    });

    step("says nothing of what it does as declared", 2, async ({ project }) => {
      succeeded(await project.destroy());
      const { output } = succeeded(await project.up());
      assert.doesNotMatch(output, /Diagnostics:/);
    });
  },
);
