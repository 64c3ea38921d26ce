import { advice } from "../data/advice.ts";
import { InputError } from "../data/errors.ts";
import { asObject, isObject } from "../data/values.ts";
import { parseExactly } from "./exact.ts";

/** Stack configuration as a door hands it in. */
export interface ConfigSource {
  /** `clusterops:connections` is JSON text, secrets in clear. */
  (key: string): string | undefined;
  /** All keys that there are, those of other namespaces among them: where a mistake may stand. */
  keys?(): readonly string[];
  /** What the stack itself says, where a provider's own connections stand in place of its: its guards hold what these lead to. */
  readonly stack?: ConfigSource | undefined;
}

export const connectionsKey = "clusterops:connections";

/** What was read last: each operation asks several times, and always of the same text. */
let last: { text: string; value: unknown } | undefined;

/** All of `clusterops:connections`; nobody changes it. @throws InputError where it is no object */
function configuredConnections(config: ConfigSource): Readonly<Record<string, unknown>> {
  const text = config(connectionsKey);
  if (!text) return {};
  if (last?.text !== text) last = { text, value: parsedSetting(text) };
  const { value } = last;
  if (isObject(value)) return value;
  throw new InputError(
    connectionsKey,
    `is not an object with one entry per connection: ${advice.unset(connectionsKey)}, then ${advice.configure("connections.<name>.endpoints[0]", "https://...")}`,
  );
}

/** One entry. @throws InputError where there is something else, such as its endpoint */
export function configuredEntry(name: string, config: ConfigSource): Record<string, unknown> {
  const all = configuredConnections(config);
  // `constructor` is no entry.
  const entry = Object.hasOwn(all, name) ? all[name] : undefined;
  if (entry === undefined || entry === null || isObject(entry)) return asObject(entry);
  const path = pathOf(name);
  const kind = Array.isArray(entry) ? "a list" : `a ${typeof entry === "string" ? "text" : typeof entry}`;
  throw new InputError(
    `clusterops:${path}`,
    `is ${kind}, and has to be an object with endpoints: ${advice.unsetPath(path)}, then ${advice.configure(`${path}.endpoints[0]`, "https://...")}`,
  );
}

/** The names of all connections in stack config. */
export function configuredNames(config: ConfigSource): string[] {
  return Object.keys(configuredConnections(config));
}

/** Where an entry stands, as Pulumi writes paths. */
export function pathOf(name: string, within = "connections"): string {
  return /^[\w-]+$/.test(name) ? `${within}.${name}` : `${within}[${JSON.stringify(name)}]`;
}

/** A setting that is an object travels as JSON text; one that is not, is what it says. */
export function parsedSetting(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return text;
  }
}
