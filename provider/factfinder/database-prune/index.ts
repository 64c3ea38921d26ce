import { clock } from "../../core/data/clock.ts";
import { intentResource } from "../../core/lifecycle/companion.ts";
import type { IntentRecord } from "../../core/lifecycle/intent.ts";
import type { Forecast } from "../../core/lifecycle/resource.ts";
import { runResource } from "../../core/lifecycle/run.ts";
import type { Way } from "../../core/work/installation.ts";
import type { Scope } from "../../core/work/scope.ts";
import { channelFailures } from "../channels.ts";
import { effects } from "../client.ts";
import { factsOfDatabases } from "../facts.ts";
import { blaming, forPreview } from "../preview.ts";
import { factfinder, severalEndpoints } from "../system.ts";
import { foreseeEarlier, isPast, type PruneHandle } from "./conclusion.ts";
import type { PruneMark } from "./evidence.ts";
import type { DatabasePruneInputs, DatabasePruneOutputs } from "./inputs.ts";
import { type Earlier, prune, targetOf } from "./request.ts";
import { readMark, readVersion } from "./state.ts";

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
  before: IntentRecord;
}

export const databasePruneIntent = intentResource<DatabasePruneInputs>(
  identity,
  async (scope, { channel }) => {
    const { databaseVersion, imports, at } = await readMark(scope, channel);
    looksOf(scope.http).add(at);
    return { databaseVersion, imports, at } satisfies PruneMark;
  },
);

export const databasePrune = runResource<DatabasePruneInputs, DatabasePruneOutputs, PruneHandle>({
  ...identity,
  timeout: "5m",
  isCounted: true,
  validate: ({ channel }) => channelFailures("channel", channel),
  run(scope, inputs, unfinished, before) {
    const { channel } = inputs;
    // Two prunes of one channel at once: neither could tell whose the risen version is.
    return scope.inTurn(scope.http, `prune ${channel}`, () => {
      const earlier = earlierOf(unfinished, before);
      for (const handle of [earlier.own, earlier.other]) takeUp(scope, channel, handle);
      if (earlier.isPresumed) reckonWithKilled(scope, channel, earlier.own);
      return prune(scope, inputs, earlier);
    });
  },
  plan,
  facts: (scope, { channel }, _recorded, how) => factsOfDatabases(scope, [channel], [scope.http], how),
});

/** What an unfinished attempt has left, or a companion has recorded. */
function earlierOf(
  unfinished: { handle: PruneHandle; changed: string[] } | undefined,
  before: Partial<PruneHandle> | undefined,
): Earlier {
  const presumed = isMark(before) ? { own: before, isPresumed: true } : {};
  if (!unfinished || !isMark(unfinished.handle)) return presumed;
  const { handle, changed } = unfinished;
  if (changed.length === 0) return { own: handle };
  return changed.includes("channel") ? presumed : { ...presumed, other: handle };
}

function isMark(handle: Partial<PruneHandle> | undefined): handle is PruneHandle {
  return handle?.databaseVersion !== undefined;
}

/** Version 0.1.0 recorded in the handle until when a request may yet take effect. */
function takeUp(scope: Scope, channel: string, { mayComeUntil: until = 0 }: Partial<PruneHandle> = {}): void {
  const { on, does } = targetOf(scope.http, channel);
  if (until > clock.now()) scope.http.installation.late.add({ on, does, until });
}

/** When companions have looked in this process, in milliseconds since the epoch. */
function looksOf({ installation }: Way): Set<number> {
  return installation.note("looks ahead of prunes", () => new Set());
}

/**
 * What a companion has recorded in another process, a moment ago, was followed by a run that was killed, or by none: what that may have
 * sent may yet land.
 */
function reckonWithKilled({ http }: Scope, channel: string, { at }: Partial<PruneHandle> = {}): void {
  if (at === undefined || looksOf(http).has(at) || at > clock.now()) return;
  const { on, does } = targetOf(http, channel);
  const until = at + effects.prune.mayLandWithin + http.connection.requestTimeout;
  http.installation.late.add({ on, does, until });
}

async function plan(
  scope: Scope,
  { channel, ifDatabaseVersion }: DatabasePruneInputs,
  { before }: { before: Partial<PruneHandle> | undefined },
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
  const earlier = isMark(before) && (await foreseeEarlier(scope, channel, before, state));
  const change = `databaseVersion ${databaseVersion} -> ${databaseVersion + 1}`;
  return {
    plan: earlier || `prune channel ${channel}: ${change}, every worker will reload once`,
    warnings: severalEndpoints(http),
    isGuarded: !earlier,
  };
}
