import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { listDescendants, listRunning } from "../../cli/rehearse/process-tree.ts";
import { failed, pulumiProject, recorded, succeeded, unchanged } from "../support/pulumi.ts";

/** A program with one dynamic resource whose creation takes some milliseconds and leaves a mark for each time it is begun. */
function program({ ms = 0, word = "hello" } = {}): string {
  const provider = `exports.handler = () => ({
    diff: async (id, olds, news) => ({ changes: olds.word !== news.word }),
    create: async ({ word, marks }) => {
      require("node:fs").appendFileSync(marks, "begun\\n");
      await new Promise((done) => setTimeout(done, ${ms}));
      return { id: "1", outs: { word, marks, made: true } };
    },
    update: async (id, olds, { word, marks }) => ({ outs: { word, marks, made: true } }),
  })`;
  return `import * as pulumi from "@pulumi/pulumi";
class Word extends pulumi.CustomResource {
  declare readonly made: pulumi.Output<boolean>;
  constructor(name: string) {
    const config = new pulumi.Config("words");
    const inputs = { word: "${word}", secret: config.get("secret"), marks: process.cwd() + "/marks", made: undefined };
    super("pulumi-nodejs:dynamic/test:Word", name, { ...inputs, __provider: ${JSON.stringify(provider)} });
  }
}
export const made = new Word("word").made;`;
}

async function marks(folder: string): Promise<number> {
  const text = await readFile(join(folder, "marks"), "utf8").catch(() => "");
  return text.split("\n").length - 1;
}

describe("a Pulumi project on the real CLI", function () {
  this.timeout(120_000);

  it("previews, makes, leaves alone, changes, reads and unmakes what its program says", async () => {
    await using project = await pulumiProject({ program: program() });
    assert.deepEqual(succeeded(await project.preview()).resources, { "to create": 2 });
    assert.deepEqual(succeeded(await project.up()).resources, { created: 2 });
    assert.deepEqual(await project.outputs(), { made: true });
    unchanged(await project.up({ preview: true }));
    await project.write("index.ts", program({ word: "changed" }));
    assert.deepEqual(succeeded(await project.up()).resources, { updated: 1, unchanged: 1 });
    assert.equal((await recorded(project, "word"))?.outputs.word, "changed");
    succeeded(await project.refresh());
    assert.deepEqual(succeeded(await project.destroy()).resources, { deleted: 2 });
    assert.equal(await recorded(project, "word"), undefined);
  });

  it("keeps secret configuration encrypted", async () => {
    const secrets = { "words:secret": "hush-4711" };
    const config = { "words:list[0].name": "plain" };
    await using project = await pulumiProject({ secrets, config, isQuick: false });
    const text = await readFile(join(project.folder, "Pulumi.dev.yaml"), "utf8");
    assert.match(text, /secure:/);
    assert.match(text, /name: plain/);
    assert.doesNotMatch(text, /hush-4711/);
  });

  it("shows why a program fails", async () => {
    await using project = await pulumiProject({ program: `throw new Error("no such thing");` });
    failed(await project.up(), /no such thing/);
  });

  it("does not pass on what a person's shell is set up for", async () => {
    process.env.CLUSTEROPS_TEST_ENDPOINT = "https://production.example";
    await using project = await pulumiProject({
      program: `export const seen = process.env.CLUSTEROPS_TEST_ENDPOINT ?? "";`,
    });
    delete process.env.CLUSTEROPS_TEST_ENDPOINT;
    succeeded(await project.up());
    assert.deepEqual(await project.outputs(), { seen: "" });
  });

  it("killed in the middle, leaves no process behind; unlocked, it goes on", async () => {
    await using project = await pulumiProject({ program: program({ ms: 60_000 }) });
    const run = project.start("up");
    await run.until(async () => (await marks(project.folder)) === 1, "beginning of the creation");
    const processes = (await listDescendants(run.pid)).map(({ pid }) => pid);
    assert.equal((await run.hostPids()).length, 1);
    await run.kill();
    assert.equal((await run.done).code, undefined);
    assert.ok(processes.length >= 4, "the program, its language host, the dynamic host and its shell");
    assert.deepEqual(await listRunning(processes), []);

    await project.write("index.ts", program());
    failed(await project.up(), /currently locked/);
    await project.unlock();
    succeeded(await project.up());
    assert.equal(await marks(project.folder), 2);
  });

  it("interrupted once, ends the operation that runs and nothing more", async () => {
    await using project = await pulumiProject({ program: program({ ms: 1_000 }) });
    const run = project.start("up");
    await run.until(async () => (await marks(project.folder)) === 1, "beginning of the creation");
    run.interrupt();
    failed(await run.done, /update canceled/);
    assert.equal((await recorded(project, "word"))?.outputs.made, true);
  });

  it("whose host is killed, records nothing", async () => {
    await using project = await pulumiProject({ program: program({ ms: 60_000 }) });
    const run = project.start("up");
    await run.until(async () => (await marks(project.folder)) === 1, "beginning of the creation");
    await run.killHost();
    failed(await run.done, /error reading from server: EOF/);
    assert.equal(await recorded(project, "word"), undefined);
  });

  it("is killed and reported when it takes longer than its limit", async () => {
    await using project = await pulumiProject({ program: program({ ms: 60_000 }) });
    await assert.rejects(project.up({ limit: 4_000 }), /killed after 4000 ms/);
  });

  it("shares a backend with another one", async () => {
    await using one = await pulumiProject({ program: program() });
    await using two = await pulumiProject({ program: program(), stack: "other", shares: one });
    const { stdout } = await two.run(["stack", "ls", "--json"]);
    assert.deepEqual(
      JSON.parse(stdout).map(({ name }: { name: string }) => name),
      ["dev", "other"],
    );
  });

  it("leaves no folder behind", async () => {
    const project = await pulumiProject({});
    await project.remove();
    assert.equal(existsSync(project.root), false);
  });
});
