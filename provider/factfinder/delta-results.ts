import { ClusteropsError } from "../core/data/errors.ts";
import { asBoolean, isObject, type Json } from "../core/data/values.ts";
import { ownFailure, saysNo } from "../core/http/failure-within.ts";
import {
  cut,
  type ErrorDescription,
  inWords,
  readDescription,
  readDescriptions,
} from "./error-description.ts";

/** What became of one delta update. */
export interface DeltaUpdateResult {
  success: boolean;
  /** The update as it was sent in. With `verbose` only. */
  record?: unknown;
  /** What the node minds although the update was applied, or beside why it was not. */
  warnings: ErrorDescription[];
  error?: ErrorDescription;
}

/** So many are spelled out; the rest is counted. */
const shown = 3;

/**
 * The results of a sync: only `success` is documented as always there. One may come without its list, and a list inside another or
 * under a name: none may be lost. Words in place of a result are shown; they are a failure where they sound like one.
 */
export function readResults(body: unknown): DeltaUpdateResult[] {
  if (Array.isArray(body)) return body.flatMap(readResults);
  if (isObject(body)) {
    if (isResult(body)) return [readResult(body)];
    return Object.values(body).filter(Array.isArray).flatMap(readResults);
  }
  const words = readDescription(body);
  if (!words || typeof body !== "string") return [];
  return /exception|error|fail|denied|refused|forbidden|not\b/i.test(body)
    ? [{ success: false, warnings: [], error: words }]
    : [];
}

/**
 * A sync answers 200 also when delta updates failed: each has a result of its own.
 *
 * @param verbose whether records and stack traces were asked for; undefined where the call cannot be asked for them
 * @throws ClusteropsError naming the first ones that failed, with record and stack trace where `verbose` brought them
 */
export function requireSuccess(
  results: readonly DeltaUpdateResult[],
  { verbose }: { verbose?: boolean },
): void {
  const failed = results.flatMap((result, index) => (result.success ? [] : describe(result, index)));
  if (failed.length === 0) return;
  const hint = verbose === false ? "; verbose: true shows the records" : "";
  throw new ClusteropsError(
    `${failed.length} of ${results.length} delta updates failed: ${first(failed)}${hint}`,
  );
}

/** The warnings of all results in one line, each text once, or undefined when there are none. */
export function warningsOf(results: readonly DeltaUpdateResult[]): string | undefined {
  const all = results.flatMap(({ warnings }) => warnings.map(inWords));
  return all.length === 0 ? undefined : first([...new Set(all)]);
}

function isResult(item: unknown): item is Json {
  return (
    isObject(item) &&
    Object.keys(item).some((name) => /^(success|warnings|error|errors|errorMessages)$/i.test(name))
  );
}

function readResult(result: Json): DeltaUpdateResult {
  const { success, record, warnings, ...rest } = result;
  const reason = readReason(rest);
  return {
    success: !saysNo(success) && (asBoolean(success) ?? !reason),
    record,
    warnings: readDescriptions(warnings),
    error: reason,
  };
}

/** `errors` and `errorMessages` are an import's words, which a reload may answer with. */
function readReason({ error, ...rest }: Json): ErrorDescription | undefined {
  const own = readDescription(error) ?? (isObject(error) ? { stacktrace: [] } : undefined);
  if (own) return own;
  const failure = ownFailure(rest);
  return failure === undefined ? undefined : (readDescription(failure) ?? { stacktrace: [] });
}

function describe({ record, error }: DeltaUpdateResult, index: number): string {
  const what = record === undefined ? `update ${index + 1}` : `record ${cut(JSON.stringify(record))}`;
  return `${what}: ${error ? inWords(error) : "no reason given"}`;
}

function first(texts: string[]): string {
  const rest = texts.length > shown ? [`${texts.length - shown} more`] : [];
  return [...texts.slice(0, shown), ...rest].join("; ");
}
