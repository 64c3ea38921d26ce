import { intentResource } from "../core/companion.ts";
import { ClusteropsError, messageOf, Refusal, RequestError, reworded } from "../core/errors.ts";
import type { CallOptions, Http } from "../core/http.ts";
import type { Before } from "../core/intent.ts";
import { withLock } from "../core/lock.ts";
import { once } from "../core/once.ts";
import type { Forecast } from "../core/resource.ts";
import { type RunInputs, runResource } from "../core/run.ts";
import type { Scope } from "../core/scope.ts";
import { waitFor } from "../core/wait.ts";
import { type DatabaseState, getDatabaseState, pruneDatabase } from "./client.ts";
import { blaming, forPreview } from "./preview.ts";
import { factfinder, labelOf } from "./system.ts";

/**
 * Prunes a channel's delta updates, once: the delta updates table is deleted and the databaseVersion rises, after which every
 * worker has to reload once. Changes that are already in the intermediate database stay. `connection` is the director.
 * https://docs.fact-finder.com/api-reference/cluster
 */
export interface DatabasePruneInputs extends RunInputs {
  /** The channel's name. @minLength 1 */
  channel: string;
  /**
   * Prune only while the databaseVersion is this one. A higher one counts as done and nothing is sent, so that the prune happens
   * exactly once whatever becomes of this program; a lower one is an error. @minimum 0 @asType integer
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

type PruneHandle = {
  /** The director's databaseVersion before the request. */
  databaseVersion: number;
  /** Until when (milliseconds since the epoch) the request may yet take effect: it was accepted, or no answer came. */
  mayComeUntil?: number;
};

/** A state whose databaseVersion is known. */
type Versioned = DatabaseState & { databaseVersion: number };

/** What the run and its companion have in common. */
const identity = {
  system: factfinder,
  type: "DatabasePrune",
  id: ({ channel }: DatabasePruneInputs) => channel,
  subject: ({ channel }: DatabasePruneInputs) => `factfinder channel ${channel}`,
};

/** Records, ahead of a `DatabasePrune`, the databaseVersion that was there before it. */
export interface DatabasePruneIntentInputs extends DatabasePruneInputs {}

export interface DatabasePruneIntentOutputs {
  before: Before;
}

export const databasePruneIntent = intentResource<DatabasePruneInputs>(
  identity,
  async (scope, { channel }) => {
    const { databaseVersion } = await readVersion(scope.http, channel, scope);
    return { databaseVersion } satisfies PruneHandle;
  },
);

export const databasePrune = runResource<DatabasePruneInputs, DatabasePruneOutputs, PruneHandle>({
  ...identity,
  timeout: "5m",
  run(scope, { channel, ifDatabaseVersion }, unfinished, before) {
    // Two prunes of one channel at once: neither could tell whose the risen version is.
    const key = `${scope.http.connection.identity} prune ${channel}`;
    return withLock(key, scope.signal, async () => {
      const present = await readVersion(scope.http, channel, scope);
      const earlier = unfinished?.changed.length === 0 ? unfinished.handle : before;
      const landed = await landedSince(scope, channel, present, earlier);
      if (landed) return landed;
      if (isPast(present, ifDatabaseVersion)) return outputs(present.databaseVersion, present);
      return outputs(present.databaseVersion, await prune(scope, channel, present.databaseVersion));
    });
  },
  preflight,
});

/** What an earlier attempt came to, if anything. A request that may still come is waited for before another one is sent. */
async function landedSince(
  scope: Scope,
  channel: string,
  present: Versioned,
  { databaseVersion, mayComeUntil = 0 }: Partial<PruneHandle> = {},
): Promise<DatabasePruneOutputs | undefined> {
  if (databaseVersion === undefined) return undefined;
  if (present.databaseVersion > databaseVersion) return outputs(databaseVersion, present);
  const patience = Math.min(mayComeUntil - Date.now(), scope.deadline.remaining() / 2);
  if (patience <= 0) return undefined;
  scope.keep({ databaseVersion, mayComeUntil });
  const began = performance.now();
  const landed = await waitForRise(
    scope,
    channel,
    databaseVersion,
    () => performance.now() - began >= patience,
  );
  return landed && outputs(databaseVersion, landed);
}

/** A prune is over in a moment: a request without an answer that shows no effect for so long was most likely lost. */
const lateness = 5_000;

/** Not idempotent: every request that lands raises the version and makes all workers reload. So only a proven absence is repaired. */
async function prune(scope: Scope, channel: string, before: number): Promise<Versioned> {
  const { http } = scope;
  let isLate = false;
  let failedAt = 0;
  const keep = (patience: number) =>
    scope.keep({ databaseVersion: before, mayComeUntil: Date.now() + patience } satisfies PruneHandle);
  const landed = await once<Versioned | "answered">(scope, {
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
      const risen = await waitForRise(scope, channel, before, (version) => {
        isTold = version !== undefined;
        return performance.now() - failedAt >= lateness || (isTold && !isLate);
      });
      if (risen || isTold) return risen;
      throw new ClusteropsError(
        `whether the prune was carried out is not known: ${labelOf(http)} no longer tells its databaseVersion; the next pulumi up looks again`,
      );
    },
  }).catch((error) => {
    if (!(error instanceof RequestError) || error.effect === "no") throw error;
    keep(0);
    throw reworded(
      error,
      `${messageOf(error)}; the databaseVersion is still ${before}: the next pulumi up prunes unless it has risen by then`,
    );
  });
  if (landed !== "answered") return landed;
  return (await waitForRise(scope, channel, before, () => false)) as Versioned;
}

/** The state once its databaseVersion is above `before`; undefined when `givesUp` says so first. */
function waitForRise(
  scope: Scope,
  channel: string,
  before: number,
  givesUp: (databaseVersion: number | undefined) => boolean,
): Promise<Versioned | undefined> {
  return waitFor<DatabaseState, Versioned | undefined>(scope, {
    what: `prune of channel ${channel} on ${labelOf(scope.http)}`,
    where: scope.http.connection.endpoints[0] as string,
    look: (options) => getDatabaseState(scope.http, channel, { ...options, patience: "patient" }),
    judge(state) {
      if (isVersioned(state) && state.databaseVersion > before) return { done: state };
      if (givesUp(state.databaseVersion)) return { done: undefined };
      return { pending: `databaseVersion ${state.databaseVersion ?? "unknown"}, expected above ${before}` };
    },
  });
}

async function readVersion(http: Http, channel: string, options: CallOptions): Promise<Versioned> {
  const state = await getDatabaseState(http, channel, options);
  if (isVersioned(state)) return state;
  throw new Refusal(
    "connection",
    `${labelOf(http)} does not tell its databaseVersion, so a prune could not be told from none; nothing was sent`,
  );
}

function isVersioned(state: DatabaseState): state is Versioned {
  return state.databaseVersion !== undefined;
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
