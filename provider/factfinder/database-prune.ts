import { intentResource } from "../core/companion.ts";
import { ClusteropsError, messageOf, Refusal, RequestError, reworded } from "../core/errors.ts";
import type { Before } from "../core/intent.ts";
import { withLock } from "../core/lock.ts";
import { once } from "../core/once.ts";
import type { Forecast } from "../core/resource.ts";
import { type RunInputs, runResource } from "../core/run.ts";
import type { Scope } from "../core/scope.ts";
import { pruneDatabase } from "./client.ts";
import { blaming, forPreview } from "./preview.ts";
import { judgeRise, type PruneMark, readImports } from "./prune-evidence.ts";
import { type Explained, readMark, readVersion, type Versioned, waitForRise } from "./prune-state.ts";
import { factfinder, labelOf } from "./system.ts";

/**
 * Prunes a channel's delta updates, once: the delta updates table is deleted and the databaseVersion rises, after which every
 * worker has to reload once. Changes that are already in the intermediate database stay. `connection` is the director.
 *
 * Done means that the databaseVersion has risen and no import has ended meanwhile, since an import raises it too (one that has
 * raised it already and still runs cannot be told). Where one has, and the prune's own answer was lost, nothing tells whether it was carried out: the run stays unfinished and sends nothing more
 * until `triggers` change (prune again) or `ifDatabaseVersion` says that the risen version will do.
 * https://docs.fact-finder.com/api-reference/cluster
 */
export interface DatabasePruneInputs extends RunInputs {
  /** The channel's name. @minLength 1 */
  channel: string;
  /**
   * Prune only while the databaseVersion is this one. A higher one counts as done, whatever raised it, and nothing is sent, so that
   * the prune happens at most once whatever becomes of this program; a lower one is an error. @minimum 0 @asType integer
   */
  ifDatabaseVersion?: number;
}

export interface DatabasePruneOutputs {
  /** Before the prune; the same as `databaseVersion` when nothing was sent. */
  databaseVersionBefore: number;
  /** After the prune. */
  databaseVersion: number;
  /** After the prune, where the director tells. */
  deltaVersion?: number;
}

/** What was there before the request, and how that went. */
type PruneHandle = PruneMark & {
  /** Until when (milliseconds since the epoch) the request may yet take effect: it was accepted, or no answer came. */
  mayComeUntil?: number;
  /** The director has answered with success. */
  answered?: true;
};

/** What the run and its companion have in common. */
const identity = {
  system: factfinder,
  type: "DatabasePrune",
  id: ({ channel }: DatabasePruneInputs) => channel,
  subject: ({ channel }: DatabasePruneInputs) => `factfinder channel ${channel}`,
};

/** Records, ahead of a `DatabasePrune`, the databaseVersion and the import counts that were there before it. */
export interface DatabasePruneIntentInputs extends DatabasePruneInputs {}

export interface DatabasePruneIntentOutputs {
  before: Before;
}

export const databasePruneIntent = intentResource<DatabasePruneInputs>(
  identity,
  async (scope, { channel }) => {
    const { databaseVersion, imports } = await readMark(scope, channel);
    return { databaseVersion, imports } satisfies PruneMark;
  },
);

export const databasePrune = runResource<DatabasePruneInputs, DatabasePruneOutputs, PruneHandle>({
  ...identity,
  timeout: "5m",
  run(scope, inputs, unfinished, before) {
    const { channel, ifDatabaseVersion } = inputs;
    // Two prunes of one channel at once: neither could tell whose the risen version is.
    const key = `${scope.http.connection.identity} prune ${channel}`;
    return withLock(key, scope.signal, async () => {
      const earlier = unfinished?.changed.length === 0 ? unfinished.handle : before;
      const landed = earlier && (await landedSince(scope, inputs, earlier));
      if (landed) return landed;
      const present = await readMark(scope, channel);
      if (isPast(present, ifDatabaseVersion)) return outputs(present.databaseVersion, present);
      return prune(scope, inputs, present);
    });
  },
  preflight,
});

/** What an earlier attempt came to, if anything. A request that may still come is waited for before another one is sent. */
async function landedSince(
  scope: Scope,
  inputs: DatabasePruneInputs,
  { databaseVersion, ...earlier }: Partial<PruneHandle>,
): Promise<DatabasePruneOutputs | undefined> {
  if (databaseVersion === undefined) return undefined;
  const handle: PruneHandle = { databaseVersion, ...earlier };
  const present = await readVersion(scope.http, inputs.channel, scope);
  const patience = Math.min((handle.mayComeUntil ?? 0) - Date.now(), scope.deadline.remaining() / 2);
  if (present.databaseVersion <= databaseVersion && patience <= 0) return undefined;
  scope.keep(handle);
  const began = performance.now();
  const isOver = () => performance.now() - began >= patience;
  const risen = await waitForRise(scope, inputs.channel, databaseVersion, isOver);
  if (risen) return conclude(scope, inputs, handle, risen);
  scope.forget();
  return undefined;
}

/** A prune is over in a moment: a request without an answer that shows no effect for so long was most likely lost. */
const lateness = 5_000;

