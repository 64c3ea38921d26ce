import { ClusteropsError } from "../core/errors.ts";
import type { DeltaUpdateResult } from "./client.ts";

/** So many are spelled out; the rest is counted. */
const shown = 3;

/**
 * A sync answers 200 also when delta updates failed: each has a result of its own.
 *
 * @throws ClusteropsError naming the first ones that failed, with record and stack trace where `verbose` brought them
 */
export function requireSuccess(
  results: readonly DeltaUpdateResult[],
  { verbose }: { verbose: boolean },
): void {
  const failed = results.flatMap((result, index) => (result.success ? [] : describe(result, index)));
  if (failed.length === 0) return;
  const rest = failed.length > shown ? [`${failed.length - shown} more`] : [];
  const hint = verbose ? "" : "; verbose: true shows the records";
  throw new ClusteropsError(
    `${failed.length} of ${results.length} delta updates failed: ${[...failed.slice(0, shown), ...rest].join("; ")}${hint}`,
  );
}

/** The warnings of all results in one line, or undefined when there are none. */
export function warningsOf(results: readonly DeltaUpdateResult[]): string | undefined {
  const all = results.flatMap(({ warnings }) => warnings);
  if (all.length === 0) return undefined;
  const rest = all.length > shown ? [`${all.length - shown} more`] : [];
  return [...all.slice(0, shown), ...rest].join("; ");
}

function describe({ record, error }: DeltaUpdateResult, index: number): string {
  const what = record === undefined ? `update ${index + 1}` : `record ${cut(JSON.stringify(record), 300)}`;
  const why = [error?.name, error?.description].filter(Boolean).join(": ") || "no reason given";
  const trace = error?.stacktrace.slice(0, shown).join(" ");
  return `${what}: ${why}${trace ? ` (${cut(trace, 300)})` : ""}`;
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 3)}...` : text;
}
