import { isDeepStrictEqual } from "node:util";
import { type ConfigSource, type Failure, isObject, unknown, type Words } from "../../provider/index.ts";
import { withoutValue } from "../shared/failures.ts";
import { nameOf } from "../shared/urn.ts";
import { words } from "../shared/words.ts";
import type { Properties } from "./codec.ts";

/** What operations go by. */
export interface Settings {
  /** A setting as JSON text, or as it stands, e.g. `clusterops:connections`. */
  readonly config: ConfigSource;
  /** What it says now, where the engine may have handed over what an earlier update recorded. Undefined: that cannot be had. */
  latest(): ConfigSource | undefined;
  readonly words: Words;
}

const prefix = "clusterops:";

/**
 * The settings of one provider: an explicit one's arguments, else the stack's configuration.
 *
 * The engine configures a provider for refresh and destroy from what the state has recorded of it. Stack configuration is therefore taken
 * from the environment of this process, which always has the present one, and none of it is recorded: no credential then stands in the
 * state, and a rotated one counts at once.
 */
export class Configuration implements Settings {
  readonly config: ConfigSource;
  readonly #hasStack: boolean;
  readonly #stack: Readonly<Record<string, string | undefined>>;
  #given: Properties = {};

  constructor(env: NodeJS.ProcessEnv = process.env) {
    this.#hasStack = env.PULUMI_CONFIG !== undefined;
    this.#stack = stackConfig(env);
    const stack = (key: string) => this.#stack[nameIn(key)];
    const stackIfApart = () => (this.#isExplicit ? stack : undefined);
    this.config = Object.defineProperty(
      Object.assign((key: string) => this.#get(key), {
        keys: () => Object.keys({ ...this.#stack, ...this.#given }).map((name) => prefix + name),
      }) as ConfigSource,
      "stack",
      { get: stackIfApart },
    );
  }

  /**
   * The arguments of an explicit provider, as the engine hands them on. Those of the default one are the stack's configuration, as it is, or
   * as `pulumi import` once recorded it, whatever `check` answers.
   */
  configure(given: Properties, urn = ""): void {
    this.#given = isDefault(urn) && this.#hasStack ? {} : given;
  }

  /**
   * What is wrong with arguments. Of the default provider, those that only repeat the stack's configuration are not to be recorded; those of
   * an explicit one are, since the stack's may change without them.
   */
  check(urn: string, given: Properties): { inputs: Properties; failures: Failure[] } {
    if (!isDefault(urn)) return { inputs: given, failures: objections(given) };
    const own = Object.entries(given).filter(
      ([name, value]) => !isDeepStrictEqual(parsed(value), parsed(this.#stack[name])),
    );
    const inputs = Object.fromEntries(own);
    return { inputs, failures: objections({ connections: inputs.connections }) };
  }

  latest(): ConfigSource | undefined {
    return this.#isExplicit ? undefined : this.config;
  }

  get words(): Words {
    return this.#isExplicit ? wordsOfProvider : words;
  }

  /** Of the stack's guards an explicit provider keeps those of names that it or the stack knows: a name that nobody has is not its mistake. */
  #ofStack(name: string): unknown {
    const value = this.#stack[name];
    const guards = name === "guards" && this.#isExplicit ? parsed(value) : undefined;
    if (!isObject(guards)) return value;
    const known = [this.#given.connections, this.#stack.connections].map(parsed);
    const names = ["*", ...known.flatMap((each) => (isObject(each) ? Object.keys(each) : []))];
    return Object.fromEntries(Object.entries(guards).filter(([key]) => names.includes(key)));
  }

  get #isExplicit(): boolean {
    return this.#given.connections !== undefined;
  }

  #get(key: string): string | undefined {
    const name = nameIn(key);
    const value = this.#given[name] ?? this.#ofStack(name);
    return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
  }
}

function nameIn(key: string): string {
  return key.startsWith(prefix) ? key.slice(prefix.length) : key;
}

/** What users do next who give a provider its connections in the program. */
const wordsOfProvider: Words = {
  ...words,
  configure: (path, value) => `set ${path} to ${value} in the arguments of its provider`,
  configureText: (path, value) => `set ${path} to the text "${value}" in the arguments of its provider`,
  configureSecret: (path) => `set ${path} in the arguments of its provider, as a secret`,
  unset: (key) => `drop ${key} from the arguments of its provider`,
  unsetPath: (path) => `drop ${path} from the arguments of its provider`,
};

/** As the engine names default providers (IsDefaultProvider in resource/deploy/providers). */
function isDefault(urn: string): boolean {
  return /^default(_|$)/.test(nameOf(urn));
}

/** `PULUMI_CONFIG` of a plugin's process: the keys of its own namespace, in clear. */
function stackConfig({ PULUMI_CONFIG: text }: NodeJS.ProcessEnv): Record<string, string | undefined> {
  const config = parsed(text);
  if (typeof config !== "object" || config === null) return {};
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key.startsWith(prefix) ? key.slice(prefix.length) : key,
      value as string,
    ]),
  );
}

/** Arguments of a provider travel as JSON text, whatever they are. */
function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** What a provider takes. */
const takes = [
  "connections",
  "events",
  "expect",
  "guards",
  "override",
  "refreshBeforeUpdate",
  "traceparent",
] as const;

/** The schema says of each what it means. */
export type ProviderArgument = (typeof takes)[number];

function objections(given: Properties): Failure[] {
  const failures = Object.keys(given)
    // What the engine and the languages add themselves.
    .filter(
      (name) => !takes.some((each) => each === name) && !/^(__.*|version|pluginDownloadURL)$/.test(name),
    )
    .map((name) => ({
      property: "",
      reason: `${name} is no argument of the provider, which takes ${takes.join(", ")}`,
    }));
  const { connections } = given;
  if (connections === undefined || connections === unknown) return failures;
  const value = parsed(connections);
  if (isObject(value)) return failures;
  const reason = "must be an object: the name of each connection, and its settings";
  return [...failures, withoutValue({ property: "connections", reason }, given)];
}
