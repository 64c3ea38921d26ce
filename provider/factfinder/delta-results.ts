import { ClusteropsError } from "../core/errors.ts";
import { asBoolean, isObject, type Json } from "../core/values.ts";
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

/** The results of a sync: only `success` is documented as always there, and one may come without its list. */
export function readResults(body: unknown): DeltaUpdateResult[] {
  return [body].flat().filter(isResult).map(readResult);
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
  return isObject(item) && ["success", "error", "warnings"].some((name) => name in item);
}

function readResult({ success, record, warnings, error }: Json): DeltaUpdateResult {
  const reason = readDescription(error) ?? (isObject(error) ? { stacktrace: [] } : undefined);
  return {
    success: asBoolean(success) ?? !reason,
    record,
    warnings: readDescriptions(warnings),
    error: reason,
  };
}

function describe({ record, error }: DeltaUpdateResult, index: number): string {
  const what = record === undefined ? `update ${index + 1}` : `record ${cut(JSON.stringify(record))}`;
  return `${what}: ${error ? inWords(error) : "no reason given"}`;
}

function first(texts: string[]): string {
  const rest = texts.length > shown ? [`${texts.length - shown} more`] : [];
  return [...texts.slice(0, shown), ...rest].join("; ");
}
