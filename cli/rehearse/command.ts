import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { timelineOf } from "../timeline/command.ts";
import { Backend } from "./backend.ts";
import { faults, faultsNamed } from "./faults.ts";
import { lookAt, type Seen } from "./installations.ts";
import { type Play, type Played, play } from "./play.ts";
import { type Preview, type RealStack, readStack } from "./real-stack.ts";
import { differences, survivalOf, type Verdict, verdictOf } from "./verdict.ts";
import { wantedBy } from "./wanted.ts";

export const usage = `Usage: pulumi-clusterops rehearse [options]

Rehearses what pulumi up would do with the program in this folder and its stack: looks at the
installations that the stack names (reads only), starts simulators that look like them, and runs
the program against those, in a throw-away backend. Nothing of the stack or the systems is changed.

  -s, --stack <name>    the stack (default: the selected one)
  --faults <list>       what goes wrong, each in a run of its own: ${Object.keys(faults).join(", ")},
                        or all (default: nothing)
  -o, --output <file>   writes the timeline of the rehearsal, one self-contained page
  -h, --help            this text
`;

/** @returns the exit code: 0 where all went well, 1 where the rehearsal has shown a problem */
export async function rehearse(
  args: string[],
  say = (line: string) => void process.stdout.write(`${line}\n`),
): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      stack: { type: "string", short: "s" },
      faults: { type: "string", default: "" },
      output: { type: "string", short: "o" },
    },
  });
  const chosen = faultsNamed(values.faults);
  say("Rehearsal: what the stack names is read, and simulators that look like it take its place.");
  const stack = await readStack(process.cwd(), values.stack);
  const seen = await lookAt(wantedBy(stack));
  if (seen.missing.length > 0)
    throw new Error(
      `these cannot be read, and nothing is invented in their place:\n${seen.missing.map((line) => `  ${line}`).join("\n")}\nNothing was rehearsed, and nothing was changed.`,
    );
  describe(stack, seen, say);
  const backend = await Backend.open(stack);
  const interrupted = () => {
    backend.removeNow();
    process.exit(130);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, interrupted);
  try {
    return await rehearsed(backend, { stack, seen, chosen, output: values.output }, say);
  } finally {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, interrupted);
    await backend.remove();
  }
}

interface Task {
  stack: RealStack;
  seen: Seen;
  chosen: readonly string[];
  output: string | undefined;
}

async function rehearsed(
  backend: Backend,
  { stack, seen, chosen, output }: Task,
  say: (line: string) => void,
): Promise<number> {
  const tell = {
    preview: (preview: Preview) => {
      for (const line of previewLines(stack.preview, preview)) say(`  ${line}`);
    },
    command: (played: Played) => {
      for (const line of lines(played)) say(line);
    },
  };
  say("\n$ pulumi preview, up, up again, destroy");
  const plain = await play(backend, seen, undefined, tell);
  const plays: [Play, Verdict][] = [[plain, verdictOf(plain)]];
  for (const fault of chosen) {
    say(`\n$ pulumi up, and ${faults[fault]?.words}`);
    const faulty = await play(backend, seen, fault, tell);
    plays.push([faulty, survivalOf(faulty, plain)]);
  }
  const { page, lines: timeline } = timelineOf(plain.state, plain.began);
  if (timeline.length > 0) say("\nTimeline of up, with the simulators' durations");
  for (const line of timeline) say(`  ${line}`);
  if (output !== undefined) writeFileSync(output, page);
  say("\nVerdict");
  for (const [{ fault }, verdict] of plays)
    for (const [index, line] of verdict.lines.entries())
      say(`  ${index === 0 && fault !== undefined ? `${fault}: ` : ""}${line}`);
  say("Nothing was sent to what the stack names but reads, and the stack is as it was.");
  return plays.every(([, { isGood }]) => isGood) ? 0 : 1;
}

function describe({ name }: RealStack, { shapes }: Seen, say: (line: string) => void): void {
  say(`\nStack ${name}`);
  for (const { words } of shapes) say(`  ${words}`);
  say("\nNot known, and as a simulator has it");
  for (const line of new Set(shapes.flatMap(({ unknown }) => unknown))) say(`  ${line}`);
  say("  how long things take: seconds here, and minutes there");
}

function previewLines(real: Preview, rehearsed: Preview): string[] {
  const said = rehearsed.messages.map(({ message }) => `preview: ${message}`);
  const different = differences(real, rehearsed);
  return different.length === 0
    ? [...said, "preview: the same as the real one"]
    : [...said, "preview: not the same as the real one", ...different.map((line) => `  ${line}`)];
}

function lines({ command, code, seconds, sent, output }: Played): string[] {
  const how = code === 0 ? "" : code === undefined ? ", killed" : `, exit code ${code}`;
  const what =
    sent.length === 0
      ? "nothing sent that changes anything"
      : `${sent.length} sent that may change something`;
  const requests = sent.map(
    ({ to, method, path, status }) => `    ${to}: ${method} ${path} ${status ?? "no answer"}`,
  );
  const why = code === undefined || code === 0 ? [] : errorsIn(output).map((line) => `    ${line}`);
  return [`  ${command}: ${seconds.toFixed(1)}s, ${what}${how}`, ...requests, ...why];
}

function errorsIn(output: string): string[] {
  return output
    .split("\n")
    .filter((line) => /^\s*(error|warning): /.test(line))
    .map((line) => line.trim());
}
