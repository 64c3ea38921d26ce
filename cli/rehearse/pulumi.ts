import { spawn } from "node:child_process";
import { killTree } from "./process-tree.ts";

/** What one run of the CLI came to. */
export interface Ran {
  /** Undefined: a signal ended it. */
  code: number | undefined;
  stdout: string;
  /** Both outputs, as they came. */
  output: string;
  seconds: number;
}

export interface RunOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** What it reads from its standard input. Default: nothing. */
  input?: string;
}

/** One run of the Pulumi CLI, which can be killed with all that it has started. */
export class Run {
  readonly ended: Promise<Ran>;
  readonly #pid: number | undefined;

  constructor(args: readonly string[], { cwd, env, input = "" }: RunOptions) {
    const began = performance.now();
    const child = spawn("pulumi", [...args, "--non-interactive", "--color", "never"], { cwd, env });
    this.#pid = child.pid;
    let [stdout, output] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
    // It may end before it has read all.
    child.stdin.on("error", () => {}).end(input);
    this.ended = new Promise((resolve, reject) => {
      child.on("error", (error) =>
        reject(
          (error as NodeJS.ErrnoException).code === "ENOENT"
            ? new Error("there is no pulumi on PATH: a rehearsal runs the program with the Pulumi CLI")
            : error,
        ),
      );
      child.on("close", (code) =>
        resolve({ code: code ?? undefined, stdout, output, seconds: (performance.now() - began) / 1_000 }),
      );
    });
  }

  async kill(): Promise<void> {
    if (this.#pid !== undefined) await killTree(this.#pid);
  }
}

/** Runs it to its end. @throws Error with what it has said, where that is not a good one */
export async function pulumi(args: readonly string[], options: RunOptions): Promise<string> {
  const { code, stdout, output } = await new Run(args, options).ended;
  if (code === 0) return stdout;
  throw new Error(`pulumi ${args.slice(0, 2).join(" ")} has failed:\n${output.trim()}`);
}
