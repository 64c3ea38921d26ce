/**
 * The fault matrix: `npm run chaos -- --seed 1`. `--only "redis:NodeAction create"` plays the trials whose name contains that,
 * `--sample 200` as many as that, drawn by the seed; `--record` counts anew what each operation
 * costs while nothing breaks. Ends with a table, and a report in .cache/chaos/.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { directDoor } from "../rules/door.ts";
import { measureAll, playAll, select, summary } from "./matrix.ts";
import type { Verdict } from "./trial.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    only: { type: "string" },
    sample: { type: "string" },
    parallel: { type: "string", default: "24" },
    record: { type: "boolean", default: false },
  },
});

if (values.record) {
  const file = join(import.meta.dirname, "effects.json");
  writeFileSync(file, `${JSON.stringify(await measureAll(directDoor), null, 2)}\n`);
  process.exit();
}
const seed = Number(values.seed);
const trials = select({
  seed,
  only: values.only,
  sample: values.sample === undefined ? undefined : Number(values.sample),
});
const began = performance.now();

function broken({ duplicate, lost, wrong, leak, left }: Verdict): string | undefined {
  if (duplicate) return `duplicate: ${duplicate}`;
  if (lost) return `lost: ${lost}`;
  if (wrong) return `wrong: ${wrong}`;
  if (left) return `left behind: ${left}`;
  return leak && `leak: ${leak}`;
}

console.log(`seed ${seed}: ${trials.length} trials`);
const verdicts = await playAll(trials, directDoor, {
  parallel: Number(values.parallel),
  onVerdict(verdict, done) {
    const problem = broken(verdict);
    if (problem) console.log(`  ${verdict.trial}: ${problem}`);
    if (done % 250 === 0)
      console.log(`  ${done} of ${trials.length}, ${Math.round((performance.now() - began) / 1_000)} s`);
  },
});

const bySystem = Object.groupBy(verdicts, ({ trial }) => trial.split(" ")[0] as string);
console.table({
  ...Object.fromEntries(Object.entries(bySystem).map(([type, some]) => [type, summary(some as Verdict[])])),
  all: summary(verdicts),
});
mkdirSync(".cache/chaos", { recursive: true });
writeFileSync(
  `.cache/chaos/seed-${seed}.json`,
  `${JSON.stringify({ seed, summary: summary(verdicts), broken: verdicts.filter((verdict) => broken(verdict)) }, null, 2)}\n`,
);
process.exitCode = verdicts.some((verdict) => broken(verdict)) ? 1 : 0;
