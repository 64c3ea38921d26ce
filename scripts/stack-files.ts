import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What a new stack's secrets are encrypted with: a key from this salt and the passphrase `rehearsal`, which every project here has. */
const salt = "v1:5mSzpAR7OHE=:v1:J6R92WGA2FAGAbFT:xtG0pnM8Iq/6vpzXVooiC7Z2kL7zqQ==";

type Value = string | number | boolean | Value[] | { [key: string]: Value };

/** A stack in a file backend, written and read as the CLI does it, without the half second of CPU that each start of the CLI costs. */
export class StackFiles {
  readonly #folder: string;
  readonly #stateFolder: string;

  /** @param folder the project's @param stateFolder the backend's */
  constructor(folder: string, stateFolder: string) {
    this.#folder = folder;
    this.#stateFolder = stateFolder;
  }

  /** What `pulumi stack init` and `pulumi config set-all --path` leave behind. */
  async make(stack: string, config: Record<string, string>): Promise<void> {
    const project = await this.#project();
    const state = this.#stacks(project);
    await mkdir(state, { recursive: true });
    await writeFile(join(this.#stateFolder, ".pulumi", "meta.yaml"), "version: 1\n");
    const checkpoint = { stack: `organization/${project}/${stack}` };
    await writeFile(join(state, `${stack}.json`), JSON.stringify({ version: 3, checkpoint }));
    // Each value is JSON, which is YAML, too.
    const values = Object.entries(configurationOf(project, config)).map(
      ([key, value]) => `  ${key}: ${JSON.stringify(value)}\n`,
    );
    const text = [`encryptionsalt: ${salt}\n`, ...(values.length > 0 ? ["config:\n", ...values] : [])];
    await writeFile(join(this.#folder, `Pulumi.${stack}.yaml`), text.join(""));
  }

  /** What `pulumi stack export` prints: secrets stay encrypted. */
  async export<Deployment>(stack: string): Promise<{ version: number; deployment: Deployment }> {
    const file = join(this.#stacks(await this.#project()), `${stack}.json`);
    const { version, checkpoint } = JSON.parse(await readFile(file, "utf8"));
    return { version, deployment: checkpoint.latest ?? {} };
  }

  #stacks(project: string): string {
    return join(this.#stateFolder, ".pulumi", "stacks", project);
  }

  async #project(): Promise<string> {
    const text = await readFile(join(this.#folder, "Pulumi.yaml"), "utf8");
    const [, name] = /^name: *(\S+)$/m.exec(text) ?? [];
    if (name === undefined) throw new Error(`no name in:\n${text}`);
    return name;
  }
}

/** Configuration by key, from values by path. Within a key's value the CLI takes what looks like one for a number or a boolean. */
function configurationOf(project: string, config: Record<string, string>): Record<string, Value> {
  const values: Record<string, Value> = {};
  for (const [path, value] of Object.entries(config)) {
    const [namespace, rest] = path.includes(":") ? splitAt(path, path.indexOf(":")) : [project, path];
    const [key = "", ...within] = segmentsOf(rest);
    const name = `${namespace}:${key}`;
    values[name] = within.length === 0 ? value : set(values[name], within, coerced(value));
  }
  return values;
}

function splitAt(text: string, index: number): [string, string] {
  return [text.slice(0, index), text.slice(index + 1)];
}

/** E.g. `connections.redis.endpoints[0]`, `guards["*"].windows`. */
function segmentsOf(path: string): (string | number)[] {
  const segments = path.matchAll(/\.?([^.[\]"]+)|\["([^"]*)"\]|\[(\d+)\]/g);
  return [...segments].map(([, name, quoted, index]) => (index ? Number(index) : (name ?? quoted ?? "")));
}

function set(at: Value | undefined, [first = "", ...more]: (string | number)[], value: Value): Value {
  const next = (inner: Value | undefined) => (more.length === 0 ? value : set(inner, more, value));
  if (typeof first === "number") {
    const list = Array.isArray(at) ? [...at] : [];
    list[first] = next(list[first]);
    return list;
  }
  const object = typeof at === "object" && !Array.isArray(at) ? at : {};
  return { ...object, [first]: next(object[first]) };
}

function coerced(value: string): Value {
  if (value === "true" || value === "false") return value === "true";
  return /^(0|-?[1-9]\d{0,14})$/.test(value) ? Number(value) : value;
}
