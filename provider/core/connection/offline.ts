import { type Words, worded } from "../data/advice.ts";
import { InputError } from "../data/errors.ts";
import type { Failure } from "../data/inputs.ts";
import { type ConfigSource, configuredEntry, configuredNames } from "./configured.ts";
import { resolveConnection } from "./resolve.ts";

/** A connection's settings are judged alike for every system. */
const any = { name: "connection", title: "any" };

/**
 * What is wrong with the connections of a configuration, as far as that can be told before anything uses them: forms, certificates, kinds
 * of credentials. One without an endpoint is none of it, since the environment may bring one later.
 */
export function mistakesIn(config: ConfigSource, words: Words): Failure[] {
  const found = () => {
    try {
      return configuredNames(config).flatMap((name) => mistakeIn(name, config));
    } catch (error) {
      return [failureOf(error)];
    }
  };
  return found().map(({ property, reason }) => ({ property, reason: worded(reason, words) }));
}

function mistakeIn(name: string, config: ConfigSource): Failure[] {
  try {
    const { endpoint, endpoints } = configuredEntry(name, config);
    if (endpoint === undefined && endpoints === undefined) return [];
    resolveConnection(any, name, config);
    return [];
  } catch (error) {
    return [failureOf(error)];
  }
}

function failureOf(error: unknown): Failure {
  if (!(error instanceof InputError)) throw error;
  return { property: error.property.replace(/^clusterops:/, ""), reason: error.message };
}
