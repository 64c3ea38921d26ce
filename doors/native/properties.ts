import { type Memory, type Recorded, recordedIn } from "../../provider/index.ts";
import { earlyKey, isCompanion } from "../shared/companions.ts";
import { memoryKey } from "../shared/update.ts";
import type { Properties } from "./codec.ts";

/*
 * Names of properties at the engine and in the lifecycle. What the engine sees of a run's `before` is hidden in the dynamic door, whose
 * records this door reads, and the other way round.
 */

const beforeKey = "__before";
/** What only the dynamic door needs. */
const dynamicKeys = ["__provider", "__urn", "__preview", earlyKey, "__options"];

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

/** Programs in some languages send a null for each setting of a connection that they do not set. Elsewhere it is a value like others. */
export function withoutNulls(news: Properties, settings: readonly string[]): Properties {
  const names = propertiesAt(settings);
  return Object.fromEntries(
    Object.entries(news).map(([name, value]) => [name, names.has(name) ? without(value) : value]),
  );
}

/** The properties in which paths such as `nodes[1]` begin. */
export function propertiesAt(paths: readonly string[]): ReadonlySet<string> {
  return new Set(paths.map((path) => /^\w+/.exec(path)?.[0] ?? ""));
}

function without(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(without);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === null ? [] : [[key, without(item)]])),
  );
}
