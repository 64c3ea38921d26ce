/**
 * The fault matrix: `npm run chaos -- --seed 1`. First on the lifecycle, over real sockets; then each row once on the real CLI.
 * `--on lifecycle` or `--on cli` runs only that part; `--only "redis:NodeAction create"` the scenarios whose name contains that;
 * `--sample 200` that many of the lifecycle's, drawn by the seed; `--slower 3` all of it in slow motion, where other work keeps the machine
 * busy and its short time-outs would end for that alone; `--record` counts again what each operation costs without a fault. Ends with a table, and a report in .cache/chaos/.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { directDoor } from "../rules/door.ts";
import { cliScenarios, runOnCli } from "./cli-scenarios.ts";
import { brokenBy, measureAll, runAll, select, summaries, summary } from "./matrix.ts";
import { type Outcome, runScenario, type Scenario } from "./scenario.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    on: { type: "string", default: "both" },
    only: { type: "string" },
    sample: { type: "string" },
    parallel: { type: "string", default: "48" },
    slower: { type: "string" },
    record: { type: "boolean", default: false },
  },
});

if (values.slower !== undefined) {
  const timeLapse = join(import.meta.dirname, "..", "support", "time-lapse.ts");
  process.env.TIME_LAPSE = String(1 / Number(values.slower));
  // Of the processes that are started, too.
  process.env.NODE_OPTIONS = `--import=${pathToFileURL(timeLapse)}`;
  await import(timeLapse);
}
if (values.record) {
  const file = join(import.meta.dirname, "effects.json");
  writeFileSync(file, `${JSON.stringify(await measureAll(directDoor), null, 2)}\n`);
  process.exit();
}
const seed = Number(values.seed);
const { only } = values;
const sample = values.sample === undefined ? undefined : Number(values.sample);

const chosen = values.on === "both" ? ["lifecycle", "cli"] : [values.on];

/** Runs one part, and prints progress every so many scenarios. */
async function runPart(
  part: string,
  scenarios: Scenario[],
  run: (scenario: Scenario) => Promise<Outcome>,
  parallel: number,
  every: number,
): Promise<Outcome[]> {
  if (scenarios.length === 0 && chosen.length === 1) throw new Error(`no scenario's name contains "${only}"`);
  console.log(`${part}, seed ${seed}: ${scenarios.length} scenarios`);
  const began = performance.now();
  const outcomes = await runAll(scenarios, run, {
    parallel,
    onOutcome(outcome, done) {
      const problem = brokenBy(outcome);
      if (problem) console.log(`  ${outcome.scenario}: ${problem}`);
      if (done % every === 0)
        console.log(`  ${done} of ${scenarios.length}, ${Math.round((performance.now() - began) / 1_000)} s`);
    },
  });
  const resources = summaries(outcomes, ({ scenario }) => scenario.split(" ")[0] as string);
  console.table(resources);
  mkdirSync(".cache/chaos", { recursive: true });
  const report = {
    seed,
    summary: summary(outcomes),
    resources,
    rows: summaries(outcomes, ({ fault }) => fault),
    broken: outcomes.filter((outcome) => brokenBy(outcome)),
  };
  writeFileSync(`.cache/chaos/${part}-seed-${seed}.json`, `${JSON.stringify(report, null, 2)}\n`);
  return outcomes;
}

const parts: Record<string, () => Promise<Outcome[]>> = {
  lifecycle: () =>
    runPart(
      "lifecycle",
      select({ seed, only, sample }),
      (scenario) => runScenario(scenario, directDoor),
      Number(values.parallel),
      250,
    ),
  // A CLI computes far more than it waits.
  cli: () => runPart("cli", cliScenarios(seed, only), runOnCli, 2, 5),
};
for (const part of chosen) {
  const run = parts[part];
  if (!run) throw new Error(`--on ${part}: there are ${Object.keys(parts).join(", ")}, both`);
  const outcomes = await run();
  const rows = Object.entries<Record<string, number>>(summaries(outcomes, ({ fault }) => fault));
  const idle = rows.filter(([, { injected }]) => injected === 0).map(([row]) => row);
  if (idle.length > 0) console.log(`${part}: never took place: ${idle.join(", ")}`);
  const isWhole = only === undefined && sample === undefined;
  if (outcomes.some((outcome) => brokenBy(outcome)) || (isWhole && idle.length > 0)) process.exitCode = 1;
}
