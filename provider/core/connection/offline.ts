import { type Words, worded } from "../data/advice.ts";
import { InputError } from "../data/errors.ts";
import type { Failure } from "../data/inputs.ts";
import { type ConfigSource, configuredEntry, configuredNames } from "./configured.ts";
import { checkEntry, resolveConnection } from "./resolve.ts";

/** A connection's settings are judged alike for every system. */
const any = { name: "connection", title: "any" };

/**
 * What is wrong with the connections of a configuration, as far as that can be told before anything uses them: forms, certificates, kinds
 * of credentials. One without an endpoint is none of it, since the environment may bring one later.
 */
export function mistakesIn(config: ConfigSource, words: Words): Failure[] {
  return collect(words, () =>
    configuredNames(config).flatMap((name) =>
      collect(words, () => {
        const { endpoint, endpoints } = configuredEntry(name, config);
        if (endpoint === undefined && endpoints === undefined) checkEntry(name, config);
        else resolveConnection(any, name, config);
        return [];
      }),
    ),
  );
}

function collect(words: Words, work: () => Failure[]): Failure[] {
  try {
    return work();
  } catch (error) {
    return [mistakeOf(error, words)];
  }
}

/** What is wrong with a setting, in a door's words and without the namespace of stack configuration. @throws the error itself where it is none */
export function mistakeOf(error: unknown, words: Words): Failure {
  if (!(error instanceof InputError)) throw error;
  return { property: error.property.replace(/^clusterops:/, ""), reason: worded(error.message, words) };
}
