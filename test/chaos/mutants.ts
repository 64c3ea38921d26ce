import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A defect put into the provider that the matrix has to detect: a test of the test. */
export interface Mutant {
  name: string;
  file: string;
  from: string;
  to: string;
  /** The scenarios that are enough to detect it. */
  only: string;
  /** The column that counts it. */
  column: "duplicates" | "lost" | "wrong" | "leaks";
}

export const mutants: Mutant[] = [
  {
    name: "repeats mutating requests",
    file: "provider/core/http/http.ts",
    from: "attempt.permit ? 0 : repetitions[patience]",
    to: "repetitions[patience]",
    only: "factfinder:DatabasePrune create: connection reset",
    column: "duplicates",
  },
  {
    name: "takes a 200 for success",
    file: "provider/factfinder/database-prune/request.ts",
    from: "const risen = await waitForRise(scope, channel, mark);",
    to: "const risen = { ...mark, databaseVersion: mark.databaseVersion + 1, waitForRise };",
    only: "factfinder:DatabasePrune create: wrong type before",
    column: "wrong",
  },
  {
    name: "forgets the handle",
    file: "provider/core/lifecycle/settle.ts",
    from: "if (!scope.kept && !hasFailed && !usedRecord && !wasAhead) throw described;",
    to: "if (described) throw described;",
    only: "redis:NodeAction resume: slow body",
    column: "duplicates",
  },
  {
    name: "sends twice what does no harm twice, once it was in doubt",
    file: "provider/aspire/sending.ts",
    from: "return await sending.send(permit, { signal: scope.signal });",
    to: "const again = last; const sent = await sending.send(permit, { signal: scope.signal }); for (let i = 0; again && i < 4; i++) await sending.send(permit, { signal: scope.signal }); return sent;",
    only: "aspire:SeedRelease create: 500 after it",
    column: "duplicates",
  },
  {
    name: "shows credentials",
    file: "provider/core/http/redact.ts",
    from: 'text.replace(any, "[redacted]")',
    to: "text",
    only: "redis:NodeAction create: echo",
    column: "leaks",
  },
];

const root = join(import.meta.dirname, "..", "..");
/** What the scenarios need. */
const copied = [
  "cli",
  "runtime",
  "provider",
  "doors",
  "simulators",
  "scripts",
  "test/rules",
  "test/chaos",
  "test/support",
];

/** Runs the mutant's scenarios on a copy of the provider with the defect in it. Returns the count of its column. */
export function runMutant({ name, file, from, to, only, column }: Mutant): number {
  mkdirSync(join(root, ".cache"), { recursive: true });
  const copy = mkdtempSync(join(root, ".cache", "mutant-"));
  try {
    for (const folder of copied) {
      cpSync(join(root, folder), join(copy, folder), { recursive: true });
    }
    const text = readFileSync(join(copy, file), "utf8");
    if (text.split(from).length !== 2)
      throw new Error(`${name}: ${file} no longer has the line to break: ${from}`);
    writeFileSync(join(copy, file), text.replace(from, to));
    const args = ["test/chaos/run.ts", "--on", "lifecycle", "--only", only];
    const { stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: copy,
      encoding: "utf8",
      timeout: 120_000,
    });
    const report = readFileSync(join(copy, ".cache/chaos/lifecycle-seed-1.json"), { encoding: "utf8" });
    const { summary } = JSON.parse(report) as { summary: Record<string, number> };
    if (summary.cases === 0) throw new Error(`${name}: no scenario was run: ${stdout}${stderr}`);
    return summary[column] as number;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