/** Not idempotent: every request that lands raises the version and makes all workers reload. So only a proven absence is repaired. */
async function prune(
  scope: Scope,
  inputs: DatabasePruneInputs,
  { databaseVersion, imports }: Explained,
): Promise<DatabasePruneOutputs> {
  const { http } = scope;
  const { channel } = inputs;
  const before = { databaseVersion, imports };
  let isLate = false;
  let failedAt = 0;
  const keep = (patience: number, more: Partial<PruneHandle> = {}): PruneHandle => {
    const handle = { ...before, mayComeUntil: Date.now() + patience, ...more };
    scope.keep(handle);
    return handle;
  };
  const landed = await once<DatabasePruneOutputs | "answered">(scope, {
    async send() {
      keep(http.connection.requestTimeout + lateness);
      try {
        await pruneDatabase(http, channel, scope);
        return "answered";
      } catch (error) {
        failedAt = performance.now();
        isLate = error instanceof RequestError && error.effect === "late";
        if (error instanceof RequestError && error.effect === "no") scope.forget();
        throw error;
      }
    },
    async landed() {
      let isTold = false;
      const risen = await waitForRise(scope, channel, databaseVersion, (version) => {
        isTold = version !== undefined;
        return performance.now() - failedAt >= lateness || (isTold && !isLate);
      });
      if (risen) return conclude(scope, inputs, before, risen);
      if (isTold) return undefined;
      throw new ClusteropsError(
        `whether the prune was carried out is not known: ${labelOf(http)} no longer tells its databaseVersion; the next pulumi up looks again`,
      );
    },
  }).catch((error) => {
    if (!(error instanceof RequestError) || error.effect === "no") throw error;
    keep(0);
    throw reworded(
      error,
      `${messageOf(error)}; the databaseVersion is still ${databaseVersion}: the next pulumi up prunes unless it has risen by then`,
    );
  });
  if (landed !== "answered") return landed;
  const handle = keep(http.connection.requestTimeout + lateness, { answered: true });
  return conclude(scope, inputs, handle, await riseAfter(scope, channel, databaseVersion));
}

/** A 200 is not success: it is waited for as long as there is time. */
async function riseAfter(scope: Scope, channel: string, before: number): Promise<Versioned> {
  return (await waitForRise(scope, channel, before, () => false)) as Versioned;
}

/** @throws ClusteropsError where the rise may be another's: then nothing more is sent for this intent */
async function conclude(
  scope: Scope,
  { channel, ifDatabaseVersion }: DatabasePruneInputs,
  before: PruneHandle,
  now: Versioned,
): Promise<DatabasePruneOutputs> {
  const imports = await readImports(scope.http, channel, scope);
  const evidence = judgeRise(before, { ...now, imports }, { isAnswered: before.answered === true });
  const rise = `the databaseVersion rose from ${before.databaseVersion} to ${now.databaseVersion}`;
  if (evidence.kind === "landed" && evidence.doubt)
    scope.warn(`channel ${channel}: the prune counts as done, since ${rise}; ${evidence.doubt}`);
  if (evidence.kind === "open") {
    if (!isPast(now, ifDatabaseVersion))
      throw new ClusteropsError(
        `whether it was pruned cannot be told: ${rise}, but ${evidence.why}, and an import raises it too. No prune is sent for this any more: change triggers to prune, or set ifDatabaseVersion: ${before.databaseVersion} to count it as done`,
      );
    scope.warn(
      `channel ${channel}: counts as done, since databaseVersion ${now.databaseVersion} is past ifDatabaseVersion ${ifDatabaseVersion}; but ${evidence.why}, so it may not be the prune that raised it`,
    );
  }
  return outputs(before.databaseVersion, now);
}

/** @throws Refusal when the version that `ifDatabaseVersion` names is yet to come */
function isPast({ databaseVersion }: Versioned, ifDatabaseVersion: number | undefined): boolean {
  if (ifDatabaseVersion === undefined) return false;
  if (databaseVersion >= ifDatabaseVersion) return databaseVersion > ifDatabaseVersion;
  throw new Refusal(
    "ifDatabaseVersion",
    `the director's databaseVersion is ${databaseVersion}, below ifDatabaseVersion ${ifDatabaseVersion}; nothing was sent`,
  );
}

function outputs(before: number, { databaseVersion, deltaVersion }: Versioned): DatabasePruneOutputs {
  return { databaseVersionBefore: before, databaseVersion, deltaVersion };
}

async function preflight(
  scope: Scope,
  { channel, ifDatabaseVersion }: DatabasePruneInputs,
): Promise<Forecast> {
  const http = forPreview(scope.http);
  const state = await blaming("connection", () => readVersion(http, channel, scope));
  const { databaseVersion } = state;
  if (isPast(state, ifDatabaseVersion)) {
    return {
      warnings: [
        `channel ${channel}: databaseVersion ${databaseVersion} is past ifDatabaseVersion ${ifDatabaseVersion}: nothing will be sent`,
      ],
    };
  }
  const change = `databaseVersion ${databaseVersion} -> ${databaseVersion + 1}`;
  return { plan: `prune channel ${channel}: ${change}, every worker will reload once` };
}
