import { createInterface } from "node:readline";
import { execa } from "execa";
import { killTree } from "../../cli/rehearse/process-tree.ts";

export interface BoundedRun {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Milliseconds after which the command and all it started are killed. */
  limit: number;
  signal: AbortSignal;
  /** Gets each line of standard error as it comes. */
  onLine?: (line: string) => void;
}

/** Runs a command without input and returns its standard output. Fails with the last lines of its output. */
export async function runBounded(file: string, args: string[], options: BoundedRun): Promise<string> {
  const { cwd, env, limit, onLine } = options;
  const subprocess = execa(file, args, { cwd, env, extendEnv: false, stdin: "ignore", reject: false });
  const stop = AbortSignal.any([options.signal, AbortSignal.timeout(limit)]);
  const kill = () => void (subprocess.pid && killTree(subprocess.pid));
  stop.addEventListener("abort", kill, { once: true });
  try {
    const lines = createInterface({ input: subprocess.stderr });
    lines.on("line", (line) => onLine?.(line));
    const result = await subprocess;
    if (!result.failed) return result.stdout;
    const command = [file, ...args].join(" ");
    if (stop.aborted) throw new Error(`${command}: stopped after ${limit / 1000} s without an end`);
    if (result.code === "ENOENT")
      throw Object.assign(new Error(`${file} is not installed`), { code: "ENOENT" });
    const said = `${result.stderr}\n${result.stdout}`.trim().split("\n").slice(-5).join("\n");
    throw new Error(`${command}: ${said || result.shortMessage}`, { cause: result });
  } finally {
    stop.removeEventListener("abort", kill);
  }
}
