import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { PulumiProject } from "../../scripts/pulumi-project.ts";
import { startRedis, startTcf } from "../../simulators/index.ts";
import { built } from "../support/built.ts";
import { pulumiProject, succeeded } from "../support/pulumi.ts";

const cli = join(import.meta.dirname, "..", "..", "dist", "cli", "main.js");
const token = "planted-t0ken-of-the-real-cluster";

const program = `import { redis, tcf } from "pulumi-clusterops";
const orders = new tcf.ActiveCluster("orders", { active: "cluster2", clusters: { cluster1: "east", cluster2: "west" }, stableFor: "0s" });
new redis.NodeMaintenance("window", { nodeUid: 2 }, { dependsOn: [orders] });
new redis.NodeAction("demotion", { nodeUid: 3, action: "enslave_node" }, { dependsOn: [orders] });
`;

/** The installations that the stack names: simulators here, and to the rehearsal as real as any. */
async function realSystems() {
  const redis = await startRedis({ actionMs: 200, shardsPerNode: 6, auth: { tokens: [{ token }] } });
  const tcf = await startTcf({ switchMs: 100 });
  const [east, west] = tcf.clusters;
  return {
    redis,
    tcf,
    config: {
      "clusterops:connections.redis.endpoint": redis.endpoints[0] as string,
      "clusterops:connections.east.endpoint": east?.endpoints[0] as string,
      "clusterops:connections.west.endpoint": west?.endpoints[0] as string,
    },
    secrets: { "clusterops:connections.redis.token": token },
    requests: () => [...redis.requests, ...tcf.requests].map(({ method }) => method),
    async [Symbol.asyncDispose]() {
      await redis.close();
      await tcf.close();
    },
  };
}

async function rehearse(project: PulumiProject, ...args: string[]) {
  const options = {
    cwd: project.folder,
    env: project.env,
    extendEnv: false,
    reject: false,
    all: true,
  } as const;
  const { exitCode, all } = await execa(
    process.execPath,
    [cli, "rehearse", "--stack", project.stack, ...args],
    options,
  );
  assert.doesNotMatch(all, new RegExp(token));
  return { exitCode, text: all };
}

/** All that the stack is: its configuration, the project's files, and what the backend keeps. */
async function stackOf(project: PulumiProject): Promise<Record<string, string>> {
  const files = globSync("{project,state}/**/*", { cwd: project.root, withFileTypes: true }).filter((it) =>
    it.isFile(),
  );
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [
      join(parentPath, name),
      readFileSync(join(parentPath, name), "utf8"),
    ]),
  );
}

