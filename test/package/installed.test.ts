import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import manifest from "../../package.json" with { type: "json" };
import { built } from "../support/built.ts";
import { install, root } from "./packed.ts";

const { name } = manifest;
const entries = Object.keys(manifest.exports)
  .filter((entry) => !entry.endsWith(".json"))
  .map((entry) => entry.replace(/^\./, name));

/** What `pulumi new typescript` writes; the first line is for compilers of today, which call that resolution outdated. */
const template = {
  ignoreDeprecations: "6.0",
  strict: true,
  outDir: "bin",
  target: "es2020",
  module: "commonjs",
  moduleResolution: "node",
  sourceMap: true,
  experimentalDecorators: true,
  noFallthroughCasesInSwitch: true,
  noImplicitReturns: true,
  forceConsistentCasingInFileNames: true,
};

const modern = { skipLibCheck: true, strict: true, target: "es2022", module: "nodenext", types: ["node"] };

const program = `
import * as pulumi from "@pulumi/pulumi";
import { aspire, type Connection, factfinder, redis, tcf } from "pulumi-clusterops";
const connection: Connection = { endpoints: ["https://h"], token: "t" };
const node = new redis.NodeMaintenance("n", { nodeUid: pulumi.output(2), connection });
new tcf.ActiveCluster("f", { active: "c1", clusters: { c1: "east", c2: connection } }, { dependsOn: [node] });
new factfinder.DatabaseSync("s", { channel: "de", director: "d", nodes: ["w"] });
new aspire.SeedRelease("r", { seedIds: ["a"], triggers: [node.taskId] });
export const inMaintenance: pulumi.Output<boolean> = node.inMaintenance;
export const shards: pulumi.Output<number | undefined> = redis.getNodeOutput({ nodeUid: 1 }).apply((it) => it.shardCount);
// @ts-expect-error a wrong type is seen, so the types are really there
new redis.NodeMaintenance("n", { nodeUid: true });
`;

describe("the package, installed from its tarball", function () {
  this.timeout(120_000);
  let folder: string;

  before(async function () {
    await built.call(this);
    folder = await install();
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function run(file: string, text: string): Promise<string> {
    await writeFile(join(folder, file), text);
    const { stdout, stderr } = await execa(process.execPath, [file], { cwd: folder });
    assert.equal(stderr, "");
    return stdout;
  }

  it("loads with import, each entry", async () => {
    const text = `for (const entry of ${JSON.stringify(entries)}) console.log(Object.keys(await import(entry)).length > 0)`;
    assert.deepEqual(new Set((await run("esm.mjs", text)).split("\n")), new Set(["true"]));
  });

  it("loads with require, as a CommonJS program does", async () => {
    const text = `const { redis, tcf, factfinder, aspire } = require(${JSON.stringify(name)});
      console.log(typeof redis.NodeMaintenance, typeof tcf.getStatus, typeof factfinder.ChannelRefresh, typeof aspire.claimBatchOutput)`;
    assert.equal(await run("commonjs.cjs", text), "function function function function");
  });

  it("runs its commands", async () => {
    for (const [command, bin] of Object.entries(manifest.bin)) {
      const file = join(folder, "node_modules", name, bin);
      assert.ok(existsSync(file));
      const { stdout } = await execa(process.execPath, [file, "--help"], { cwd: folder });
      assert.match(stdout, new RegExp(command));
      const told = await execa(process.execPath, [file, "--version"], { cwd: folder });
      assert.equal(told.stdout, manifest.version);
    }
  });

  it("says in one sentence that its peer is missing", async () => {
    const peer = join(folder, "node_modules", "@pulumi");
    await rename(peer, `${peer}-away`);
    try {
      const { stderr } = await execa(process.execPath, ["-e", `require(${JSON.stringify(name)})`], {
        cwd: folder,
        reject: false,
      });
      assert.match(stderr, /Error: pulumi-clusterops finds no @pulumi\/pulumi beside it: npm install/);
      assert.doesNotMatch(stderr, /^ +at /m);
    } finally {
      await rename(`${peer}-away`, peer);
    }
  });

  for (const [what, compilerOptions] of Object.entries({
    "Pulumi's CommonJS template": template,
    "Node.js' own modules": modern,
  })) {
    it(`has types that compile under the settings of ${what}`, async () => {
      const project = join(folder, what.replace(/\W/g, ""));
      await mkdir(project);
      await writeFile(join(project, "index.ts"), program);
      await writeFile(
        join(project, "tsconfig.json"),
        JSON.stringify({ compilerOptions: { noEmit: true, ...compilerOptions }, files: ["index.ts"] }),
      );
      const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
      const { stdout } = await execa(process.execPath, [tsc, "-p", project], { reject: false });
      assert.equal(stdout, "");
    });
  }
});
