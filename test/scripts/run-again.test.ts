import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";

const root = join(import.meta.dirname, "..", "..");
const scripts = join(root, "scripts", "test");

const fails = `it("never", () => { throw new Error("no such node"); });`;

/** Fails in the first process that runs it, and passes in the next. */
const failsOnce = `import { existsSync, writeFileSync } from "node:fs";
  it("once", () => {
    const seen = import.meta.filename + ".seen";
    if (existsSync(seen)) return;
    writeFileSync(seen, "");
    throw new Error("too late");
  });
  it("always", () => {});`;

/** Runs these files as a suite, then again what failed, in a process of its own so that its output does not mix with ours. */
async function run(texts: string[]) {
  mkdirSync(join(root, ".cache"), { recursive: true });
  const folder = mkdtempSync(join(root, ".cache", "sample-"));
  try {
    const files = texts.map((text, index) => {
      const file = join(folder, `sample-${index}.ts`);
      writeFileSync(file, text);
      return file;
    });
    const call = `import { runSuite } from ${JSON.stringify(join(scripts, "run-suite.ts"))};
      import { runAgain, tellFailures } from ${JSON.stringify(join(scripts, "run-again.ts"))};
      const suite = ${JSON.stringify({ name: "sample", files, jobs: 2 })};
      const root = ${JSON.stringify(root)};
      const [result] = await runAgain([suite], [await runSuite(suite, root)], root);
      tellFailures([result]);
      process.stdout.write("COUNTS" + JSON.stringify([result.passed, result.failed]));`;
    const { stdout } = await execa(process.execPath, ["--input-type=module-typescript", "-e", call]);
    return { counts: JSON.parse(stdout.slice(stdout.indexOf("COUNTS") + 6)), output: stdout };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("a test that failed beside others", () => {
  it("has passed when it passes alone, which is said", async () => {
    const { counts, output } = await run([failsOnce]);
    assert.deepEqual(counts, [2, 0], output);
    assert.match(output, /Unsteady: failed beside others, passed alone: once/);
    assert.doesNotMatch(output, /Failed: /);
  });

  it("has failed when it fails again, and is named at the end with its file and its error", async () => {
    const { counts, output } = await run([fails]);
    assert.deepEqual(counts, [0, 1], output);
    assert.match(output, /Failed: sample: never\n {2}in .*sample-0\.ts\n {2}Error: no such node/);
  });

  it("is not excused by another one that fails again", async () => {
    const { counts, output } = await run([failsOnce, fails]);
    assert.deepEqual(counts, [1, 2], output);
  });

  it("is not run again where so many fail that it is no chance", async () => {
    const { counts, output } = await run([failsOnce, failsOnce, failsOnce, failsOnce]);
    assert.deepEqual(counts, [4, 4], output);
    assert.doesNotMatch(output, /once more, alone/);
  });
});

describe("a file that does not load", () => {
  it("has failed, whatever else passes", async () => {
    const { counts, output } = await run([`import "./nowhere.ts";`, failsOnce]);
    assert.ok(counts[1] > 0, output);
  });
});
