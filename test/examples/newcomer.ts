import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { ensurePulumi } from "../../scripts/pulumi-cli.ts";
import { pulumiEnvironment } from "../../scripts/pulumi-environment.ts";
import { type Block, blocksOf, commandsOf } from "../docs/blocks.ts";
import type { Typed } from "../docs/samples.ts";
import { type Packed, pack } from "../package/packed.ts";
import { Shell } from "../support/shell.ts";

/** What README.md's own commands set, and what `npm test` tells the commands that it starts. */
const notTheirs =
  /^(PULUMI_BACKEND_URL|PULUMI_CONFIG_PASSPHRASE|INIT_CWD|npm_(package|lifecycle|execpath|command|config_(local_prefix|user_agent)).*)$/;

/** Somebody who has nothing but Node.js, npm and the Pulumi CLI, and does what README.md says in a fresh folder. */
export class Newcomer implements AsyncDisposable {
  /** What was typed of README.md, and what it printed. */
  readonly typed: Typed[] = [];
  readonly #root: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #packed: Packed;
  readonly #first: Shell;
  #second: Shell | undefined;

  private constructor(root: string, env: NodeJS.ProcessEnv, packed: Packed) {
    this.#root = root;
    this.#env = env;
    this.#packed = packed;
    this.#first = new Shell(root, env);
  }

  /** Outside of the checkout, so that nothing of it is found by accident. */
  static async create(): Promise<Newcomer> {
    const root = await mkdtemp(join(tmpdir(), "clusterops-newcomer-"));
    const [cli, packed] = [await ensurePulumi(), await pack()];
    const folders = { home: join(root, "home"), tools: join(root, "tools") };
    for (const folder of Object.values(folders)) await mkdir(folder);
    const all = pulumiEnvironment(cli, { stateFolder: root, home: folders.home, passphrase: "" });
    const env = Object.fromEntries(Object.entries(all).filter(([name]) => !notTheirs.test(name)));
    // npm itself is the machine's, run by the Node.js that runs the tests; and none of the checkout's commands.
    const inherited = (process.env.PATH ?? "").split(delimiter);
    const path = [
      dirname(process.execPath),
      folders.tools,
      dirname(cli.bin),
      ...inherited.filter((folder) => !/node_modules[\\/]\.bin$/.test(folder)),
    ];
    env.PATH = path.join(delimiter);
    env.PULUMI_SKIP_CONFIRMATIONS = "true";
    return new Newcomer(root, env, packed);
  }

  /** Makes a command of the registry available, as a machine has it. */
  async has(command: string, packageName: string): Promise<void> {
    const folder = join(this.#root, `tools-${command}`);
    await this.#first.type(`npm install --silent --no-save --prefix ${folder} ${packageName}`);
    await this.#first.type(`ln -s ${folder}/node_modules/.bin/${command} tools/${command}`);
  }

  /** Does what one block says. `npx` is how npm users run a package's command; other package managers have their own. */
  async does(block: Block, npx = "npx"): Promise<void> {
    const { language, use, file, text } = block;
    if (file !== undefined) await this.#saves(file, language, text);
    else if (use === "serve") await this.#serves(text, npx);
    else if (use === "paste") await this.#pastes(block);
    else if (language === "sh")
      for (const command of commandsOf(block)) await this.types(command, block.page === "README.md");
  }

  /** With the packed package in place of the registry's. */
  async types(command: string, isOfReadme = false): Promise<string> {
    const typed = command.replace(
      /(?<=\b(?:install|add)\b.* )pulumi-clusterops(?= |$)/,
      this.#packed.tarball,
    );
    const output = await this.#first.type(typed);
    if (isOfReadme) this.typed.push({ command, output });
    return output;
  }

  /** What the second shell has printed: the connections, then each request that changes something. */
  get served(): string {
    return this.#second?.output ?? "";
  }

  async #saves(file: string, language: string, text: string): Promise<void> {
    const path = join(await this.#first.folder(), file);
    await writeFile(path, language === "diff" ? changed(await readFile(path, "utf8"), text) : text);
  }

  // Free ports, since other tests run beside this one, and a second for each step.
  async #serves(text: string, npx: string): Promise<void> {
    this.#second = new Shell(await this.#first.folder(), this.#env);
    this.#second.start(`${text.trim().replace(/^npx/, npx)} --port-base 0 --action-seconds 1`);
    await this.#second.sees(/Mutating requests are listed/);
  }

  async #pastes({ place, text }: Block): Promise<void> {
    const printed = this.served.match(/^ {2}pulumi config set .*$/gm)?.map((line) => line.trim()) ?? [];
    const anyPort = (lines: string) => lines.trim().replace(/:\d+$/gm, ":#");
    if (anyPort(text) !== anyPort(printed.join("\n")))
      throw new Error(`${place}: the simulators print other lines:\n${printed.join("\n")}`);
    for (const line of printed) await this.types(line);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const shell of [this.#first, this.#second]) await shell?.[Symbol.asyncDispose]();
    await this.#packed[Symbol.asyncDispose]();
    await rm(this.#root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** The file with the removed lines of a diff replaced by the added ones. */
function changed(text: string, diff: string): string {
  const lines = (sign: string) =>
    diff
      .split("\n")
      .filter((line) => line.startsWith(sign))
      .map((line) => line.slice(1));
  const [from, to] = [lines("-").join("\n"), lines("+").join("\n")];
  const current = text.split("\n").map((line) => line.trim());
  if (!current.includes(from.trim())) throw new Error(`there is no line ${from.trim()}`);
  return text.replace(from.trim(), to.trim());
}

/** The blocks of README.md that make the journey, in order: first there is a folder, then the program shown above goes into it. */
export const journey = inOrder(
  blocksOf("README.md").filter(
    ({ use, file }) => file !== undefined || ["run", "serve", "paste"].includes(use),
  ),
);

function inOrder(blocks: Block[]): Block[] {
  const first = blocks.findIndex(({ use }) => use === "run");
  return [...blocks.slice(first, first + 1), ...blocks.slice(0, first), ...blocks.slice(first + 1)];
}

/** For `before`: without a way to the npm registry nobody gets anywhere, and all is skipped, with a word. */
export async function skipWithoutRegistry(context: Mocha.Context): Promise<void> {
  const { exitCode } = await execa("npm", ["view", "@pulumi/pulumi", "version"], { reject: false });
  if (exitCode === 0) return;
  console.log("  skipped: the npm registry cannot be reached");
  context.skip();
}
