import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { constants, setPriority, tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { killTree } from "../../cli/rehearse/process-tree.ts";
import type { Suite } from "./suites.ts";
import type { Failure } from "./totals-reporter.ts";

export interface SuiteResult {
  name: string;
  passed: number;
  failed: number;
  skipped: number;
  seconds: number;
  /** The tests that failed; fewer than `failed` where it was not a test that did. */
  failures: Failure[];
}

const mocha = join(import.meta.dirname, "..", "..", "node_modules", ".bin", "mocha");
const reporter = join(import.meta.dirname, "totals-reporter.ts");

/** Node keeps here what it has compiled: most of the tests' processes load the same files. */
const compiled = join(import.meta.dirname, "..", "..", ".cache", "compiled");

/**
 * Runs one suite in a mocha of its own and shows its output, as it comes or, beside other suites, at its end. A mocha that does not get to its counts (a file that does not load, a
 * crash, no end within the limit), or that does not end after them, is one more failure.
 */
export async function runSuite(
  { name, files, jobs = 1, require, env, givesWay = false }: Suite,
  root: string,
  { limit = 1_800_000, patience = 30_000, isAlone = true } = {},
): Promise<SuiteResult> {
  const folder = mkdtempSync(join(tmpdir(), "clusterops-test-"));
  const output = join(folder, "totals.json");
  try {
    const args = [
      "--reporter",
      reporter,
      "--reporter-option",
      `output=${output},patience=${patience}`,
      ...(require ? ["--require", require] : []),
      ...(jobs > 1 ? ["--parallel", "--jobs", String(jobs)] : []),
      ...files,
    ];
    const subprocess = execa(mocha, args, {
      cwd: root,
      stdin: "ignore",
      stdout: isAlone ? "inherit" : "pipe",
      stderr: isAlone ? "inherit" : "pipe",
      all: !isAlone,
      maxBuffer: 1_000_000_000,
      env: { NODE_COMPILE_CACHE: compiled, ...env },
      reject: false,
    });
    if (givesWay) giveWay(subprocess.pid);
    const overdue = setTimeout(() => void (subprocess.pid && killTree(subprocess.pid)), limit);
    const { exitCode, durationMs, all } = await subprocess;
    clearTimeout(overdue);
    if (all) console.log(`\n${name}:\n${all}`);
    const totals = readTotals(output);
    const failed = exitCode === 0 ? totals.failures : Math.max(totals.failures, 1);
    const seconds = Math.round(durationMs / 100) / 10;
    return { name, passed: totals.passes, failed, skipped: totals.pending, seconds, failures: totals.failed };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lets a process, and those that it is going to start, have what others leave of the cores. */
export function giveWay(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended, or all of this runs at an even lower priority.
  }
}

interface Totals extends Pick<Mocha.Stats, "passes" | "failures" | "pending"> {
  failed: Failure[];
}

function readTotals(file: string): Totals {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return { passes: 0, failures: 1, pending: 0, failed: [] };
  }
}
