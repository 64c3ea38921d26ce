import { ClusteropsError, Refusal } from "../../core/data/errors.ts";
import type { Scope } from "../../core/work/scope.ts";
import { judgeRise, type PruneAnswer, type PruneMark, readElsewhere, readImports } from "./evidence.ts";
import type { DatabasePruneInputs, DatabasePruneOutputs } from "./inputs.ts";
import { ledgerOf, unexplained } from "./ledger.ts";
import type { Versioned } from "./state.ts";

/** What was there before the request, and how that went. */
export type PruneHandle = PruneMark & {
  /** Until when (milliseconds since the epoch) the request may yet take effect, as version 0.1.0 recorded it. */
  mayComeUntil?: number;
  /** Absent: it was lost, or not seen. */
  answer?: PruneAnswer;
};

/**
 * What a risen version means.
 *
 * @param isPresumed that a request was sent at all is only presumed, from what a companion recorded ahead of a run
 * @returns undefined where the rise is certainly another's
 * @throws ClusteropsError where it may be another's: then nothing more is sent for this intent
 */
export async function conclude(
  scope: Scope,
  { channel, ifDatabaseVersion }: DatabasePruneInputs,
  { answer = "lost", ...before }: PruneHandle,
  now: Versioned,
  { isPresumed = false } = {},
): Promise<DatabasePruneOutputs | undefined> {
  const { databaseVersion, from } = now;
  const ledger = ledgerOf(scope.http, channel);
  if (unexplained(ledger, before.databaseVersion, databaseVersion) <= 0) return undefined;
  const imports = await readImports(scope, channel, from === undefined ? {} : { endpoint: from });
  const evidence = judgeRise(before, { databaseVersion, from, imports }, answer);
  if ("absent" in evidence) return undefined;
  const rise = `the databaseVersion rose from ${before.databaseVersion} to ${databaseVersion}`;
  if ("open" in evidence) {
    if (!isPast(now, ifDatabaseVersion))
      throw new ClusteropsError(
        cannotBeTold(`${rise}, but ${evidence.open}, and an import raises it too`, before),
      );
    scope.warn(
      `channel ${channel}: counts as done, since databaseVersion ${databaseVersion} is past ifDatabaseVersion ${ifDatabaseVersion}; but ${evidence.open}, so it may not be the prune that raised it`,
    );
  } else if (isPresumed) {
    const { doubt } = evidence.landed;
    scope.warn(`channel ${channel}: ${earlierRun(before, databaseVersion)}${doubt ? `; ${doubt}` : ""}`);
  } else if (evidence.landed.doubt) {
    scope.warn(`channel ${channel}: the prune counts as done, since ${rise}; ${evidence.landed.doubt}`);
  }
  ledger.push({ from: before.databaseVersion, to: databaseVersion });
  return outputs(before.databaseVersion, now);
}

/** Why nothing more is sent for an intent, and the two ways out. */
export function cannotBeTold(why: string, { databaseVersion }: PruneMark): string {
  return `whether it was pruned cannot be told: ${why}. No prune is sent for this any more: change triggers to prune, or set ifDatabaseVersion: ${databaseVersion} to count it as done`;
}

/** What an operation is going to say of a version that has risen since a companion looked, if it has. */
export async function foreseeEarlier(
  scope: Scope,
  channel: string,
  before: PruneMark,
  { databaseVersion, from }: Versioned,
): Promise<string | undefined> {
  const untold = (why: string) =>
    `channel ${channel}: whether an earlier run has pruned cannot be told (${why}): nothing will be sent; change triggers to prune`;
  const elsewhere = readElsewhere(before, { from });
  if (elsewhere !== undefined && databaseVersion <= before.databaseVersion)
    return untold(`the databaseVersion ${before.databaseVersion} is from before, and ${elsewhere}`);
  if (unexplained(ledgerOf(scope.http, channel), before.databaseVersion, databaseVersion) <= 0)
    return undefined;
  const imports = await readImports(scope, channel);
  const evidence = judgeRise(before, { databaseVersion, from, imports }, "lost");
  if ("landed" in evidence) return `channel ${channel}: ${earlierRun(before, databaseVersion)}`;
  if ("absent" in evidence) return undefined;
  return untold(
    `the databaseVersion rose from ${before.databaseVersion} to ${databaseVersion}, but ${evidence.open}`,
  );
}

/** Which earlier run counts, as far as that is known, and what to do where it should not. */
function earlierRun({ databaseVersion, at }: PruneMark, now: number): string {
  const since = at === undefined ? "" : `${new Date(at).toISOString()}, when `;
  return `counts as done by an earlier run: the databaseVersion rose from ${databaseVersion} to ${now} since ${since}it was recorded ahead of the prune; change triggers to prune again`;
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
