import { type Memory, type Recorded, recordedIn, unknown } from "../../provider/index.ts";
import { isCompanion } from "../shared/companions.ts";
import { engineUnknown } from "../shared/engine-unknown.ts";
import { memoryKey } from "../shared/update.ts";
import { optionsKey } from "./resource-options.ts";

export type Properties = Record<string, unknown>;

/*
 * Properties as Pulumi's dynamic host has them, and as the lifecycle has them.
 */

export function recorded(props: Properties): Recorded {
  const { [memoryKey]: memory, ...rest } = plain(props);
  return recordedIn(rest, memory);
}

export function properties({ outputs, memory }: { outputs: Properties; memory?: Memory }): Properties {
  return toEngine({ ...outputs, ...(memory && { [memoryKey]: memory }) });
}

export function urnOf({ __urn }: Properties): string {
  return typeof __urn === "string" && __urn !== engineUnknown ? __urn : "";
}

/** The host's and this door's own keys, which go back as they came. */
export function kept({ __provider, __urn, [optionsKey]: options }: Properties): Properties {
  return {
    __provider,
    ...(__urn !== undefined && { __urn }),
    ...(options !== undefined && { [optionsKey]: options }),
  };
}

/** What the lifecycle is to see: without the doors' keys, unknown values marked its way. */
export function plain(properties: Properties): Properties {
  const { __provider: _text, __urn: _urn, __preview: _preview, [optionsKey]: _options, ...rest } = properties;
  return mapValues(rest, (value) => (value === engineUnknown ? unknown : value)) as Properties;
}

/** What the engine can take: unknown values marked its way; no undefined, which makes a failed `up` hang; and else what JSON can say. */
export function toEngine(properties: Properties): Properties {
  return inJson(properties) as Properties;
}

function inJson(value: unknown): unknown {
  if (value === unknown) return engineUnknown;
  if (Array.isArray(value)) return value.map((item) => inJson(item) ?? null);
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : null;
  if (typeof value !== "object" || value === null)
    return typeof value === "string" || typeof value === "boolean" || value === null ? value : undefined;
  const said = Object.entries(value).filter((entry) => {
    entry[1] = inJson(entry[1]);
    return entry[1] !== undefined;
  });
  return Object.fromEntries(said);
}

function mapValues(value: unknown, change: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapValues(item, change));
  if (typeof value !== "object" || value === null) return change(value);
  const entries = Object.entries(value);
  for (const entry of entries) entry[1] = mapValues(entry[1], change);
  return Object.fromEntries(entries);
}

/**
 * Recorded by another door, the native plugin: what this one needs to find its way back is not on record yet. One update puts it there, and
 * sends nothing where nothing else has changed.
 */
export function isFromElsewhere({ __provider: text }: Properties): boolean {
  return text === undefined;
}

/** What was recorded, in this door's names: the native one shows what a run has in `__before` here. */
export function inOwnNames(type: string, olds: Properties): Properties {
  if (isCompanion(type)) return olds;
  const { before, ...rest } = olds;
  return before === undefined ? rest : { ...rest, __before: before };
}