describe("pulumi-clusterops rehearse, on the real CLI", function () {
  this.timeout(280_000);
  before(built);

  it("says what up would send and what is survived; the real systems get reads only, and the stack stays as it is", async () => {
    await using systems = await realSystems();
    const { config, secrets } = systems;
    await using project = await pulumiProject({ program, config, secrets });
    // A change is rehearsed before its window opens.
    await project.setConfig({ "clusterops:guards.redis.windows[0].from": "2098-12-06T22:00:00Z" });
    const before = await stackOf(project);
    const { exitCode, text } = await rehearse(
      project,
      "--faults",
      "killed",
      "--output",
      join(project.root, "timeline.html"),
    );
    assert.equal(exitCode, 0, text);
    assert.deepEqual(new Set(systems.requests()), new Set(["GET"]));
    assert.deepEqual(await stackOf(project), before);
    assert.match(text, /redis, http:.*: nodes 1 \(leads\), 2, 3, 18 shards, 8\.2\.0-25/);
    assert.match(text, /tcf, .*: cluster1 is active, cluster2 is passive/);
    assert.match(text, /preview: the same as the real one/);
    const verdict = text.slice(text.indexOf("Verdict"));
    for (const sent of [
      "tcf cluster1: POST /tcf/demote",
      "tcf cluster2: POST /tcf/promote",
      "redis: POST /v1/nodes/2/actions/maintenance_on",
      "redis: POST /v1/nodes/3/actions/enslave_node",
    ])
      assert.ok(verdict.includes(sent), text);
    assert.ok(verdict.indexOf("POST /tcf/demote") < verdict.indexOf("POST /tcf/promote"), text);
    assert.match(verdict, /killed: survived: 2 ups/);
    assert.match(readFileSync(join(project.root, "timeline.html"), "utf8"), /redis node 2|window/);

    assert.match(text, /overridden: clusterops:guards\.redis\.windows: outside of the maintenance windows/);

    await project.run(["config", "rm", "clusterops:guards"], { check: true });
    // What is done is done: of a stack that is as declared a rehearsal has nothing to send, and its runs do not run again.
    succeeded(await project.up());
    const [done, sent] = [
      await stackOf(project),
      systems.redis.counts().mutating + systems.tcf.counts().mutating,
    ];
    const again = await rehearse(project);
    assert.equal(again.exitCode, 0, again.text);
    assert.match(again.text, /up would send nothing/);
    assert.match(again.text, /node 2 is in maintenance/);
    assert.deepEqual(await stackOf(project), done);
    assert.equal(systems.redis.counts().mutating + systems.tcf.counts().mutating, sent);
  });

  it("creates nothing of others that a program declares only once something is made", async () => {
    await using redis = await startRedis({ actionMs: 100 });
    const endpoint = redis.endpoints[0] as string;
    await using project = await pulumiProject({
      config: { "clusterops:connections.redis.endpoint": endpoint },
    });
    const marker = join(project.root, "really-created");
    // A plugin that is installed; that it was started is enough.
    const plugin = join(project.env.PULUMI_HOME as string, "plugins", "resource-foreign-v1.0.0");
    await mkdir(plugin, { recursive: true });
    await writeFile(join(plugin, "pulumi-resource-foreign"), `#!/bin/sh\ntouch ${marker}\nexit 1\n`, {
      mode: 0o755,
    });
    const later = {
      plugin: `new pulumi.CustomResource("foreign:index:Thing", "late", {}, { version: "1.0.0" })`,
      dynamic: `new Other("late")`,
    };
    for (const [what, declared] of Object.entries(later)) {
      await project.write(
        "index.ts",
        `import { writeFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { redis } from "pulumi-clusterops";
const provider = { create: async () => { require("node:fs").writeFileSync(${JSON.stringify(marker)}, ""); return { id: "1" }; } };
class Other extends pulumi.dynamic.Resource { constructor(name: string) { super(provider, name, {}); } }
new redis.NodeMaintenance("window", { nodeUid: 2 }).id.apply(() => { ${declared}; });
`,
      );
      const { exitCode, text } = await rehearse(project);
      assert.equal(existsSync(marker), false, `${what}: ${text}`);
      assert.equal(exitCode, 1, text);
      assert.match(text, /this is a rehearsal, and "late" \(.*\) would really be created/);
    }
  });

  it("refuses a program with others' resources, and an installation that cannot be read, and says what is missing", async () => {
    await using systems = await realSystems();
    const foreign = `import * as pulumi from "@pulumi/pulumi";
const provider = { create: async () => { throw new Error("it was really created"); } };
class Other extends pulumi.dynamic.Resource { constructor(name: string) { super(provider, name, {}); } }
new Other("database");
`;
    const { config, secrets } = systems;
    await using project = await pulumiProject({ program: program + foreign, config, secrets });
    const refused = await rehearse(project);
    assert.equal(refused.exitCode, 2, refused.text);
    assert.match(refused.text, /declares resources of other providers.*nothing was done:\n.*::database/);
    assert.doesNotMatch(refused.text, /really created/);

    await project.write("index.ts", program);
    await systems.redis.goDown();
    const before = await stackOf(project);
    const { exitCode, text } = await rehearse(project);
    assert.equal(exitCode, 2, text);
    assert.match(
      text,
      /cannot be read, and nothing is invented in their place:\n {2}redis \(redis\): .*connection refused/,
    );
    assert.match(text, /Nothing was rehearsed, and nothing was changed/);
    assert.deepEqual(await stackOf(project), before);
    assert.deepEqual(new Set(systems.requests()), new Set(["GET"]));
  });
});
