import assert from "node:assert/strict";
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import manifest from "../../package.json" with { type: "json" };
import { ensurePulumi } from "../../scripts/pulumi-cli.ts";
import { pulumiEnvironment } from "../../scripts/pulumi-environment.ts";
import { PulumiProcess, type PulumiResult } from "../../scripts/pulumi-process.ts";
import { type RedisSimulator, startRedis } from "../../simulators/index.ts";
import { pack, root } from "../package/packed.ts";
import { built } from "../support/built.ts";
import { failed, succeeded } from "../support/pulumi.ts";

const library = `import { redis } from "pulumi-clusterops";
export const window = (nodeUid) => new redis.NodeMaintenance("window", { nodeUid });`;

describe("a program that has the package by way of a library of components only", function () {
  this.timeout(240_000);
  let project: string;
  let ours: string;
  let env: NodeJS.ProcessEnv;
  let system: RedisSimulator;

  /** Far from the checkout, where nothing else would be found. */
  before(async function () {
    await built.call(this);
    system = await startRedis({ actionMs: 100 });
    const folder = await mkdtemp(join(tmpdir(), "clusterops-library-"));
    project = join(folder, "project");
    const platform = join(project, "node_modules", "@acme", "platform");
    ours = join(platform, "node_modules", "pulumi-clusterops");
    const [home, stateFolder] = [join(folder, "home"), join(folder, "state")];
    for (const path of [home, stateFolder, ours]) await mkdir(path, { recursive: true });
    const texts: Record<string, string> = {
      "Pulumi.yaml": "name: e2e\nruntime: nodejs\n",
      "package.json": `{ "type": "module", "main": "index.js", "dependencies": { "@acme/platform": "1" } }`,
      "index.js": `import { window } from "@acme/platform";\nwindow(2);`,
      "node_modules/@acme/platform/package.json": `{ "name": "@acme/platform", "version": "1.0.0", "type": "module", "exports": "./index.js" }`,
      "node_modules/@acme/platform/index.js": library,
    };
    for (const [path, text] of Object.entries(texts)) await writeFile(join(project, path), text);
    await using packed = await pack();
    await execa("tar", ["-xzf", packed.tarball, "-C", ours, "--strip-components=1"]);
    const { dependencies = {}, peerDependencies } = manifest as typeof manifest & { dependencies?: object };
    for (const name of Object.keys(peerDependencies)) await link(name, project);
    for (const name of Object.keys(dependencies)) await link(name, platform);
    const extra = { CLUSTEROPS_REDIS_ENDPOINTS: system.endpoints.join(",") };
    env = pulumiEnvironment(await ensurePulumi(), { home, stateFolder, passphrase: "rehearsal", extra });
    succeeded(await pulumi("stack", "init"));
  });
  after(async () => {
    await system?.close();
    await rm(dirname(project), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });

  async function link(name: string, folder: string): Promise<void> {
    const target = join(folder, "node_modules", name);
    await mkdir(dirname(target), { recursive: true });
    await symlink(join(root, "node_modules", name), target, "junction");
  }

  async function pulumi(...args: string[]): Promise<PulumiResult> {
    const { bin } = await ensurePulumi();
    return new PulumiProcess(bin, [...args, "--non-interactive", "--stack", "dev"], { cwd: project, env })
      .done;
  }

  it("has what it declares done", async () => {
    succeeded(await pulumi("up", "--yes", "--skip-preview"));
    assert.equal(system.node(2).inMaintenance, true);
  });

  it("is told in one sentence where the package is missing", async () => {
    await rename(ours, `${ours}-away`);
    const { output } = failed(
      await pulumi("destroy", "--yes", "--skip-preview"),
      /error: pulumi-clusterops is not installed in \S+project: install it there \(npm install pulumi-clusterops\)/,
    );
    assert.doesNotMatch(output, /^ +at /m);
    assert.equal(system.node(2).inMaintenance, true);
  });

  it("can destroy it, once the package is there again", async () => {
    await rename(`${ours}-away`, ours);
    succeeded(await pulumi("destroy", "--yes", "--skip-preview"));
    assert.equal(system.node(2).inMaintenance, false);
  });
});
