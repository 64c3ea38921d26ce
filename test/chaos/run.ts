/**
 * The fault matrix: `npm run chaos -- --seed 1`. First on the lifecycle, over real sockets; then each row once on the real CLI.
 * `--on lifecycle` or `--on cli` plays only that part; `--only "redis:NodeAction create"` the trials whose name contains that;
 * `--sample 200` as many of the lifecycle's as that, drawn by the seed; `--record` counts anew what each operation costs while
 * nothing breaks. Ends with a table, and a report in .cache/chaos/.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { directDoor } from "../rules/door.ts";
import { cliTrials, judgeOnCli } from "./cli-rows.ts";
import { brokenBy, measureAll, playAll, select, summaries, summary } from "./matrix.ts";
import { judge, type Trial, type Verdict } from "./trial.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    on: { type: "string", default: "both" },
    only: { type: "string" },
    sample: { type: "string" },
    parallel: { type: "string", default: "48" },
    record: { type: "boolean", default: false },
  },
});

if (values.record) {
  const file = join(import.meta.dirname, "effects.json");
  writeFileSync(file, `${JSON.stringify(await measureAll(directDoor), null, 2)}\n`);
  process.exit();
}
const seed = Number(values.seed);
const { only } = values;
const sample = values.sample === undefined ? undefined : Number(values.sample);

const chosen = values.on === "both" ? ["lifecycle", "cli"] : [values.on];

/** Plays one part, with progress every so many trials. */
async function playPart(
  part: string,
  trials: Trial[],
  play: (trial: Trial) => Promise<Verdict>,
  parallel: number,
  every: number,
): Promise<Verdict[]> {
  if (trials.length === 0 && chosen.length === 1) throw new Error(`no trial's name contains "${only}"`);
  console.log(`${part}, seed ${seed}: ${trials.length} trials`);
  const began = performance.now();
  const verdicts = await playAll(trials, play, {
    parallel,
    onVerdict(verdict, done) {
      const problem = brokenBy(verdict);
      if (problem) console.log(`  ${verdict.trial}: ${problem}`);
      if (done % every === 0)
        console.log(`  ${done} of ${trials.length}, ${Math.round((performance.now() - began) / 1_000)} s`);
    },
  });
  const resources = summaries(verdicts, ({ trial }) => trial.split(" ")[0] as string);
  console.table(resources);
  mkdirSync(".cache/chaos", { recursive: true });
  const report = {
    seed,
    summary: summary(verdicts),
    resources,
    rows: summaries(verdicts, ({ blow }) => blow),
    broken: verdicts.filter((verdict) => brokenBy(verdict)),
  };
  writeFileSync(`.cache/chaos/${part}-seed-${seed}.json`, `${JSON.stringify(report, null, 2)}\n`);
  return verdicts;
}

const parts: Record<string, () => Promise<Verdict[]>> = {
  lifecycle: () =>
    playPart(
      "lifecycle",
      select({ seed, only, sample }),
      (trial) => judge(trial, directDoor),
      Number(values.parallel),
      250,
    ),
  // A CLI computes far more than it waits.
  cli: () => playPart("cli", cliTrials(seed, only), judgeOnCli, 2, 5),
};
for (const part of chosen) {
  const play = parts[part];
  if (!play) throw new Error(`--on ${part}: there are ${Object.keys(parts).join(", ")}, both`);
  const verdicts = await play();
  const rows = Object.entries<Record<string, number>>(summaries(verdicts, ({ blow }) => blow));
  const idle = rows.filter(([, { struck }]) => struck === 0).map(([row]) => row);
  if (idle.length > 0) console.log(`${part}: nothing was struck by ${idle.join(", ")}`);
  const isWhole = only === undefined && sample === undefined;
  if (verdicts.some((verdict) => brokenBy(verdict)) || (isWhole && idle.length > 0)) process.exitCode = 1;
}
