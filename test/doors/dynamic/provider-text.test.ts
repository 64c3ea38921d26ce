import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { providerText } from "../../../doors/dynamic/provider-text.ts";
import { types } from "../../../provider/index.ts";

const golden = join(import.meta.dirname, "..", "..", "golden", "0.1.0", "everything", "stack.json");
const requireFromString = createRequire(
  createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"),
).resolve("require-from-string");

/** As much of this package as the text asks for. */
const ours = {
  "package.json": `{ "name": "pulumi-clusterops", "type": "module", "exports": { "./dynamic-host": "./host.js" } }`,
  "host.js": `export const serve = (type, config) => ({ read: (id) => [import.meta.url, type, config, id] });`,
};

/** Runs the text as Pulumi's host does, and prints what `read` comes to, once more after a failure. */
const host = `const handler = () => require(${JSON.stringify(requireFromString)})(process.argv[2]).handler();
const read = async () => {
  try {
    const provider = handler();
    provider.configure({ config: "of the stack" });
    console.log(JSON.stringify(await provider.read("2", {})));
  } catch (error) {
    console.error(\`\${error}: \${error.stack}\`);
    console.log(error.message);
  }
};
read().then(read).then(() => console.error("printed later"));`;

describe("the program text that a resource carries in state", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), "clusterops-text-")));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function write(files: Record<string, string>, under = ""): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      const file = join(folder, under, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text);
    }
  }

  /** What the host prints in this folder, a line each, and what goes to stderr. */
  async function run(from = ".", text = providerText("redis:NodeAction")) {
    await write({ "host.cjs": host });
    const cwd = join(folder, from);
    const { stdout, stderr } = await execa(process.execPath, [join(folder, "host.cjs"), text], { cwd });
    return { lines: stdout.split("\n"), stderr };
  }

  async function isFoundIn(place: string, from = "."): Promise<void> {
    await write(ours, place);
    const { lines, stderr } = await run(from);
    const found = [`file://${join(folder, place, "host.js")}`, "redis:NodeAction", "of the stack", "2"];
    assert.deepEqual(
      lines.map((line) => JSON.parse(line)),
      [found, found],
    );
    assert.equal(stderr, "printed later");
  }

  it("finds the package beside the program", () => isFoundIn("node_modules/pulumi-clusterops"));

  it("finds it above the program, in a workspace", async () => {
    await write({ "infra/package.json": "{}" });
    await isFoundIn("node_modules/pulumi-clusterops", "infra");
  });

  it("finds it from itself, in its own checkout", async () => {
    await write({ "examples/one/index.ts": "" });
    await isFoundIn(".", "examples/one");
  });

  it("finds it in the node_modules of a library that the program depends on", async () => {
    await write({
      "package.json": `{ "dependencies": { "@acme/platform": "1" } }`,
      // Of a library only its package.json is sure to be there: what it exports is its own affair.
      "node_modules/@acme/platform/package.json": `{ "name": "@acme/platform", "exports": { "import": "./index.js" } }`,
    });
    await isFoundIn("node_modules/@acme/platform/node_modules/pulumi-clusterops");
  });

  it("finds it beside a library that is a link, as pnpm and workspaces have it", async () => {
    const store = "node_modules/.pnpm/platform@1.0.0/node_modules";
    await write({
      "package.json": `{ "devDependencies": { "platform": "1" } }`,
      [`${store}/platform/package.json`]: `{ "name": "platform" }`,
    });
    await symlink(join(folder, store, "platform"), join(folder, "node_modules/platform"));
    await isFoundIn(`${store}/pulumi-clusterops`);
  });

  it("finds it two libraries away, from a program in a folder of its package", async () => {
    const [one, two] = ["node_modules/one", "node_modules/one/node_modules/two"];
    await write({
      "package.json": `{ "dependencies": { "one": "1", "gone": "1" } }`,
      [`${one}/package.json`]: `{ "name": "one", "dependencies": { "two": "1" } }`,
      [`${two}/package.json`]: `{ "name": "two", "dependencies": { "pulumi-clusterops": "1" } }`,
      "src/index.ts": "",
    });
    await isFoundIn(`${two}/node_modules/pulumi-clusterops`, "src");
  });

  it("says in one sentence where it is missing, without a stack, and leaves other messages alone", async () => {
    await write({ "package.json": `{ "dependencies": { "gone": "1" } }` });
    const { lines, stderr } = await run();
    const sentence = `pulumi-clusterops is not installed in ${folder}: install it there (npm install pulumi-clusterops), then run pulumi again`;
    assert.deepEqual(lines, [sentence, sentence]);
    assert.equal(stderr, "printed later");
  });

  it("passes on what is wrong with the package itself", async () => {
    await write({ ...ours, "host.js": `import "undici-that-is-missing";` }, "node_modules/pulumi-clusterops");
    const { lines } = await run();
    assert.match(lines[0] ?? "", /Cannot find package 'undici-that-is-missing'/);
  });

  it("is the same on every machine", () => {
    const text = providerText("redis:NodeAction");
    assert.ok(text.length < 1_200, `${text.length}`);
    assert.doesNotMatch(text, /file:|[/\\](home|root|work|Users|tmp)[/\\]/);
  });

  it("finds the package from what 0.1.0 recorded, for each type of today", async () => {
    const state = await readFile(golden, "utf8");
    const texts = state.match(/"exports\.handler=(?:[^"\\]|\\.)*"/g)?.map((text) => JSON.parse(text));
    const recorded = [...new Set(texts)];
    assert.ok(recorded.length > 10);
    await write(ours, "node_modules/pulumi-clusterops");
    const { lines } = await run(".", recorded[0]);
    const [, type] = JSON.parse(lines[0] ?? "");
    assert.ok(types.includes(type));
    // They differ in nothing but the type.
    const same = new Set(
      recorded.map((text) => types.reduce((sum, each) => sum.replace(`"${each}"`, "type"), text)),
    );
    assert.equal(same.size, 1);
  });
});
