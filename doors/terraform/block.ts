import { guardMistakesIn, mistakesIn, type Words } from "../../provider/index.ts";
import type { RawObject } from "./codec.ts";
import { Configuration } from "./configuration.ts";
import { type Diagnostic, errorAt } from "./diagnostics.ts";
import { schema } from "./schema.ts";

/** What is wrong with the provider's block, offline. What comes from a resource is judged once it is known. */
export async function judgeBlock(config: RawObject | null, words: Words): Promise<Diagnostic[]> {
  const block = new Configuration();
  block.configure(config);
  const connections = mistakesIn(block.get, words);
  // Names of connections mean nothing while those are wrong.
  const mistakes = connections.length > 0 ? connections : await guardMistakesIn(block.get, words);
  return mistakes.map((mistake) => errorAt(schema.provider, mistake));
}
