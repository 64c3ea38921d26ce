import { ClusteropsError } from "./errors.ts";

/**
 * Lenient readers for what vendors answer: numbers come as strings, fields are missing, shapes differ between versions.
 * Each takes anything and never throws.
 */

/** A JSON object, as a dictionary without a prototype's keys. */
export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object, or an empty one. */
export function asObject(value: unknown): Json {
  return isObject(value) ? value : {};
}

/** The array, or an empty one. */
export function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A number, also from `"40"` and `"40.0"`. One too large to be told from the next (1e308) is no count, version or id. */
export function asNumber(value: unknown): number | undefined {
  if (typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value.trim())) return asNumber(Number(value));
  return typeof value === "number" && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : undefined;
}

/** A non-empty string, also from a number. */
export function asString(value: unknown): string | undefined {
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function asBoolean(value: unknown): boolean | undefined {
  if (value === "true" || value === "false") return value === "true";
  return typeof value === "boolean" ? value : undefined;
}

/** Without the keys whose value is undefined: the engine's wire format has no undefined (in an unfinished resource it makes `up` hang). */
export function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}

/** The same plain data with each text changed; names of fields stay. */
export function mapTexts<T>(value: T, change: (text: string) => string): T {
  if (typeof value === "string") return change(value) as T;
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change)) as T;
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)])) as T;
}

/** What JSON text says. Undefined: it is none. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Percent-encoded text decoded, and as it is where it is none. */
export function decodedLoosely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A part of an import id: names may hold anything, so that they are percent-encoded there. @throws ClusteropsError */
export function decodedPart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new ClusteropsError(`${JSON.stringify(part)} is not percent-encoded as it should be`);
  }
}
