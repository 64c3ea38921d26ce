import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { killTree } from "../../cli/rehearse/process-tree.ts";

/** A shell, as one has it in a terminal: where one goes and what one exports stays for the next command. */
export class Shell implements AsyncDisposable {
  /** What it has printed so far. */
  output = "";
  #ended = false;
  readonly #process: ChildProcess;

  constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.#process = spawn("bash", ["--noprofile", "--norc"], { cwd: folder, env });
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on("data", (chunk) => {
        this.output += chunk;
      });
    this.#process.on("close", () => {
      this.#ended = true;
    });
  }

  /**
   * Types a command and waits for its end.
   * @returns what it has printed
   * @throws with all of that if it fails
   */
  async type(command: string, limit = 180_000): Promise<string> {
    const { code, output } = await this.#run(command, limit);
    if (code !== "0") throw new Error(`$ ${command}\n${output}\n(exit code ${code})`);
    return output;
  }

  /** Types a command that goes on running until the shell is closed. */
  start(command: string): void {
    this.#process.stdin?.write(`${command}\n`);
  }

  /** Waits until what it has printed matches. */
  async sees(pattern: RegExp, limit = 60_000): Promise<RegExpExecArray> {
    const deadline = Date.now() + limit;
    for (;;) {
      const match = pattern.exec(this.output);
      if (match) return match;
      if (this.#ended || Date.now() > deadline) throw new Error(`no ${pattern} in:\n${this.output}`);
      await sleep(20);
    }
  }

  /** Where it is. */
  async folder(): Promise<string> {
    return (await this.type("pwd")).trim();
  }

  // Input is empty for the command itself: otherwise it could read the next one.
  async #run(command: string, limit: number): Promise<{ code: string | undefined; output: string }> {
    const mark = `:done:${this.output.length}:`;
    const from = this.output.length;
    const quoted = command.replaceAll("'", `'\\''`);
    this.#process.stdin?.write(`eval '${quoted}' </dev/null; echo "${mark}$?"\n`);
    const { index, 1: code } = await this.sees(new RegExp(`${mark}(\\d+)\\n`), limit);
    return { code, output: this.output.slice(from, index) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended && this.#process.pid !== undefined) await killTree(this.#process.pid);
  }
}
