import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PulumiCli } from "./pulumi-cli.ts";
import { ensurePulumi } from "./pulumi-cli.ts";
import { pulumiEnvironment } from "./pulumi-environment.ts";
import type { PulumiResult, RunOptions } from "./pulumi-process.ts";
import { PulumiProcess } from "./pulumi-process.ts";
import { StackFiles } from "./stack-files.ts";

export interface ProjectOptions {
  /** A folder to copy, Pulumi.yaml included: an example. Without it a project named `e2e` with `main: index.ts` is made. */
  from?: string;
  /** The text of index.ts. */
  program?: string;
  /** Further files, by path relative to the project. */
  files?: Record<string, string>;
  /** Default "dev". */
  stack?: string;
  /** Stack configuration by path, e.g. `"clusterops:connections.redis.endpoints[0]"`. */
  config?: Record<string, string>;
  /** The same for values that are kept encrypted. */
  secrets?: Record<string, string>;
  env?: NodeJS.ProcessEnv;
  /** Another project whose backend this one shares. */
  shares?: PulumiProject;
  /** The files of stack and configuration are written here, not by the CLI, which takes a second for that. Default false. */
  isQuick?: boolean;
}

export interface ChangeOptions extends RunOptions {
  /** Shows the preview first, as for a person; costs about a second. Default false. */
  preview?: boolean;
}

/** One resource of an exported state. */
export interface ExportedResource {
  urn: string;
  type: string;
  id?: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  initErrors?: string[];
  protect?: boolean;
}

export interface ExportedStack {
  deployment: {
    resources: ExportedResource[];
    pending_operations?: { type: string; resource: { urn: string } }[];
  };
}

/** What the engine writes in place of a secret. */
const secretMark = "4dabf18193072939515e22adb298388d";

let foundCli: Promise<PulumiCli> | undefined;
const cacheFolder = join(import.meta.dirname, "..", ".cache", "pulumi");

/**
 * A Pulumi project with a stack of its own in a file backend, driven by the real CLI. It lies inside the checkout, because only
 * there a program finds this package by its own name, and has no package.json, because with one it would not.
 */
export class PulumiProject implements AsyncDisposable {
  /** Holds the project, the backend and the CLI's home; removed at the end. */
  readonly root: string;
  /** The folder with Pulumi.yaml. */
  readonly folder: string;
  stack: string;
  /** The CLI. */
  readonly bin: string;
  /** What the CLI is run with: also for what else uses this backend and home. */
  readonly env: NodeJS.ProcessEnv;
  /** None where the backend is another one. */
  readonly #files: StackFiles | undefined;
  readonly #running = new Set<PulumiProcess>();

  private constructor(
    given: Pick<PulumiProject, "root" | "stack" | "bin" | "env"> & { stateFolder: string },
  ) {
    this.root = given.root;
    this.folder = join(given.root, "project");
    this.stack = given.stack;
    this.bin = given.bin;
    this.env = given.env;
    if (given.env.PULUMI_BACKEND_URL?.startsWith("file:"))
      this.#files = new StackFiles(this.folder, given.stateFolder);
  }

  /** Makes the project, its stack and its configuration. */
  static async create(options: ProjectOptions = {}): Promise<PulumiProject> {
    const { stack = "dev", config = {}, secrets = {} } = options;
    foundCli ??= ensurePulumi();
    const cli = await foundCli;
    await mkdir(cacheFolder, { recursive: true });
    const root = await mkdtemp(join(cacheFolder, "project-"));
    const home = join(root, "home");
    const stateFolder = join(options.shares?.root ?? root, "state");
    for (const folder of [home, stateFolder]) await mkdir(folder, { recursive: true });
    const env = pulumiEnvironment(cli, { stateFolder, home, passphrase: "rehearsal", extra: options.env });
    const project = new PulumiProject({ root, stack, bin: cli.bin, env, stateFolder });
    try {
      await project.#writeFiles(options);
      const files = options.isQuick ? project.#files : undefined;
      if (files) await files.make(stack, config);
      else await project.run(["stack", "init"], { check: true });
      await project.setConfig(files ? {} : config, secrets);
    } catch (error) {
      await project.remove();
      throw error;
    }
    return project;
  }

