import { unknown } from "../../provider/index.ts";
import { optionsKey } from "./resource-options.ts";

type Properties = Record<string, unknown>;

/** How the engine writes, in a preview, a value that is not known yet. */
export const engineUnknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

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

/** What the engine can take: unknown values marked its way; no undefined, which makes a failed `up` hang. */
export function toEngine(properties: Properties): Properties {
  return JSON.parse(
    JSON.stringify(mapValues(properties, (value) => (value === unknown ? engineUnknown : value))),
  );
}

function mapValues(value: unknown, change: (leaf: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapValues(item, change));
  if (typeof value !== "object" || value === null) return change(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapValues(item, change)]));
}
