import { intentResource } from "../core/companion.ts";
import type { Before } from "../core/intent.ts";
import { withLock } from "../core/lock.ts";
import type { Forecast } from "../core/resource.ts";
import { type RunInputs, runResource } from "../core/run.ts";
import type { Scope } from "../core/scope.ts";
import { blaming, forPreview } from "./preview.ts";
import { conclude, isPast, outputs, type PruneHandle } from "./prune-conclusion.ts";
import type { PruneMark } from "./prune-evidence.ts";
import { prune } from "./prune-request.ts";
import { readMark, readVersion, waitForRise } from "./prune-state.ts";
import { factfinder, severalEndpoints } from "./system.ts";

/**
 * Prunes a channel's delta updates, once: the delta updates table is deleted and the databaseVersion rises, after which every
 * worker has to reload once. Changes that are already in the intermediate database stay. `connection` is the director.
 *
 * Done means that the databaseVersion has risen and that no import has ended meanwhile, since an import raises it too. Where one has
 * ended, nothing tells whose the rise is: the run stays unfinished and sends nothing more until `triggers` change (prune again) or
 * `ifDatabaseVersion` says that the risen version will do. Where the director does not tell its import counts, its own answer of
 * success decides, with a warning; where that answer was lost, the run stays unfinished as well.
 *
 * Two things cannot be told: an import that has raised the version already and still runs, and one that ended before a restart which
 * set the import counts back, where they have come to what they were. List one endpoint only: several may be different nodes.
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
      const isSame = unfinished?.changed.length === 0;
      if (unfinished && !isSame && !unfinished.changed.includes("channel"))
        await letPass(scope, channel, unfinished.handle);
      const earlier = isSame ? unfinished?.handle : before;
      const landed = earlier && (await landedSince(scope, inputs, earlier));
      if (landed) return landed;
      const present = await readMark(scope, channel);
      if (isPast(present, ifDatabaseVersion)) return outputs(present.databaseVersion, present);
      return prune(scope, inputs, present, { hasCompanion: before !== undefined || isSame });
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
  // What was refused has raised nothing: what came since is another's.
  if (databaseVersion === undefined || earlier.answer === "refused") return undefined;
  const handle: PruneHandle = { databaseVersion, ...earlier };
  const present = await readVersion(scope.http, inputs.channel, scope);
  const patience = patienceWith(scope, handle);
  if (present.databaseVersion <= databaseVersion && patience <= 0) return undefined;
  scope.keep(handle);
  const risen = await waitForRise(scope, inputs.channel, handle, after(patience));
  const landed = risen && (await conclude(scope, inputs, handle, risen));
  if (!landed) scope.forget();
  return landed;
}

/** Another intent, while the request of an earlier one may yet take effect: that one first, so that the two are told apart. */
async function letPass(scope: Scope, channel: string, { databaseVersion, ...earlier }: Partial<PruneHandle>) {
  if (databaseVersion === undefined) return;
  const patience = patienceWith(scope, earlier);
  if (patience > 0) await waitForRise(scope, channel, { databaseVersion, ...earlier }, after(patience));
}

function patienceWith(scope: Scope, { mayComeUntil = 0 }: Partial<PruneHandle>): number {
  return Math.min(mayComeUntil - Date.now(), scope.deadline.remaining() / 2);
}

function after(patience: number): () => boolean {
  const began = performance.now();
  return () => performance.now() - began >= patience;
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
  return {
    plan: `prune channel ${channel}: ${change}, every worker will reload once`,
    warnings: severalEndpoints(http),
  };
}
