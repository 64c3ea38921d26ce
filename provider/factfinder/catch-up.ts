import { ClusteropsError } from "../core/data/errors.ts";
import type { Http } from "../core/http/http.ts";
import { withLock } from "../core/work/lock.ts";
import type { Scope } from "../core/work/scope.ts";
import { type DatabaseState, syncDatabase, syncDatabaseFull } from "./client.ts";
import { type DeltaUpdateResult, requireSuccess, warningsOf } from "./delta-results.ts";
import { type Course, describe, type Follower, follow, push, type Standing } from "./follower.ts";
import { labelOf } from "./system.ts";

/** One node that is to catch up with its director on one channel. */
export interface CatchUp extends Omit<Course, "channels"> {
  channel: string;
  reload: "never" | "ifNeeded";
  verbose: boolean;
  /** The databaseVersion for which an earlier attempt has asked for a reload, without seeing its end. */
  asked: number | undefined;
  /** Records such a request, before it is sent; undefined takes it back. */
  ask(databaseVersion: number | undefined): void;
}

/** How long delta updates may take to show when the answer is missing. Asking for them again does no harm: they are numbered. */
const deltaPatience = 3_000;

/** One at a time works on a node: a reload serves all of its channels, so whoever comes second mostly finds it done. */
export function onNode<T>(scope: Scope, node: Http, work: () => Promise<T>): Promise<T> {
  return withLock(`${node.connection.identity} sync`, scope.signal, work);
}

/**
 * Brings a node to where its director is: nothing when it has got there by itself, else its missing delta updates or, where its
 * database is outdated (by its databaseVersion, or by a 409), a reload. Whatever was answered, the state decides.
 */
export function catchUp(scope: Scope, task: CatchUp): Promise<Standing> {
  const { node, channel } = task;
  return onNode(scope, node, async () => {
    const follower = await follow(scope, { ...task, channels: [channel] });
    const before = only(await follower.look(scope));
    if (before.inSync) return before;
    return isOutdated(before)
      ? reloadNode(scope, follower, task, before)
      : applyDeltas(scope, follower, task);
  });
}

async function applyDeltas(scope: Scope, follower: Follower, task: CatchUp): Promise<Standing> {
  const { node, channel, verbose } = task;
  const sync = await push(scope, follower, {
    send: () => syncDatabase(node, channel, { verbose }, scope),
    patience: deltaPatience,
  });
  if ("reached" in sync) return only(sync.reached);
  // What was said is said once: the next sync has other updates. So it is told before a look that may fail.
  const where = `${labelOf(node)}, channel ${channel}`;
  const rejection = attempt(() => report(scope, where, sync.answer ?? [], { verbose }));
  const looked = await follower.look(scope).catch((error) => {
    throw rejection ?? error;
  });
  if (rejection) throw rejection;
  const after = only(looked);
  if (after.inSync) return after;
  const needsReload = sync.answer === undefined || isOutdated(after);
  if (needsReload) return reloadNode(scope, follower, task, after);
  // It has taken what there was to take: no wait would make it tell.
  if (after.node.databaseVersion === undefined)
    throw new ClusteropsError(`cannot be seen to be in sync: ${describe([after])}`);
  return only((await follower.wait()) as Standing[]);
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
  follower: Follower,
  { node, reload, asked, ask }: CatchUp,
  before: Standing,
): Promise<Standing> {
  const { databaseVersion } = before.director;
  // An earlier attempt's request may still be at work: it gets half of the time before another one is sent.
  const joined = asked === databaseVersion && (await follower.wait(scope.deadline.remaining() / 2));
  if (joined) return only(joined);
  if (reload === "never")
    throw new ClusteropsError(`needs a reload (${describe([before])}), and reload is "never"`);
  const full = await push(scope, follower, {
    send: () => syncDatabaseFull(node, scope),
    keep: () => ask(databaseVersion),
    forget: () => ask(undefined),
  });
  if ("reached" in full) return only(full.reached);
  report(scope, labelOf(node), full.answer);
  return only((await follower.wait()) as Standing[]);
}

function only(standings: Standing[]): Standing {
  return standings[0] as Standing;
}

function isOutdated({ node, director }: Standing): boolean {
  return node.databaseVersion !== undefined && node.databaseVersion < director.databaseVersion;
}
