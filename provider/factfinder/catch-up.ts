import { ClusteropsError } from "../core/data/errors.ts";
import type { Way } from "../core/work/installation.ts";
import type { Scope } from "../core/work/scope.ts";
import { type DatabaseState, syncDatabase, syncDatabaseFull } from "./client.ts";
import { type DeltaUpdateResult, requireSuccess, warningsOf } from "./delta-results.ts";
import { readDirector } from "./director-reads.ts";
import { type ChannelStatus, describe, follow, type NodeProgress, type SyncTarget } from "./node-progress.ts";
import { requestSync } from "./sync-request.ts";
import { labelOf } from "./system.ts";

/** One node that is to catch up with its director on one channel. */
export interface CatchUp extends Pick<SyncTarget, "known" | "onLook"> {
  node: Way;
  director: Way;
  channel: string;
  reload: "never" | "ifNeeded";
  verbose: boolean;
  /** The databaseVersion for which an earlier operation has asked for a reload, without seeing its end. */
  asked: number | undefined;
  /** Records such a request, before it is sent. @returns takes that back */
  ask(databaseVersion: number): () => void;
}

/** How long delta updates may take to show when the answer is missing. Asking for them again does no harm: they are numbered. */
const deltaPatience = 3_000;

/** One at a time works on a node: a reload serves all of its channels, so whoever comes second mostly finds it done. */
export function onNode<T>(scope: Scope, node: Way, work: (turn: Scope) => Promise<T>): Promise<T> {
  return scope.inTurn(node, "sync", work);
}

/**
 * Brings a node to where its director is: nothing when it has got there by itself, else its missing delta updates or, where its
 * database is outdated (by its databaseVersion, or by a 409), a reload. Whatever was answered, the state decides.
 *
 * @throws DecideAnew where a request may be sent again
 */
export async function catchUp(scope: Scope, task: CatchUp): Promise<ChannelStatus> {
  const { node, director, channel, known, onLook } = task;
  const progress = await follow(scope, {
    node,
    director,
    readDirector: (channel, options) => readDirector(director, channel, options),
    channels: [channel],
    known,
    onLook,
  });
  const before = only(await progress.look(scope));
  if (before.inSync) return before;
  return isOutdated(before) ? reloadNode(scope, progress, task, before) : applyDeltas(scope, progress, task);
}

async function applyDeltas(scope: Scope, progress: NodeProgress, task: CatchUp): Promise<ChannelStatus> {
  const { node, channel, verbose } = task;
  const sync = await requestSync(scope, progress, {
    what: `sync of channel ${channel}`,
    node,
    send: (permit) => syncDatabase(node, channel, { verbose }, permit, scope),
    patience: deltaPatience,
  });
  if ("reached" in sync) return only(sync.reached);
  // What was said is said once: the next sync has other updates. So it is told before a look that may fail.
  const where = `${labelOf(node)}, channel ${channel}`;
  const rejection = attempt(() => report(scope, where, sync.answer ?? [], { verbose }));
  // What comes next rests on this look, not on the one before the sync.
  scope.lookAnew();
  const looked = await progress.look(scope).catch((error) => {
    throw rejection ?? error;
  });
  if (rejection) throw rejection;
  const after = only(looked);
  if (after.inSync) return after;
  const needsReload = sync.answer === undefined || isOutdated(after);
  if (needsReload) return reloadNode(scope, progress, task, after);
  // It has taken what there was to take: no wait would make it tell.
  if (after.node.databaseVersion === undefined)
    throw new ClusteropsError(`cannot be seen to be in sync: ${describe([after])}`);
  return only((await progress.wait()) as ChannelStatus[]);
}

/**
 * Shows what a node minds of delta updates, those that were applied among them.
 *
 * @throws ClusteropsError where some were not
 */
export function report(
  scope: Scope,
  where: string,
  results: readonly DeltaUpdateResult[],
  { verbose }: { verbose?: boolean } = {},
): void {
  const warnings = warningsOf(results);
  if (warnings) scope.warn(scope.redact(`${where}: ${warnings}`));
  requireSuccess(results, { verbose });
}

/** A rejected delta update is dealt with, so the versions do not show it. */
export function warnOfErrors(scope: Scope, label: string, channel: string, state?: DatabaseState): void {
  const count = state?.deltaErrorCount ?? 0;
  if (count > 0)
    scope.warn(
      `${label}, channel ${channel}: deltaErrorCount is ${count}: so many delta updates were rejected since the last reload`,
    );
}

/** What some work throws. */
function attempt(work: () => void): unknown {
  try {
    work();
    return undefined;
  } catch (error) {
    return error;
  }
}

async function reloadNode(
  scope: Scope,
  progress: NodeProgress,
  { node, reload, asked, ask }: CatchUp,
  before: ChannelStatus,
): Promise<ChannelStatus> {
  const { databaseVersion } = before.director;
  // An earlier operation's request may still be at work: it gets half of the time before another one is sent.
  const joined = asked === databaseVersion && (await progress.wait(scope.deadline.remaining() / 2));
  if (joined) return only(joined);
  if (reload === "never")
    throw new ClusteropsError(`needs a reload (${describe([before])}), and reload is "never"`);
  const full = await requestSync(scope, progress, {
    what: "sync/full",
    node,
    send: (permit) => syncDatabaseFull(node, permit, scope),
    keep: () => ask(databaseVersion),
  });
  if ("reached" in full) return only(full.reached);
  report(scope, labelOf(node), full.answer);
  return only((await progress.wait()) as ChannelStatus[]);
}

function only(statuses: ChannelStatus[]): ChannelStatus {
  return statuses[0] as ChannelStatus;
}

function isOutdated({ node, director }: ChannelStatus): boolean {
  return node.databaseVersion !== undefined && node.databaseVersion < director.databaseVersion;
}
