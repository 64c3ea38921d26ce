import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { killTree, listDescendants, signalProcess } from "../cli/rehearse/process-tree.ts";

export interface RunOptions {
  /** Further arguments. */
  args?: string[];
  env?: NodeJS.ProcessEnv;
  /** "inherit" gives the CLI this process's terminal, if it has one, instead of keeping the output. Default "pipe". */
  show?: "inherit" | "pipe";
  /** Milliseconds after which the CLI and all it started are killed. Default 120 000. */
  limit?: number;
  /** Throws with the CLI's output unless the exit code is 0. Default false. */
  check?: boolean;
}

export interface PulumiResult {
  /** The exit code; undefined when a signal ended it. */
  code: number | undefined;
  stdout: string;
  stderr: string;
  /** Both, as they came. */
  output: string;
  /** The summary under "Resources:", e.g. `{ created: 2 }`, `{ "to update": 1, unchanged: 3 }`. */
  resources: Record<string, number>;
  seconds: number;
}

/** One run of the Pulumi CLI. */
export class PulumiProcess {
  /** Settles when the CLI has ended. */
  readonly done: Promise<PulumiResult>;
  readonly #subprocess: ReturnType<typeof startCli>;
  #ended = false;
  #output = "";

  constructor(bin: string, args: string[], options: RunOptions & { cwd: string; env: NodeJS.ProcessEnv }) {
    this.#subprocess = startCli(bin, args, options);
    this.#subprocess.all?.on("data", (chunk) => {
      this.#output += chunk;
    });
    this.done = this.#finish([bin, ...args].join(" "), options);
  }

  async #finish(command: string, { limit = 120_000, check = false }: RunOptions): Promise<PulumiResult> {
    const overdue = setTimeout(() => void this.kill(), limit);
    const result = await this.#subprocess;
    clearTimeout(overdue);
    this.#ended = true;
    const { stdout = "", stderr = "", all = "", exitCode: code, durationMs } = result;
    if (durationMs >= limit) throw new Error(`${command}: killed after ${limit} ms\n${all}`);
    if (check && code !== 0) throw new Error(`${command}: exit code ${code}\n${all}`);
    return {
      code,
      stdout,
      stderr,
      output: all,
      resources: countResources(stdout),
      seconds: durationMs / 1000,
    };
  }

  get pid(): number {
    if (this.#subprocess.pid === undefined) throw new Error("the CLI did not start");
    return this.#subprocess.pid;
  }

  /** What it has printed so far. */
  get output(): string {
    return this.#output;
  }

  /** Waits until the output matches; fails when the CLI ends first or the time is over. */
  async sees(pattern: RegExp, limit = 30_000): Promise<void> {
    await this.until(() => pattern.test(this.#output), `output that matches ${pattern}`, limit);
  }

  /** Waits until a condition holds, for example until the simulator has received a request; fails if the CLI ends first. */
  async until(isSo: () => boolean | Promise<boolean>, what: string, limit = 30_000): Promise<void> {
    const deadline = Date.now() + limit;
    while (!(await isSo())) {
      if (this.#ended) throw new Error(`ended before ${what}:\n${this.#output}`);
      if (Date.now() > deadline) throw new Error(`no ${what} within ${limit} ms:\n${this.#output}`);
      await sleep(20);
    }
  }

  /** Ctrl-C: the first asks the engine to stop after the running operations, the second stops it at once. */
  interrupt(): void {
    if (!this.#ended) signalProcess(this.pid, "SIGINT");
  }

  /** kill -9 of the CLI and everything it started. */
  async kill(): Promise<void> {
    if (!this.#ended) await killTree(this.pid);
  }

  /** kill -9 of the host process of dynamic resources alone. */
  killHost(): Promise<void> {
    return this.signalHost("SIGKILL");
  }

  /** A signal to the host process of dynamic resources alone. */
  async signalHost(signal: NodeJS.Signals): Promise<void> {
    const hosts = await this.hostPids();
    if (hosts.length === 0) throw new Error(`no provider is running:\n${this.#output}`);
    for (const pid of hosts) signalProcess(pid, signal);
  }

  /** The processes that resources are carried out in and that run now: hosts of dynamic resources, and native plugins. */
  async hostPids(): Promise<number[]> {
    const descendants = await listDescendants(this.pid);
    return descendants
      .filter(({ command }) => /^\S*node .*(dynamic-provider|clusterops\.mjs)/.test(command))
      .map(({ pid }) => pid);
  }
}

function startCli(bin: string, args: string[], { cwd, env, show = "pipe" }: RunOptions & { cwd: string }) {
  // The CLI draws its tree only if input is a terminal too; with --yes it asks nothing.
  const stdin = show === "inherit" ? "inherit" : "ignore";
  return execa(bin, args, {
    cwd,
    env,
    extendEnv: false,
    stdin,
    stdout: show,
    stderr: show,
    all: true,
    reject: false,
  });
}

function countResources(stdout: string): Record<string, number> {
  const summary = stdout.slice(stdout.lastIndexOf("\nResources:"));
  const counts = summary.matchAll(/^ +\S* ?(\d+) (to \w+|\w+)$/gm);
  return Object.fromEntries([...counts].map(([, count, what]) => [what, Number(count)]));
}