  async #writeFiles({ from, program, files = {} }: ProjectOptions): Promise<void> {
    if (from) await cp(from, this.folder, { recursive: true });
    else {
      await mkdir(this.folder);
      await this.write("Pulumi.yaml", "name: e2e\nruntime: nodejs\nmain: index.ts\n");
    }
    if (program !== undefined) await this.write("index.ts", program);
    for (const [path, text] of Object.entries(files)) await this.write(path, text);
  }

  /** Writes a file of the project, for example index.ts as its user changed it. */
  async write(path: string, text: string): Promise<void> {
    await writeFile(join(this.folder, path), text);
  }

  /** Sets configuration by path, all of it in one call of the CLI. */
  async setConfig(config: Record<string, string>, secrets: Record<string, string> = {}): Promise<void> {
    const plaintext = Object.entries(config).flatMap(([path, value]) => ["--plaintext", `${path}=${value}`]);
    const secret = Object.entries(secrets).flatMap(([path, value]) => ["--secret", `${path}=${value}`]);
    const values = [...plaintext, ...secret];
    if (values.length > 0) await this.run(["config", "set-all", "--path", ...values], { check: true });
  }

  async up(options: ChangeOptions = {}): Promise<PulumiResult> {
    return await this.start("up", options).done;
  }

  async refresh(options: ChangeOptions = {}): Promise<PulumiResult> {
    return await this.start("refresh", options).done;
  }

  async destroy(options: ChangeOptions = {}): Promise<PulumiResult> {
    return await this.start("destroy", options).done;
  }

  async preview(options: RunOptions = {}): Promise<PulumiResult> {
    return await this.run(["preview"], options);
  }

  /** Starts an operation and returns at once, so that it can be watched, interrupted or killed. */
  start(
    operation: "preview" | "up" | "refresh" | "destroy",
    { preview = false, ...options }: ChangeOptions = {},
  ): PulumiProcess {
    if (operation === "preview") return this.#spawn([operation], options);
    return this.#spawn([operation, "--yes", ...(preview ? [] : ["--skip-preview"])], options);
  }

  /** The state as the backend has it; secrets stay encrypted unless asked for. */
  async export({ showSecrets = false } = {}): Promise<ExportedStack> {
    if (this.#files && !showSecrets) return this.#files.export(this.stack);
    const args = ["stack", "export", ...(showSecrets ? ["--show-secrets"] : [])];
    return JSON.parse((await this.run(args, { check: true })).stdout);
  }

  /** The stack's outputs, secrets in clear. */
  async outputs(): Promise<Record<string, unknown>> {
    const { resources = [] } = (await this.export()).deployment;
    const { outputs = {} } = resources.find(({ type }) => type === "pulumi:pulumi:Stack") ?? {};
    if (!JSON.stringify(outputs).includes(secretMark)) return outputs;
    return JSON.parse(
      (await this.run(["stack", "output", "--json", "--show-secrets"], { check: true })).stdout,
    );
  }

  /** Releases the lock that a killed run leaves on the stack: `pulumi cancel`. */
  async unlock(): Promise<void> {
    await this.run(["cancel", "--yes"], { check: true });
  }

  /** `pulumi stack rename`. */
  async rename(stack: string): Promise<void> {
    await this.run(["stack", "rename", stack], { check: true });
    this.stack = stack;
  }

  /** Any command of the CLI on this stack. */
  async run(args: string[], options: RunOptions = {}): Promise<PulumiResult> {
    return await this.#spawn(args, options).done;
  }

  #spawn(args: string[], options: RunOptions): PulumiProcess {
    const unattended = options.show === "inherit" ? [] : ["--non-interactive"];
    const all = [...args, ...(options.args ?? []), ...unattended, "--stack", this.stack];
    const env = { ...this.env, ...options.env };
    const started = new PulumiProcess(this.bin, all, { ...options, cwd: this.folder, env });
    this.#running.add(started);
    void started.done.catch(() => undefined).then(() => this.#running.delete(started));
    return started;
  }

  /** Kills running processes and deletes the folders. Remote systems are left as they are: `destroy` is for those. */
  async remove(): Promise<void> {
    for (const running of this.#running) await running.kill();
    await rm(this.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.remove();
  }
}
