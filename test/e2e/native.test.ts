import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { startFactFinder, startRedis, startTcf } from "../../simulators/index.ts";
import { built } from "../support/built.ts";
import { pluginIn } from "../support/plugin.ts";
import { failed, pulumiProject, recorded, succeeded, unchanged } from "../support/pulumi.ts";

const yaml = pluginIn();

/** A failover, a node in maintenance, and two runs with their companions. */
const program = (active: string) => `import { factfinder, redis, tcf } from "pulumi-clusterops";
const orders = new tcf.ActiveCluster("orders", { active: "${active}", clusters: { cluster1: "cluster1", cluster2: "cluster2" }, stableFor: "0s" });
new redis.NodeMaintenance("window", { nodeUid: 2 });
new redis.NodeAction("demotion", { nodeUid: 3, action: "enslave_node" });
new factfinder.DatabasePrune("prune", { channel: "de" });
export const name = orders.activeName;
`;

async function startSystems() {
  const [redis, tcf, factfinder] = await Promise.all([
    startRedis({ actionMs: 200 }),
    startTcf({ switchMs: 200 }),
    startFactFinder({ reloadMs: 20 }),
  ]);
  const all = [redis, tcf, factfinder];
  return {
    redis,
    tcf,
    factfinder,
    async [Symbol.asyncDispose]() {
      for (const system of all) await system[Symbol.asyncDispose]();
    },
  };
}

type Systems = Awaited<ReturnType<typeof startSystems>>;

const settings = ({ redis, tcf, factfinder }: Systems) => ({
  "clusterops:connections.redis.endpoints[0]": redis.endpoints[0] as string,
  "clusterops:connections.cluster1.endpoint": tcf.clusters[0]?.endpoints[0] as string,
  "clusterops:connections.cluster2.endpoint": tcf.clusters[1]?.endpoints[0] as string,
  "clusterops:connections.factfinder.endpoint": factfinder.director.url,
});

const sent = ({ redis, tcf, factfinder }: Systems) =>
  [redis, tcf, factfinder].map((system) => system.counts().mutating);
const asked = ({ redis, tcf, factfinder }: Systems) =>
  [redis, tcf, factfinder].map((system) => system.counts().reads);
const forget = ({ redis, tcf, factfinder }: Systems) => {
  for (const system of [redis, tcf, factfinder]) system.resetCounts();
};

describe("the native plugin, on the real CLI", function () {
  this.timeout(240_000);
  before(built);

  it("carries out a program once; a stack goes to it and back, unchanged, without a request", async () => {
    await using systems = await startSystems();
    await using project = await pulumiProject({
      program: program("cluster1"),
      files: { "Pulumi.yaml": yaml },
      config: settings(systems),
    });
    succeeded(await project.up());
    forget(systems);

    await project.setConfig({ "clusterops:door": "native" });
    const first = succeeded(await project.up());
    assert.deepEqual(Object.keys(first.resources), ["unchanged"], first.output);
    assert.deepEqual(
      [sent(systems), asked(systems)],
      [
        [0, 0, 0],
        [0, 0, 0],
      ],
      "to the plugin: no request",
    );
    assert.equal((await recorded(project, "orders"))?.type, "clusterops:tcf:ActiveCluster");

    // A failover by one changed line, then nothing more to do.
    await project.write("index.ts", program("cluster2"));
    const { output } = succeeded(await project.up({ preview: true }));
    assert.match(output.split("Updating (dev)")[0] ?? "", /demote cluster1, then promote cluster2/);
    assert.deepEqual(sent(systems), [0, 2, 0]);
    assert.equal((await project.outputs()).name, "cluster2");
    unchanged(await project.up());

    forget(systems);
    await project.setConfig({ "clusterops:door": "dynamic" });
    const back = succeeded(await project.up());
    assert.equal(back.resources.replaced ?? back.resources.created, undefined, back.output);
    assert.deepEqual(
      [sent(systems), asked(systems)],
      [
        [0, 0, 0],
        [0, 0, 0],
      ],
      "and back: no request",
    );
    unchanged(await project.up());
    succeeded(await project.destroy());
    assert.deepEqual(sent(systems), [1, 0, 0], "the node leaves maintenance");
  });

  it("shows drift in a plain preview where it is asked to, and imports", async () => {
    await using systems = await startSystems();
    const { redis } = systems;
    const only = (options = "") => `import { redis } from "pulumi-clusterops";
new redis.NodeMaintenance("window", { nodeUid: 2 }, { ${options} });`;
    await using project = await pulumiProject({
      program: only(),
      files: { "Pulumi.yaml": yaml },
      config: {
        ...settings(systems),
        "clusterops:door": "native",
        "clusterops:refreshBeforeUpdate": "true",
      },
    });
    succeeded(await project.up());
    redis.node(2).start("maintenance_off").finish();
    const { output } = succeeded(await project.up({ preview: true }));
    const [preview = ""] = output.split("Updating (dev)");
    assert.match(preview, /window .*(create|update)/);
    assert.equal(redis.node(2).inMaintenance, true);

    // Imported where the state has lost it.
    await project.run(["state", "delete", "--yes", (await recorded(project, "window"))?.urn ?? ""], {
      check: true,
    });
    redis.resetCounts();
    await project.write("index.ts", only(`import: "2"`));
    succeeded(await project.up());
    assert.equal(redis.counts().mutating, 0);
    assert.equal((await recorded(project, "window"))?.outputs.inMaintenance, true);

    // A run cannot be.
    await project.write(
      "index.ts",
      `import { redis } from "pulumi-clusterops";
new redis.NodeAction("run", { nodeUid: 3, action: "enslave_node" }, { import: "3" });`,
    );
    failed(await project.up({ args: ["--target", "**run"] }), /cannot be imported/);
  });

  it("ends a wait at Ctrl-C, and the next up resumes it without another request, through either door", async () => {
    await using systems = await startSystems();
    const { redis } = systems;
    redis.plan({ held: true });
    await using project = await pulumiProject({
      program: `import { redis } from "pulumi-clusterops";
new redis.NodeMaintenance("window", { nodeUid: 2 });`,
      files: { "Pulumi.yaml": yaml },
      config: { ...settings(systems), "clusterops:door": "native" },
    });
    const running = project.start("up");
    while (redis.counts().mutating === 0) await pause(50);
    running.interrupt();
    const { code } = await running.done;
    assert.notEqual(code, 0);
    const left = await recorded(project, "window");
    assert.equal((left?.outputs.__memory as { handle?: { taskId?: string } })?.handle?.taskId?.length, 36);
    redis.node(2).action("maintenance_on").finish();
    await project.setConfig({ "clusterops:door": "dynamic" });
    const { resources, output } = succeeded(await project.up());
    assert.deepEqual(Object.keys(resources), ["updated", "unchanged"], output);
    assert.equal(redis.counts().mutating, 1);
  });
});
