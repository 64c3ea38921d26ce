import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { listStages, type Suite } from "../../scripts/test/suites.ts";

const root = join(import.meta.dirname, "..", "..");
const runner = join(root, "scripts", "test", "run-suite.ts");

/** Runs one test file as a suite, in a process of its own so that its output does not mix with ours. */
async function run(text: string, jobs = 1, how: Partial<Suite> = {}) {
  // Not in test/, whose format is being checked meanwhile.
  mkdirSync(join(root, ".cache"), { recursive: true });
  const folder = mkdtempSync(join(root, ".cache", "sample-"));
  try {
    writeFileSync(join(folder, "sample.ts"), text);
    const suite = JSON.stringify({ name: "sample", files: [join(folder, "sample.ts")], jobs, ...how });
    const call = `import { runSuite } from ${JSON.stringify(runner)};
      const { seconds, failures, ...counts } = await runSuite(${suite}, ${JSON.stringify(root)}, { limit: 10_000, patience: 200 });
      process.stdout.write("COUNTS" + JSON.stringify(counts));`;
    const { stdout, all } = await execa(process.execPath, ["--input-type=module-typescript", "-e", call], {
      all: true,
    });
    return { counts: JSON.parse(stdout.slice(stdout.indexOf("COUNTS") + 6)), output: all };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("a suite", () => {
  const table: [string, string, { passed: number; failed: number; skipped: number }][] = [
    ["good tests", `it("a", () => {}); it("b", () => {});`, { passed: 2, failed: 0, skipped: 0 }],
    [
      "a failing one",
      `it("a", () => {}); it("b", () => { throw new Error("no"); });`,
      { passed: 1, failed: 1, skipped: 0 },
    ],
    ["a skipped one", `it("a", () => {}); it.skip("b", () => {});`, { passed: 1, failed: 0, skipped: 1 }],
    [
      "one that says it passed",
      `it("a", () => { console.log("9 passing"); throw 1; });`,
      { passed: 0, failed: 1, skipped: 0 },
    ],
    ["a file that does not load", `import "./nowhere.ts";`, { passed: 0, failed: 1, skipped: 0 }],
    ["a crash", `it("a", () => {}); it("b", () => process.exit(0));`, { passed: 0, failed: 1, skipped: 0 }],
    [
      "something left open",
      `it("a", () => { setInterval(() => {}, 1000); });`,
      { passed: 1, failed: 1, skipped: 0 },
    ],
  ];
  for (const [what, text, counts] of table) {
    const sum = `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
    it(`with ${what} counts ${sum}`, async () => {
      const { counts: counted, output } = await run(text);
      assert.deepEqual(counted, { name: "sample", ...counts }, output);
    });

    // Mocha ends the workers of such a run itself, so that nothing can be left open.
    if (what === "something left open") continue;
    it(`with ${what} counts ${sum} when its files run side by side`, async () => {
      const { counts: counted, output } = await run(text, 2);
      assert.deepEqual(counted, { name: "sample", ...counts }, output);
    });
  }
});

describe("a suite that gives way", () => {
  const text = `import assert from "node:assert/strict";
    import { getPriority } from "node:os";
    import { execFileSync } from "node:child_process";
    it("a", () => assert.ok(getPriority() > 0));
    it("b", () => assert.ok(Number(execFileSync(process.execPath, ["-p", "os.getPriority()"])) > 0));`;

  for (const jobs of [1, 2])
    it(`lets others go first, and so does what it starts, with ${jobs} at a time`, async () => {
      const { counts, output } = await run(text, jobs, { givesWay: true });
      assert.deepEqual(counts, { name: "sample", passed: 2, failed: 0, skipped: 0 }, output);
    });
});

describe("the suites", () => {
  it("hold every test file once", () => {
    const inSuites = listStages(root)
      .flat(2)
      .flatMap(({ files }) => files);
    const all = readdirSync(join(root, "test"), { recursive: true, encoding: "utf8" });
    const tests = all.filter((file) => file.endsWith(".test.ts")).map((file) => join("test", file));
    assert.deepEqual(inSuites.toSorted(), tests.toSorted());
  });
});
