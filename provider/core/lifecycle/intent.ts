import { hash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { defaultsOf } from "../data/inputs.ts";
import type { Session } from "../work/installation.ts";
import type { Properties } from "./resource.ts";

/*
 * Write-ahead intent. A process killed between a run's request and the writing of state leaves nothing in state, and a job
 * that has ended by the next `up` looks like any older one. So what was there before is read, and recorded in state by a
 * companion resource, before the run begins: whatever came after it is ours.
 */

/** The run's hidden input that carries its companion's record. */
export const beforeKey = "__before";

/** What was there before a run. */
export interface IntentRecord {
  /** Which intent it was read for: a record of an earlier one proves nothing about this one. */
  intent: string;
  /** What the system showed, e.g. `{ taskBefore: "38c7..." }`. */
  seen: Record<string, unknown>;
}

/**
 * Names one intent: the same inputs and triggers give the same name. What an input is by default does not count, so that a record
 * made before there was that input still names the same intent.
 *
 * @param type of the run, e.g. `NodeAction`
 */
export function intentOf(type: string, inputs: Properties, noRerunOn: ReadonlySet<string>): string {
  const defaults = defaultsOf(`${type}Inputs`);
  const isSaid = ([key, value]: [string, unknown]) =>
    !noRerunOn.has(key) &&
    !key.startsWith("__") &&
    value !== undefined &&
    !isDeepStrictEqual(value, defaults[key]);
  const what = Object.entries(inputs)
    .filter(isSaid)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return digest(what);
}

/** Names one record. Not as JSON: an engine may hand it out with its keys in another order. */
export function nameOf(record: IntentRecord): string {
  return digest(record);
}

function digest(value: unknown): string {
  return hash("sha256", JSON.stringify(value, sortKeys)).slice(0, 16);
}

/** The records that companions have made in this process, and that no run has begun with yet. */
export function unusedRecords(session: Session): Set<string> {
  return session.note("records of what was there before a run", () => new Set());
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The companion's record, if it looked for this very intent. */
export function recordIn(inputs: Properties, intent: string): IntentRecord | undefined {
  const before = inputs[beforeKey] as IntentRecord | undefined;
  return before?.intent === intent ? before : undefined;
}
