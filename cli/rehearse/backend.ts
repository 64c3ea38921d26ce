import { randomUUID } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { rehearsalVariable } from "../../provider/core/http/rehearsal.ts";
import { pulumi, Run } from "./pulumi.ts";
import { overriding, type RealStack, type Setting } from "./real-stack.ts";
import { importable } from "./state.ts";

/** Whoever is told of real work is not told of a rehearsal, and what a plan was made for is the real one's. */
const notRehearsed = ["clusterops:events", "clusterops:traceparent", "clusterops:expect"];

/**
 * A backend, a home of the CLI and a stack that live as long as a rehearsal. The program runs in its own folder; whatever the CLI writes,
 * it writes here.
 */
export class Backend {
  readonly #root: string;
  readonly #stack: RealStack;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(root: string, stack: RealStack) {
    this.#root = root;
    this.#stack = stack;
    this.#env = {
      ...environmentOf(process.env),
      ...overriding(process.env),
      PULUMI_HOME: join(root, "home"),
      PULUMI_BACKEND_URL: `file://${join(root, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: randomUUID(),
      PULUMI_SKIP_UPDATE_CHECK: "1",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    };
  }

  static async open(stack: RealStack): Promise<Backend> {
    // Nobody else may read what is in it: `mkdtemp` sees to that.
    const root = await mkdtemp(join(tmpdir(), "clusterops-rehearsal-"));
    const backend = new Backend(root, stack);
    try {
      for (const folder of ["home", "state", "project"]) await mkdir(join(root, folder));
      await backend.#shareTools();
      // A stack of the same name in a project of the same name: names of resources are made of both.
      const project = { name: stack.project, runtime: "nodejs" };
      await writeFile(join(root, "project", "Pulumi.yaml"), JSON.stringify(project));
      await backend.#manage(["stack", "init", stack.name]);
      await backend.#configure();
    } catch (error) {
      await backend.remove();
      throw error;
    }
    return backend;
  }

  /** The state is that of the real stack again. */
  async restore(): Promise<void> {
    const [, salt = ""] = /^encryptionsalt: (\S+)/m.exec(await readFile(this.#configFile, "utf8")) ?? [];
    await this.#manage(["stack", "import", "--stack", this.#stack.name], importable(this.#stack.state, salt));
  }

  /** A killed run leaves its lock. */
  async unlock(): Promise<void> {
    await this.#manage(["cancel", "--yes", this.#stack.name]);
  }

  state(): Promise<string> {
    return this.#manage(["stack", "export", "--stack", this.#stack.name]);
  }

  /** Runs the program: `preview`, `up` or `destroy`. */
  run(args: readonly string[], routes: Record<string, string>): Run {
    return new Run([...args, ...this.arguments], this.options(routes));
  }

  get arguments(): string[] {
    return ["--stack", this.#stack.name, "--config-file", this.#configFile];
  }

  options(routes: Record<string, string>): { cwd: string; env: NodeJS.ProcessEnv } {
    return { cwd: this.#stack.folder, env: { ...this.#env, [rehearsalVariable]: JSON.stringify(routes) } };
  }

  /** When this process ends at once: what is in it is not to lie around. */
  removeNow(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  async remove(): Promise<void> {
    await rm(this.#root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  get #configFile(): string {
    return join(this.#root, "project", `Pulumi.${this.#stack.name}.yaml`);
  }

  /**
   * The CLI's own versions are where they are, and of plugins those that a rehearsal needs. No other provider is there: what a program
   * declares only once something is made stands in no preview, and would be real.
   */
  async #shareTools(): Promise<void> {
    const [from, to] = [process.env.PULUMI_HOME ?? join(homedir(), ".pulumi"), join(this.#root, "home")];
    for (const name of ["versions", "bin"])
      if (existsSync(join(from, name))) await symlink(join(from, name), join(to, name));
    // The engine passes over plugins that are links themselves.
    for (const plugin of await entriesOf(join(from, "plugins"))) {
      if (!isNeeded(plugin)) continue;
      const folder = join("plugins", plugin);
      const names = await entriesOf(join(from, folder));
      // Beside each folder there may be a file of its name, as a lock.
      if (names.length > 0) await mkdir(join(to, folder), { recursive: true });
      for (const name of names) await symlink(join(from, folder, name), join(to, folder, name));
    }
  }

  /** Secrets go through a pipe: the arguments of a process anybody may read. */
  async #configure(): Promise<void> {
    for (const [key, setting] of Object.entries(this.#stack.config)) {
      if (notRehearsed.includes(key)) continue;
      const how = setting.secret ? "--secret" : "--plaintext";
      await this.#manage(["config", "set", how, key], textOf(setting));
    }
  }

  /** What is done to the stack alone runs beside its configuration, and not in the program's folder. */
  #manage(args: readonly string[], input?: string): Promise<string> {
    return pulumi(args, { cwd: join(this.#root, "project"), env: this.#env, input });
  }
}

/** What is in a folder; nothing where it is none. */
function entriesOf(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** Languages, what converts and analyzes, and the one provider that a rehearsal turns to its simulators. */
function isNeeded(plugin: string): boolean {
  return !plugin.startsWith("resource-") || plugin.startsWith("resource-clusterops-v");
}

function textOf({ value, objectValue }: Setting): string {
  return objectValue === undefined ? value : JSON.stringify(objectValue);
}

/** Where connections lead, the environment may say; whose state it is, and who is told of it, it must not. */
function environmentOf(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isLeftOut = (name: string) =>
    /^(PULUMI_(?!NODEJS_)|OTEL_)|^TRACEPARENT$|^CLUSTEROPS_(EVENTS|EXPECT|TRACEPARENT)$/.test(name);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isLeftOut(name)));
}
