import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import manifest from "../../package.json" with { type: "json" };
import { startRedis } from "../../simulators/index.ts";
import { built } from "../support/built.ts";
import { pulumiProject, recorded, succeeded, unchanged } from "../support/pulumi.ts";

const root = join(import.meta.dirname, "..", "..");
const launcher = join(root, "plugin", "pulumi-resource-clusterops");

describe("the native plugin as a tarball", function () {
  this.timeout(120_000);
  let folder: string;

  before(async function () {
    await built.call(this);
    folder = await mkdtemp(join(tmpdir(), "clusterops-plugin-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it("is installed by `pulumi plugin install`, and then found by a project that does not name it", async () => {
    const { stdout } = await execa(process.execPath, [join(root, "scripts", "package-plugin.ts")], {
      cwd: folder,
    });
    const [tarball = ""] = await readdir(folder);
    assert.match(
      tarball,
      new RegExp(`^pulumi-resource-clusterops-v${manifest.version}-\\w+-\\w+\\.tar\\.gz$`),
    );
    const [, command = ""] = /^pulumi (plugin install .*)$/m.exec(stdout) ?? [];

    await using redis = await startRedis({ actionMs: 100 });
    await using project = await pulumiProject({
      program: `import { redis } from "pulumi-clusterops";
const { shardCount } = new redis.NodeMaintenance("window", { nodeUid: 2 });
export const nodes = redis.getNodesOutput({}).apply(({ nodes }) => nodes.length);
export { shardCount };`,
      config: {
        "clusterops:connections.redis.endpoints[0]": redis.endpoints[0] as string,
        "clusterops:door": "native",
      },
    });
    await execa(project.bin, command.split(" "), { cwd: folder, env: project.env, extendEnv: false });
    succeeded(await project.up());
    assert.equal((await recorded(project, "window"))?.type, "clusterops:redis:NodeMaintenance");
    assert.deepEqual(await project.outputs(), { nodes: redis.nodeUids.length, shardCount: 0 });
    unchanged(await project.up());
    succeeded(await project.destroy());
    assert.equal(redis.counts().mutating, 2);
  });

  it("has a launcher that says that it needs Node.js, where there is none", async function () {
    if (process.platform === "win32") return this.skip();
    const only = join(folder, "bin");
    await mkdir(only);
    const { stdout: dirname } = await execa("sh", ["-c", "command -v dirname"]);
    await symlink(dirname, join(only, "dirname"));
    const run = (path: string) =>
      execa("/bin/sh", [launcher, "127.0.0.1:1"], { env: { PATH: path }, extendEnv: false, reject: false });
    const without = await run(only);
    assert.equal(without.exitCode, 1);
    assert.match(without.stderr, /^pulumi-resource-clusterops needs Node\.js [\d.]+ or newer on PATH, .*$/);
    await symlink(process.execPath, join(only, "node"));
    const byHand = await execa("/bin/sh", [launcher], {
      env: { PATH: only },
      extendEnv: false,
      reject: false,
    });
    assert.match(byHand.stderr, /^pulumi-resource-clusterops is the plugin of pulumi-clusterops/);
  });
});
