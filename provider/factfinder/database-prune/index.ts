import { clock } from "../../core/data/clock.ts";
import { intentResource } from "../../core/lifecycle/companion.ts";
import type { Before } from "../../core/lifecycle/intent.ts";
import type { Forecast } from "../../core/lifecycle/resource.ts";
import { runResource } from "../../core/lifecycle/run.ts";
import { withLock } from "../../core/work/lock.ts";
import type { Scope } from "../../core/work/scope.ts";
import { blaming, forPreview } from "../preview.ts";
import { factfinder, severalEndpoints } from "../system.ts";
import { conclude, isPast, outputs, type PruneHandle } from "./conclusion.ts";
import type { PruneMark } from "./evidence.ts";
import type { DatabasePruneInputs, DatabasePruneOutputs } from "./inputs.ts";
import { prune } from "./request.ts";
import { readMark, readVersion, waitForRise } from "./state.ts";

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
  plan,
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
  return Math.min(mayComeUntil - clock.now(), scope.deadline.remaining() / 2);
}

function after(patience: number): () => boolean {
  const began = clock.elapsed();
  return () => clock.elapsed() - began >= patience;
}

async function plan(scope: Scope, { channel, ifDatabaseVersion }: DatabasePruneInputs): Promise<Forecast> {
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
