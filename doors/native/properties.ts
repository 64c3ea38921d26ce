import { type Memory, type Recorded, recordedIn } from "../../provider/index.ts";
import { isCompanion, memoryKey } from "../shared/update.ts";
import type { Properties } from "./codec.ts";

/*
 * Names of properties at the engine and in the lifecycle. What the engine sees of a run's `before` is hidden in the dynamic door, whose
 * records this door reads, and the other way round.
 */

const beforeKey = "__before";
/** What only the dynamic door needs. */
const dynamicKeys = ["__provider", "__urn", "__preview", "__early", "__options"];

/** What the lifecycle is to see. */
export function inner(type: string, properties: Properties): Properties {
  const { before, [memoryKey]: _memory, ...rest } = properties;
  for (const key of dynamicKeys) delete rest[key];
  if (before !== undefined) rest[isCompanion(type) ? "before" : beforeKey] = before;
  return rest;
}

/** What the engine is to record. */
export function outer(type: string, properties: Properties): Properties {
  const { [beforeKey]: before, ...rest } = properties;
  return isCompanion(type) || before === undefined ? rest : { ...rest, before };
}

/** The same of what is on record, with what was remembered. */
export function recorded(type: string, properties: Properties): Recorded {
  return recordedIn(inner(type, properties), properties[memoryKey]);
}

export function recordedMemory(memory: Memory | undefined): Properties {
  return memory ? { [memoryKey]: memory } : {};
}
