import type { Memory } from "../../provider/index.ts";
import type { Properties } from "./codec.ts";

/*
 * Names of properties at the engine and in the lifecycle. What the engine sees of a run's `before` is hidden in the dynamic door, whose
 * records this door reads, and the other way round.
 */

/** Memory stands among the properties, as in the dynamic door. Keys with two underscores stay out of the CLI's display. */
const memoryKey = "__memory";
const beforeKey = "__before";
/** What only the dynamic door needs. */
const dynamicKeys = ["__provider", "__urn", "__preview", "__early", "__options"];

/** What the lifecycle is to see. @param how `isRecorded`: with what was remembered */
export function inner(type: string, properties: Properties, { isRecorded = false } = {}): Properties {
  const { before, [memoryKey]: memory, ...rest } = properties;
  for (const key of dynamicKeys) delete rest[key];
  if (isRecorded && memory !== undefined) rest[memoryKey] = memory;
  if (before !== undefined) rest[isCompanion(type) ? "before" : beforeKey] = before;
  return rest;
}

/** What the engine is to record. */
export function outer(type: string, properties: Properties): Properties {
  const { [beforeKey]: before, ...rest } = properties;
  return isCompanion(type) || before === undefined ? rest : { ...rest, before };
}

export function recordedMemory(memory: Memory | undefined): Properties {
  return memory ? { [memoryKey]: memory } : {};
}

function isCompanion(type: string): boolean {
  return type.endsWith("Intent");
}
