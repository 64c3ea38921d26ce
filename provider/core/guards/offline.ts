import type { ConfigSource } from "../connection/configured.ts";
import { mistakeOf } from "../connection/offline.ts";
import type { Words } from "../data/advice.ts";
import type { Failure } from "../data/inputs.ts";
import { guardsIn } from "./configured.ts";
import { overrideIn } from "./override.ts";

/** What is wrong with guards and with the reason to override them, offline. */
export async function guardMistakesIn(config: ConfigSource, words: Words): Promise<Failure[]> {
  const read = [() => guardsIn(config), async () => overrideIn(config)];
  const results = await Promise.allSettled(read.map((each) => each()));
  return results.flatMap((result) => (result.status === "rejected" ? [mistakeOf(result.reason, words)] : []));
}
