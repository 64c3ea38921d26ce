import { isDeepStrictEqual } from "node:util";
import { unknown } from "../../provider/index.ts";
import type { Properties } from "./codec.ts";

/** What is wrong with the arguments of a provider. */
interface Failure {
  property: string;
  reason: string;
}

/**
 * The settings of one provider: an explicit one's arguments, else the stack's configuration.
 *
 * The engine configures a provider for refresh and destroy from what the state has recorded of it. Stack configuration is therefore taken
 * from the environment of this process, which always has the present one, and none of it is recorded: no credential then stands in the
 * state, and a rotated one counts at once.
 */
export class Configuration {
  readonly #stack: Record<string, string | undefined>;
  #given: Properties = {};

  constructor(env: NodeJS.ProcessEnv = process.env) {
    this.#stack = stackConfig(env);
  }

  /** The arguments of an explicit provider, as the engine hands them on. */
  configure(given: Properties): void {
    this.#given = given;
  }

  /** Arguments without what only repeats the stack's configuration, and what is wrong with the rest. */
  check(given: Properties): { inputs: Properties; failures: Failure[] } {
    const own = Object.entries(given).filter(
      ([name, value]) => !isDeepStrictEqual(parsed(value), parsed(this.#stack[name])),
    );
    const inputs = Object.fromEntries(own);
    return { inputs, failures: objection(inputs.connections) };
  }

  /** A setting as JSON text, or as it stands, e.g. `clusterops:connections`. */
  readonly get = (key: string): string | undefined => {
    const name = key.replace(/^clusterops:/, "");
    const value = this.#given[name] ?? this.#stack[name];
    return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
  };
}

/** `PULUMI_CONFIG` of a plugin's process: the keys of its own namespace, in clear. */
function stackConfig({ PULUMI_CONFIG: text }: NodeJS.ProcessEnv): Record<string, string | undefined> {
  const config = parsed(text);
  if (typeof config !== "object" || config === null) return {};
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.replace(/^clusterops:/, ""), value as string]),
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

function objection(connections: unknown): Failure[] {
  if (connections === undefined || connections === unknown) return [];
  const value = parsed(connections);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return [];
  return [
    { property: "connections", reason: "must be an object: the name of each connection, and its settings" },
  ];
}
