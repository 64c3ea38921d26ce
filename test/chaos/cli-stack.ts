import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Connection } from "../../provider/index.ts";
import type { PulumiProcess, PulumiResult } from "../../scripts/pulumi-process.ts";
import { type ExportedResource, PulumiProject } from "../../scripts/pulumi-project.ts";
import type { Properties, Session } from "../rules/door.ts";
import type { ResourceCase } from "../rules/resource-case.ts";
import type { Stack, Step } from "../rules/stack.ts";
import { leanSdk } from "../support/lean-sdk.ts";
import { pluginIn } from "../support/plugin.ts";
import type { StackOperations } from "./fault.ts";

/** What is done between two runs, and how the next one is asked for: a killed run is not always followed by the same command. */
export type Sequel = "with --target" | "of a renamed resource" | "of a tainted resource";

/** A stack of one resource on the real CLI: each operation is a process, and only state lasts from one to the next. */
export class CliStack implements StackOperations, AsyncDisposable {
  state: Stack["state"];
  /** All that the CLI has printed, and of it the warnings. */
  readonly said: Session["said"] = { warnings: [], plans: [], progress: [] };
  readonly project: PulumiProject;
  readonly isNative: boolean;
  /** The process that is running. */
  running: PulumiProcess | undefined;
  readonly #type: string;
  #name = "it";
  #options = "";
  #urn = "";
  #args: string[] = [];

  private constructor(type: string, project: PulumiProject, isNative: boolean) {
    this.#type = type;
    this.project = project;
    this.isNative = isNative;
  }

  /** @param shares a stack whose backend this one uses too. @param isNative whether it goes through the native plugin */
  static async open(
    { type }: ResourceCase,
    connections: Record<string, Connection>,
    { shares, isNative = false }: { shares?: CliStack; isNative?: boolean } = {},
  ): Promise<CliStack> {
    const settings = Object.entries(connections).flatMap(([name, connection]) =>
      pathsOf(`clusterops:connections.${name}`, connection),
    );
    const isSecret = ([path]: [string, string]) => /password|secret/i.test(path);
    const project = await PulumiProject.create({
      program: "",
      isQuick: true,
      env: leanSdk,
      config: {
        ...Object.fromEntries(settings.filter((setting) => !isSecret(setting))),
        ...(isNative && { "clusterops:door": "native" }),
      },
      ...(isNative && { files: { "Pulumi.yaml": pluginIn() } }),
      secrets: Object.fromEntries(settings.filter(isSecret)),
      ...(shares && { shares: shares.project, stack: "other" }),
    });
    return new CliStack(type, project, isNative);
  }

  async up(inputs: Properties): Promise<Step> {
    await this.#write(inputs);
    // First as the user asks for it; what that leaves out is made up for by the next whole one.
    const args = this.#args.splice(0);
    if (args.length > 0) await this.#run("up", args);
    return stepOf(await this.#run("up"));
  }

  /** What the user does before the next `up`. */
  async prepare(sequel: Sequel): Promise<void> {
    if (sequel === "with --target") this.#args = ["--target", `**::${this.#name}`];
    else if (sequel === "of a renamed resource") {
      this.#options = JSON.stringify({ aliases: [{ name: this.#name }] });
      this.#name = "renamed";
    } else if (this.state)
      // What was never recorded cannot be tainted.
      await this.project.run(["state", "taint", "--yes", this.#urn], { check: true });
  }

  async refresh(): Promise<void> {
    await this.#run("refresh");
  }

  async destroy(): Promise<void> {
    await this.#run("destroy");
  }

  /** Processes that were started for this stack and are still running. Known on Linux only. */
  async leftProcesses(): Promise<string[]> {
    const pids = await readdir("/proc").catch((): string[] => []);
    const found = await Promise.all(
      pids.map(async (pid) => {
        const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
        return environment.includes(this.project.root) ? `process ${pid}` : undefined;
      }),
    );
    return found.filter((process) => process !== undefined);
  }

  /** All files of the backend: state, its backups, its history. */
  async stored(): Promise<string> {
    const folder = join(this.project.root, "state");
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    const texts = files
      .filter((file) => file.isFile())
      .map((file) => readFile(join(file.parentPath, file.name), "utf8"));
    return (await Promise.all(texts)).join("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.project.remove();
  }

  async #write(inputs: Properties): Promise<void> {
    const [system, name] = this.#type.split(":");
    const program = `import { ${system} } from "pulumi-clusterops";\nnew ${system}.${name}("${this.#name}", ${JSON.stringify(inputs)}${this.#options && `, ${this.#options}`});\n`;
    await this.project.write("index.ts", program);
  }

  async #run(operation: "up" | "refresh" | "destroy", args: string[] = []): Promise<PulumiResult> {
    this.running = this.project.start(operation, { args });
    return this.#settle(this.running.done);
  }

  /** @throws Error with all that the CLI has printed, unless it ended well */
  async #settle(done: Promise<PulumiResult>): Promise<PulumiResult> {
    const result = await done;
    this.said.progress.push(result.output);
    this.said.warnings.push(...(result.output.match(/warning: .*/g) ?? []));
    // A killed run leaves its lock behind.
    if (result.code === undefined) await this.project.unlock();
    await this.#read();
    if (result.code !== 0) throw new Error(result.output);
    return result;
  }

  async #read(): Promise<void> {
    const { deployment } = await this.project.export();
    // One that was renamed has its first name until the next run.
    const known = [this.#name, "it"]
      .map((name) => deployment.resources?.find(({ urn }) => urn.endsWith(`::${name}`)))
      .find((resource) => resource !== undefined);
    this.#urn = known?.urn ?? "";
    this.state = known && recorded(known);
  }
}

function recorded({ id = "", inputs, outputs, initErrors }: ExportedResource): Stack["state"] {
  return { id, inputs, outputs, unready: initErrors !== undefined };
}

function stepOf({ resources }: PulumiResult): Step {
  const changed = Object.keys(resources).filter((what) => what !== "unchanged");
  if (changed.length === 0) return "same";
  return changed.some((what) => what.startsWith("replace")) ? "replace" : "update";
}

/** Stack configuration by path: `{ a: ["x"] }` below `p` is `p.a[0]`. */
function pathsOf(path: string, value: unknown): [string, string][] {
  if (Array.isArray(value)) return value.flatMap((item, index) => pathsOf(`${path}[${index}]`, item));
  if (typeof value !== "object" || value === null) return [[path, String(value)]];
  return Object.entries(value).flatMap(([key, item]) => pathsOf(`${path}.${key}`, item));
}

/** Waits until nothing is found, for at most 5 seconds; answers with what is still there. */
export async function stillRunning(look: () => Promise<string[]>): Promise<string[]> {
  for (let tries = 0; tries < 25; tries++) {
    if ((await look()).length === 0) return [];
    await pause(200);
  }
  return look();
}
