/**
 * What `npm start` runs: the program of examples/quickstart on the real Pulumi CLI, against the four simulators. Preview, up, up
 * again, a failover by one changed line, destroy; then one table. Ctrl-C at any time leaves nothing running.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { styleText } from "node:util";
import { configurationValues, connectionsTo } from "../simulators/configuration.ts";
import { type AllSimulators, startAll } from "../simulators/index.ts";
import { ensurePulumi } from "./pulumi-cli.ts";
import { PulumiProject } from "./pulumi-project.ts";
import { buildIfStale } from "./quickstart/build-if-stale.ts";
import { endingOnSignals } from "./quickstart/ending-on-signals.ts";

interface Step {
  command: "preview" | "up" | "destroy";
  why: string;
  /** What is changed in the program first: one line. */
  change?: { from: string; to: string };
  /** Whether it is an error if it sends a mutating request. */
  onlyReads?: boolean;
}

const steps: Step[] = [
  { command: "preview", why: "what would happen", onlyReads: true },
  { command: "up", why: "do it, and wait until it is really so" },
  { command: "up", why: "again: nothing to do, nothing is sent", onlyReads: true },
  {
    command: "up",
    why: "a failover by one changed line",
    change: { from: 'const active = "cluster1";', to: 'const active = "cluster2";' },
  },
  { command: "destroy", why: "the node comes out of maintenance; roles stay as they are" },
];

interface Row {
  step: string;
  seconds: number;
  mutating: number;
  reads: number;
}

// Long enough to be watched, and no longer.
const durations = {
  redis: { actionMs: 4_000 },
  tcf: { switchMs: 1_500 },
  factfinder: { reloadMs: 2_000 },
};

async function main(): Promise<void> {
  const { version } = await ensurePulumi();
  console.log(`Pulumi CLI ${version}`);
  await buildIfStale(join(import.meta.dirname, ".."));
  const simulators = await startAll(durations);
  try {
    const config = configurationValues(connectionsTo(simulators));
    const from = join(import.meta.dirname, "..", "examples", "quickstart");
    await using project = await PulumiProject.create({ from, config });
    const rows: Row[] = [];
    for (const step of steps) rows.push(await run(step, project, simulators));
    printTable(rows);
  } finally {
    await simulators.close();
  }
}

async function run(step: Step, project: PulumiProject, simulators: AllSimulators): Promise<Row> {
  const { command, why, change, onlyReads = false } = step;
  console.log(styleText("bold", `\n$ pulumi ${command}    # ${why}`));
  if (change) await changeLine(project, change);
  simulators.resetCounts();
  const { code, seconds } =
    command === "preview"
      ? await project.preview({ show: "inherit" })
      : await project.start(command, { show: "inherit" }).done;
  if (code !== 0) throw new Error(`pulumi ${command} has failed (exit code ${code})`);
  const { mutating, reads } = simulators.counts();
  if (onlyReads && mutating > 0) throw new Error(`pulumi ${command} has sent ${mutating} mutating requests`);
  return { step: `${command}: ${why}`, seconds, mutating, reads };
}

async function changeLine(project: PulumiProject, { from, to }: { from: string; to: string }): Promise<void> {
  const program = await readFile(join(project.folder, "index.ts"), "utf8");
  if (!program.includes(from)) throw new Error(`index.ts has no line ${from}`);
  await project.write("index.ts", program.replace(from, to));
  console.log(`index.ts: ${styleText("red", `- ${from}`)}\n          ${styleText("green", `+ ${to}`)}`);
}

function printTable(rows: Row[]): void {
  const width = Math.max(...rows.map(({ step }) => step.length));
  console.log(styleText("bold", `\n${"step".padEnd(width)}  seconds  mutating requests  reads`));
  for (const { step, seconds, mutating, reads } of rows) {
    const cells = [seconds.toFixed(1).padStart(7), String(mutating).padStart(17), String(reads).padStart(5)];
    console.log([step.padEnd(width), ...cells].join("  "));
  }
}

await endingOnSignals(main);
