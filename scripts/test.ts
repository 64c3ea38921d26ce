/**
 * What `npm test` runs: gets the Pulumi CLI, builds, lints, then runs all suites, some side by side. The last line is `N passed, N failed`.
 * `npm test -- unit e2e` runs only those suites.
 */
import { join } from "node:path";
import { execa } from "execa";
import { ensurePulumi } from "./pulumi-cli.ts";
import { runAgain, tellFailures } from "./test/run-again.ts";
import type { SuiteResult } from "./test/run-suite.ts";
import { giveWay, runSuite } from "./test/run-suite.ts";
import type { Suite } from "./test/suites.ts";
import { listStages } from "./test/suites.ts";

const root = join(import.meta.dirname, "..");

async function prepare(): Promise<void> {
  const { bin, version } = await ensurePulumi();
  console.log(`Pulumi CLI ${version}: ${bin}`);
  console.log("Building");
  await npmRun("build");
}

async function check(): Promise<void> {
  console.log("Checking format, lint rules and types, beside the first suites");
  await npmRun("lint", { givesWay: true });
}

async function npmRun(script: string, { givesWay = false } = {}): Promise<void> {
  const running = execa("npm", ["run", "--silent", script], {
    cwd: root,
    stdin: "ignore",
    stdout: "inherit",
    stderr: "inherit",
  });
  if (givesWay) giveWay(running.pid);
  await running;
}

function choose(wanted: string[]): Suite[][][] {
  const stages = listStages(root);
  const names = stages.flat(2).map(({ name }) => name);
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new Error(`no suite ${unknown.join(", ")}; there are ${names.join(", ")}`);
  const isWanted = ({ name }: Suite) => wanted.length === 0 || wanted.includes(name);
  return stages
    .map((lanes) => lanes.map((lane) => lane.filter(isWanted)).filter((lane) => lane.length > 0))
    .filter((lanes) => lanes.length > 0);
}

async function runLane(suites: Suite[], isAlone: boolean): Promise<void> {
  for (const suite of suites) {
    console.log(`\n${suite.name}: ${suite.files.length} files${isAlone ? "" : ", shown when they are done"}`);
    results.push(await runSuite(suite, root, { isAlone }));
  }
}

let results: SuiteResult[] = [];
let notRun = 0;
try {
  const stages = choose(process.argv.slice(2));
  await prepare();
  const checked = check();
  checked.catch(() => undefined); // looked at when the first stage has ended
  for (const lanes of stages) {
    await Promise.all(lanes.map((lane) => runLane(lane, lanes.length === 1)));
    await checked;
  }
  results = await runAgain(stages.flat(2), results, root);
  tellFailures(results);
  console.table(Object.fromEntries(results.map(({ name, failures, ...counts }) => [name, counts])));
} catch (error) {
  // Nothing was tested: that is a failure too, whatever the reason.
  notRun = 1;
  console.error(error instanceof Error ? error.message : error);
}
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, notRun);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
