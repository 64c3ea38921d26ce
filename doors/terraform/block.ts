import { mistakesIn, type Words } from "../../provider/index.ts";
import type { RawObject } from "./codec.ts";
import { Configuration } from "./configuration.ts";
import { type Diagnostic, errorAt } from "./diagnostics.ts";
import { schema } from "./schema.ts";

/** What is wrong with the provider's block, offline. What comes from a resource is judged once it is known. */
export function judgeBlock(config: RawObject | null, words: Words): Diagnostic[] {
  const block = new Configuration();
  block.configure(config);
  return mistakesIn(block.get, words).map((mistake) => errorAt(schema.provider, mistake));
}
