import type { ConfigSource } from "../connection/configured.ts";
import { type Words, worded } from "../data/advice.ts";
import { InputError } from "../data/errors.ts";
import type { Failure } from "../data/inputs.ts";
import { guardsIn } from "./configured.ts";
import { overrideIn } from "./override.ts";

/** What is wrong with guards and with the reason to override them, offline: without the namespace of stack configuration. */
export async function guardMistakesIn(config: ConfigSource, words: Words): Promise<Failure[]> {
  const found = await Promise.all([
    mistakeIn(() => guardsIn(config)),
    mistakeIn(async () => overrideIn(config)),
  ]);
  return found.flat().map(({ property, reason }) => ({ property, reason: worded(reason, words) }));
}

async function mistakeIn(read: () => Promise<unknown>): Promise<Failure[]> {
  try {
    await read();
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return [{ property: error.property.replace(/^clusterops:/, ""), reason: error.message }];
  }
}
