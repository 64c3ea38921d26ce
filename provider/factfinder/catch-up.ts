import { ClusteropsError, RequestError } from "../core/errors.ts";
import type { Http } from "../core/http.ts";
import { withLock } from "../core/lock.ts";
import { once } from "../core/once.ts";
import type { Scope } from "../core/scope.ts";
import { syncDatabase, syncDatabaseFull } from "./client.ts";
import { requireSuccess, warningsOf } from "./delta-results.ts";
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
 * Brings a node to where its director is: nothing when it has got there by itself, else its missing delta updates, else (409:
 * its database is outdated) a reload. Whatever was answered, the state decides.
 */
export function catchUp(scope: Scope, task: CatchUp): Promise<Standing> {
  const { node, channel, reload, verbose, asked, ask } = task;
  return onNode(scope, node, async () => {
    const follower = await follow(scope, { ...task, channels: [channel] });
    const look = async () => only(await follower.look(scope));
    const before = await look();
    if (before.inSync) return before;

    const isReloading = asked === before.director.databaseVersion && isOutdated(before);
    const earlier = isReloading && (await follower.wait(scope.deadline.remaining() / 2));
    if (earlier) return only(earlier);

    const plain = await applyDeltas(scope, follower, task, before);
    if (plain && "reached" in plain) return only(plain.reached);
    const results = plain?.answer;
    if (results) {
      requireSuccess(results, { verbose });
      const warnings = warningsOf(results);
      if (warnings) scope.warn(`${labelOf(node)}, channel ${channel}: ${warnings}`);
    }

    const after = await look();
    if (after.inSync) return after;
    if (!results || isOutdated(after)) {
      if (reload === "never")
        throw new ClusteropsError(`needs a reload (${describe([after])}), and reload is "never"`);
      const full = await push(scope, follower, {
        send: () => syncDatabaseFull(node, scope),
        keep: () => ask(after.director.databaseVersion),
        forget: () => ask(undefined),
      });
      if ("reached" in full) return only(full.reached);
    }
    return only((await follower.wait()) as Standing[]);
  });
}

/** Undefined where the answer was lost, and the node's database is such that 409 would have been the answer. */
async function applyDeltas(
  scope: Scope,
  follower: Follower,
  { node, channel, verbose }: CatchUp,
  before: Standing,
) {
  const send = () => syncDatabase(node, channel, { verbose }, scope);
  if (!isOutdated(before)) return push(scope, follower, { send, patience: deltaPatience });
  try {
    return { answer: await once(scope, { send }) };
  } catch (error) {
    if (!(error instanceof RequestError) || error.effect === "no") throw error;
    return undefined;
  }
}

function only(standings: Standing[]): Standing {
  return standings[0] as Standing;
}

function isOutdated({ node, director }: Standing): boolean {
  return node.databaseVersion !== undefined && node.databaseVersion < director.databaseVersion;
}
