import { asArray, asString, isObject, type Json, withoutUndefined } from "../core/values.ts";

/** What went wrong, or nearly: the vendor's `ErrorDescription`, of which only `name` is documented as always there. */
export interface ErrorDescription {
  /** E.g. `FieldConstraintException`. */
  name?: string;
  /** E.g. `Unique value already exists: ArticleNumber=1234`. */
  description?: string;
  /** With `verbose` only. */
  stacktrace: string[];
}

/** Lines of a stack trace that are shown. */
const shownFrames = 3;
const longest = 300;

/** All of a list; of anything else as many as there are in it: none, or one. */
export function readDescriptions(value: unknown): ErrorDescription[] {
  return [value].flat(2).flatMap((item) => readDescription(item) ?? []);
}

/**
 * An ErrorDescription or an ApiError (`error` and `errorDescription` in place of `name` and `description`), or a plain text.
 * What is neither is shown as it came: what a node warns of must not be lost. Undefined for what says nothing.
 */
export function readDescription(value: unknown): ErrorDescription | undefined {
  if (!isObject(value)) {
    const text = asString(Array.isArray(value) ? inJson(value) : value === true ? "true" : value);
    return text === undefined || text === "[]" ? undefined : { description: text, stacktrace: [] };
  }
  if (isObject(value.error)) return readDescription(value.error);
  const { stacktrace, ...rest } = value;
  const name = asString(value.name) ?? asString(value.error);
  const description =
    asString(value.description) ?? asString(value.errorDescription) ?? asString(value.message);
  if (name === undefined && description === undefined) return fromUnknown(rest, stacktrace);
  return withoutUndefined({ name, description, stacktrace: textsOf(stacktrace) });
}

/** `FieldConstraintException: Unique value already exists (at a.B(C.java:1) ...)`. The stack is there with `verbose` only. */
export function inWords({ name, description, stacktrace }: ErrorDescription): string {
  const what = [name, description].filter(Boolean).join(": ") || "no reason given";
  const trace = stacktrace.slice(0, shownFrames).join(" ");
  return `${cut(what)}${trace ? ` (${cut(trace)})` : ""}`;
}

/** On one line, and not more than fits there. */
export function cut(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > longest ? `${line.slice(0, longest - 3)}...` : line;
}

function fromUnknown(rest: Json, stacktrace: unknown): ErrorDescription | undefined {
  const said = Object.values(rest).some((item) => item !== null && item !== "");
  const frames = textsOf(stacktrace);
  if (!said && frames.length === 0) return undefined;
  return withoutUndefined({ description: said ? inJson(rest) : undefined, stacktrace: frames });
}

function textsOf(list: unknown): string[] {
  return (Array.isArray(list) ? asArray(list) : [list]).flatMap((text) => asString(text) ?? []);
}

function inJson(value: unknown): string {
  return JSON.stringify(value);
}
