import { asArray, asString, isObject, withoutUndefined } from "../core/data/values.ts";

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
 * What is neither, and what stands beside, is shown as it came: what a node warns of must not be lost. Undefined for what says
 * nothing.
 */
export function readDescription(value: unknown): ErrorDescription | undefined {
  if (!isObject(value)) {
    const text = asString(Array.isArray(value) ? inJson(value) : value === true ? "true" : value);
    return text === undefined || text === "[]" ? undefined : { description: text, stacktrace: [] };
  }
  const { stacktrace, ...rest } = value;
  if (isObject(rest.error) && Object.keys(rest).every((name) => name === "error" || name === "success"))
    return readDescription(rest.error);
  const take = (fields: readonly string[]) => {
    const field = fields.find((name) => wordsOf(rest[name]) !== undefined);
    if (field === undefined) return undefined;
    const words = wordsOf(rest[field]);
    delete rest[field];
    return words;
  };
  const name = take(["name", "error"]);
  const described = take(["description", "errorDescription", "message"]);
  const beside = Object.fromEntries(
    Object.entries(rest).filter(([field, item]) => field !== "success" && isSaid(item)),
  );
  const said = name === undefined && described === undefined ? rest : beside;
  const more = Object.values(said).some(isSaid) ? inJson(said) : undefined;
  const description = [described, more].filter(Boolean).join(" ") || undefined;
  const frames = textsOf(stacktrace);
  if (name === undefined && description === undefined && frames.length === 0) return undefined;
  return withoutUndefined({ name, description, stacktrace: frames });
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

/** A text, also from a list of texts or from JSON of another kind. */
function wordsOf(value: unknown): string | undefined {
  if (!isSaid(value)) return undefined;
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value.join(" ");
  return typeof value === "object" ? inJson(value) : asString(value);
}

function isSaid(item: unknown): boolean {
  if (typeof item === "object" && item !== null) return Object.keys(item).length > 0;
  return item !== undefined && item !== null && item !== "";
}

function textsOf(list: unknown): string[] {
  return (Array.isArray(list) ? asArray(list) : [list]).flatMap((text) => asString(text) ?? []);
}

function inJson(value: unknown): string {
  return JSON.stringify(value);
}
