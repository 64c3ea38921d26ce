import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A way to break the provider that the matrix has to notice: a test of the test. */
export interface Sabotage {
  name: string;
  file: string;
  from: string;
  to: string;
  /** The part of the matrix that is enough to see it. */
  only: string;
  /** The column in which it shows. */
  shows: "duplicates" | "lost" | "wrong" | "leaks";
}

export const sabotages: Sabotage[] = [
  {
    name: "repeats mutating requests",
    file: "provider/core/http/http.ts",
    from: "mutates(call) ? 0 : repetitions[patience]",
    to: "repetitions[patience]",
    only: "factfinder:DatabasePrune create: connection reset",
    shows: "duplicates",
  },
  {
    name: "takes a 200 for success",
    file: "provider/factfinder/database-prune/request.ts",
    from: "const risen = (await waitForRise(scope, channel, before, () => false)) as Versioned;",
    to: "const risen = { ...before, databaseVersion: before.databaseVersion + 1 } as unknown as Versioned;",
    only: "factfinder:DatabasePrune create: wrong type before",
    shows: "wrong",
  },
  {
    name: "forgets the handle",
    file: "provider/core/lifecycle/lifecycle.ts",
    from: "if (!scope.kept && !failed) throw asTold;",
    to: "if (asTold) throw asTold;",
    only: "redis:NodeAction resume: slow body",
    shows: "duplicates",
  },
  {
    name: "shows credentials",
    file: "provider/core/http/redact.ts",
    from: 'text.replace(any, "[redacted]")',
    to: "text",
    only: "redis:NodeAction create: echo",
    shows: "leaks",
  },
];

const root = join(import.meta.dirname, "..", "..");

/** Plays the matrix's part on a copy of the provider that has been broken in this way. */
export function playBroken({ name, file, from, to, only, shows }: Sabotage): number {
  mkdirSync(join(root, ".cache"), { recursive: true });
  const copy = mkdtempSync(join(root, ".cache", "sabotage-"));
  try {
    for (const folder of ["provider", "simulators", "scripts", "test/rules", "test/chaos", "test/support"]) {
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
    if (summary.cases === 0) throw new Error(`${name}: nothing was played: ${stdout}${stderr}`);
    return summary[shows] as number;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
