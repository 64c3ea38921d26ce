import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { Context } from "mocha";
import { built } from "./built.ts";

/** The engine that tests speak to: `terraform`, or what CLUSTEROPS_TERRAFORM says, e.g. a path to `tofu`. */
export const engine = process.env.CLUSTEROPS_TERRAFORM || "terraform";

export const source = "registry.terraform.io/pulumi-clusterops/clusterops";
const provider = join(import.meta.dirname, "..", "..", "terraform");

let installed: boolean | undefined;

export function isTerraformInstalled(): boolean {
  installed ??=
    spawnSync(engine, ["version"], { env: { ...process.env, CHECKPOINT_DISABLE: "1" } }).status === 0;
  return installed;
}

/** For `before`: the provider as the sources are now. Skips, with a word, where there is no engine to speak to. */
export async function needsTerraform(this: Context): Promise<void> {
  if (isTerraformInstalled()) {
    await built.call(this);
    return;
  }
  console.log(`      ${engine} is not installed: skipped`);
  this.skip();
}

/** For a test of what a record ahead of a run is good for. OpenTofu writes its state every 20 s, the record perhaps not yet. */
export function needsStateAtOnce(this: Context): void {
  if (!/tofu/.test(engine)) return;
  console.log("      OpenTofu writes its state every 20 s (docs/terraform.md): skipped");
  this.skip();
}

/** What a command came to. */
export interface Run {
  code: number | null;
  /** Standard output and error, in the order in which they came. */
  output: string;
}

/** A command that is still running. */
export interface Running {
  pid: number;
  ended: Promise<Run>;
  signal(name: NodeJS.Signals): void;
  /** Settles when the output holds it. */
  said(text: RegExp): Promise<void>;
  /** All that it has said so far. */
  output(): string;
}

interface Options {
  /** The files of the configuration, by name; `main.tf` alone as a text. */
  files: string | Record<string, string>;
  env?: Record<string, string>;
  /** Installed by `init` in place of the folder that was built. */
  mirror?: string;
}

/** A configuration in a folder of its own, with its state. */
export class TerraformProject implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "clusterops-terraform-"));
  readonly #env: NodeJS.ProcessEnv;

  constructor({ files, env = {}, mirror }: Options) {
    this.write(typeof files === "string" ? { "main.tf": files } : files);
    this.write({
      "cli.tfrc": mirror
        ? `provider_installation {\n  filesystem_mirror { path = "${mirror}" }\n}\n`
        : `provider_installation {\n  dev_overrides { "${source}" = "${provider}" }\n  direct {}\n}\n`,
    });
    const inherited = Object.entries(process.env).filter(([name]) => !/^(TF_|CLUSTEROPS_)/.test(name));
    this.#env = {
      ...Object.fromEntries(inherited),
      // The launcher takes the Node.js that it finds first.
      PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
      TF_CLI_CONFIG_FILE: join(this.folder, "cli.tfrc"),
      TF_IN_AUTOMATION: "1",
      CHECKPOINT_DISABLE: "1",
      ...env,
    };
  }

  write(files: Record<string, string>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), text);
    }
  }

  run(...words: string[]): Promise<Run> {
    return this.start(...words).ended;
  }

  plan(...words: string[]): Promise<Run> {
    return this.run("plan", "-input=false", "-no-color", ...words);
  }

  apply(...words: string[]): Promise<Run> {
    return this.run("apply", "-input=false", "-no-color", "-auto-approve", ...words);
  }

  destroy(...words: string[]): Promise<Run> {
    return this.apply("-destroy", ...words);
  }

  /** Leads a group of its own, as a shell starts it: what signals the terminal sends reach all of it. */
  start(...words: string[]): Running {
    const child = spawn(engine, words, { cwd: this.folder, env: this.#env, detached: true });
    let output = "";
    const listeners = new Set<() => void>();
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        for (const listener of listeners) listener();
      });
    const ended = new Promise<Run>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => resolve({ code, output }));
    });
    const { pid = 0 } = child;
    return {
      pid,
      ended,
      output: () => output,
      signal: (name) => void process.kill(-pid, name),
      said: (text) =>
        new Promise((resolve, reject) => {
          const look = () => {
            if (!text.test(output)) return;
            listeners.delete(look);
            resolve();
          };
          listeners.add(look);
          void ended.then(() =>
            text.test(output) ? resolve() : reject(new Error(`never said ${text}: ${output}`)),
          );
          look();
        }),
    };
  }

  /** The attributes of a resource in the state, e.g. `clusterops_redis_node_maintenance.window`. */
  recorded(address: string): (Record<string, unknown> & { id: string }) | undefined {
    return this.#instance(address)?.attributes;
  }

  /** Whether it is to be made anew. */
  isTainted(address: string): boolean {
    return this.#instance(address)?.status === "tainted";
  }

  /** All of the state, as it is kept. */
  state(): string {
    const file = join(this.folder, "terraform.tfstate");
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }

  #instance(address: string) {
    const [type, name] = address.split(".");
    const { resources = [] } = JSON.parse(this.state() || "{}") as {
      resources?: { type: string; name: string; instances: { status?: string; attributes: never }[] }[];
    };
    return resources.find((one) => one.type === type && one.name === name)?.instances[0];
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A configuration with the block of the provider. @param connections endpoint by name, or HCL of a connection's settings */
export function configuration(connections: Record<string, string>, resources: string): string {
  const entries = Object.entries(connections).map(
    ([name, value]) => `    ${name} = ${value.startsWith("{") ? value : `{ endpoints = ["${value}"] }`}`,
  );
  return `terraform {
  required_providers {
    clusterops = { source = "${source}" }
  }
}

provider "clusterops" {
  connections = {
${entries.join("\n")}
  }
}

${resources}
`;
}

/** Holds that a run has ended well, else shows all that it has said. */
export function succeeded(run: Run): Run {
  assert.equal(run.code, 0, run.output);
  return run;
}

/** Holds that a run has failed and that its output says why. */
export function failed(run: Run, why: RegExp): Run {
  assert.notEqual(run.code, 0, run.output);
  assert.match(flowing(run.output), why);
  return run;
}

/** Without the frame of a message and the ends of its lines. */
export function flowing(output: string): string {
  return output.replace(/[╷│╵]/g, " ").replace(/\s+/g, " ");
}
