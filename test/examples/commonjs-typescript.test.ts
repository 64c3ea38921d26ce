import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { ensurePulumi } from "../../scripts/pulumi-cli.ts";
import { pulumiEnvironment } from "../../scripts/pulumi-environment.ts";
import { PulumiProcess, type PulumiResult } from "../../scripts/pulumi-process.ts";
import { configurationValues, connectionsTo } from "../../simulators/configuration.ts";
import { type RedisSimulator, startRedis, startTcf, type TcfSimulator } from "../../simulators/index.ts";
import { built } from "../support/built.ts";
import { example, succeeded, unchanged } from "../support/pulumi.ts";

const checkout = join(import.meta.dirname, "..", "..");

// What `pulumi new typescript` writes, beside the tsconfig.json that the example has.
const template = {
  name: "commonjs-typescript",
  main: "index.ts",
  devDependencies: { "@types/node": "^18", typescript: "^5.0.0" },
  dependencies: { "@pulumi/pulumi": "^3.220.0" },
};

describe("the example commonjs-typescript, with the packed package installed far from the checkout", function () {
  this.timeout(240_000);
  let root: string;
  let folder: string;
  let env: NodeJS.ProcessEnv;
  let tcf: TcfSimulator;
  let redis: RedisSimulator;

  before(async function () {
    await built.call(this);
    root = await mkdtemp(join(tmpdir(), "clusterops-commonjs-"));
    folder = join(root, "project");
    const [home, stateFolder] = [join(root, "home"), join(root, "state")];
    for (const path of [home, stateFolder]) await mkdir(path);
    env = pulumiEnvironment(await ensurePulumi(), { home, stateFolder, passphrase: "rehearsal" });
    await cp(example("commonjs-typescript"), folder, { recursive: true });
    await writeFile(join(folder, "package.json"), JSON.stringify(template));
    // Without its scripts: they would build again what `npm test` has built, under the feet of the tests beside this one.
    const pack = ["pack", "--ignore-scripts", "--json", "--pack-destination", root];
    const [{ filename }] = JSON.parse((await execa("npm", pack, { cwd: checkout })).stdout);
    const quietly = ["--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"];
    await execa("npm", ["install", ...quietly, join(root, filename)], { cwd: folder });
    [tcf, redis] = [await startTcf(), await startRedis()];
  });

  after(async () => {
    await Promise.all([tcf?.close(), redis?.close()]);
    if (root) await rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  });

  async function pulumi(...args: string[]): Promise<PulumiResult> {
    const { bin } = await ensurePulumi();
    const all = [...args, "--non-interactive", "--stack", "dev"];
    return new PulumiProcess(bin, all, { cwd: folder, env }).done;
  }

  const sent = () => tcf.counts().mutating + redis.counts().mutating;

  it("passes the compiler of the template, under its settings", async () => {
    const tsc = join(folder, "node_modules", ".bin", "tsc");
    const { stdout } = await execa(tsc, ["--noEmit", "-p", "."], { cwd: folder, reject: false });
    assert.equal(stdout, "");
  });

  it("previews, and sends nothing", async () => {
    succeeded(await pulumi("stack", "init"));
    const config = Object.entries(configurationValues(connectionsTo({ tcf, redis })));
    const values = config.flatMap(([path, value]) => ["--plaintext", `${path}=${value}`]);
    succeeded(await pulumi("config", "set-all", "--path", ...values));
    const { output } = succeeded(await pulumi("preview"));
    assert.match(output, /demote cluster1, then promote cluster2/);
    assert.match(output, /node 2: maintenance_on, 4 shards to migrate, 2 other nodes free/);
    assert.equal(sent(), 0);
  });

  it("does it once", async () => {
    succeeded(await pulumi("up", "--yes", "--skip-preview"));
    assert.equal(sent(), 3);
    unchanged(await pulumi("up", "--yes", "--skip-preview"));
    assert.equal(sent(), 3);
  });
});
