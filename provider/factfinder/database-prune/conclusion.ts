import { ClusteropsError, Refusal } from "../../core/data/errors.ts";
import type { Scope } from "../../core/work/scope.ts";
import { judgeRise, type PruneAnswer, type PruneMark, readImports } from "./evidence.ts";
import type { DatabasePruneInputs, DatabasePruneOutputs } from "./inputs.ts";
import type { Versioned } from "./state.ts";

/** What was there before the request, and how that went. */
export type PruneHandle = PruneMark & {
  /** Until when (milliseconds since the epoch) the request may yet take effect: it was accepted, or no answer came. */
  mayComeUntil?: number;
  /** Absent: it was lost, or not seen. */
  answer?: PruneAnswer;
};

/**
 * What a risen version means.
 *
 * @returns undefined where the rise is certainly another's
 * @throws ClusteropsError where it may be another's: then nothing more is sent for this intent
 */
export async function conclude(
  scope: Scope,
  { channel, ifDatabaseVersion }: DatabasePruneInputs,
  { answer = "lost", ...before }: PruneHandle,
  now: Versioned,
): Promise<DatabasePruneOutputs | undefined> {
  const { databaseVersion, from } = now;
  const imports = await readImports(scope, channel);
  const evidence = judgeRise(before, { databaseVersion, from, imports }, answer);
  if (evidence.kind === "absent") return undefined;
  const rise = `the databaseVersion rose from ${before.databaseVersion} to ${databaseVersion}`;
  if (evidence.kind === "landed" && evidence.doubt)
    scope.warn(`channel ${channel}: the prune counts as done, since ${rise}; ${evidence.doubt}`);
  if (evidence.kind === "open") {
    if (!isPast(now, ifDatabaseVersion))
      throw new ClusteropsError(
        `whether it was pruned cannot be told: ${rise}, but ${evidence.why}, and an import raises it too. No prune is sent for this any more: change triggers to prune, or set ifDatabaseVersion: ${before.databaseVersion} to count it as done`,
      );
    scope.warn(
      `channel ${channel}: counts as done, since databaseVersion ${databaseVersion} is past ifDatabaseVersion ${ifDatabaseVersion}; but ${evidence.why}, so it may not be the prune that raised it`,
    );
  }
  return outputs(before.databaseVersion, now);
}

/** @throws Refusal when the version that `ifDatabaseVersion` names is yet to come */
export function isPast({ databaseVersion }: Versioned, ifDatabaseVersion: number | undefined): boolean {
  if (ifDatabaseVersion === undefined) return false;
  if (databaseVersion >= ifDatabaseVersion) return databaseVersion > ifDatabaseVersion;
  throw new Refusal(
    "ifDatabaseVersion",
    `the director's databaseVersion is ${databaseVersion}, below ifDatabaseVersion ${ifDatabaseVersion}; nothing was sent`,
  );
}

export function outputs(before: number, { databaseVersion, deltaVersion }: Versioned): DatabasePruneOutputs {
  return { databaseVersionBefore: before, databaseVersion, deltaVersion };
}
