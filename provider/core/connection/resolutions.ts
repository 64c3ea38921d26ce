import { type ConfigSource, connectionsKey } from "./configured.ts";
import { variablesOf } from "./environment.ts";
import { proxyVariables } from "./proxies.ts";
import { resolveConnection } from "./resolve.ts";
import type { Connection, ResolvedConnection, System } from "./settings.ts";

/**
 * What connections mean: worked out once for all operations of a process, and anew as soon as anything says something else, be it
 * configuration, a variable or a file. One operation asks up to six times, and each time costs as much as a request over loopback.
 */
export class Resolutions {
  readonly #known = new Map<string, Known>();
  readonly #names = new Map<string, readonly string[]>();
  #text: string | undefined;

  /** @throws InputError as `resolveConnection`: what is wrong is looked at again each time */
  resolve(
    system: System,
    reference: string | Connection | undefined,
    config: ConfigSource,
    property = "connection",
  ): ResolvedConnection {
    const text = config(connectionsKey);
    // One at a time: what an earlier update recorded is of no more use once today's is known.
    if (text !== this.#text) this.#known.clear();
    this.#text = text;
    const isInline = typeof reference === "object";
    const variables = this.#variables(isInline ? undefined : (reference ?? system.name));
    const key = `${system.name} ${property} ${isInline ? JSON.stringify(reference) : (reference ?? "")}`;
    const known = this.#known.get(key);
    const { env } = process;
    if (known?.resolved.system === system && variables.every((name, at) => env[name] === known.said[at]))
      return known.resolved;
    const resolved = resolveConnection(system, reference, config, property);
    if (hasFiles(resolved)) this.#known.delete(key);
    else this.#known.set(key, { resolved, said: variables.map((name) => env[name]) });
    return resolved;
  }

  /** Names of the variables that matter. @param name undefined: of an inline connection */
  #variables(name = ""): readonly string[] {
    const known = this.#names.get(name) ?? [...(name === "" ? [] : variablesOf(name)), ...proxyVariables];
    this.#names.set(name, known);
    return known;
  }
}

/** What a connection means, as long as its variables say what they said. */
interface Known {
  resolved: ResolvedConnection;
  said: readonly (string | undefined)[];
}

/** Certificates and keys may be in files, where another one may be by the next operation, or none. */
function hasFiles({ tls: { ca, cert, key } }: ResolvedConnection): boolean {
  return [ca, cert, key].some((part) => part !== undefined);
}
