import { Refusal } from "../core/data/errors.ts";
import type { Http } from "../core/http/call.ts";
import type { Way } from "../core/work/installation.ts";
import type { DatabaseState } from "./client.ts";
import { labelOf } from "./system.ts";

/** A director's state: without its databaseVersion there is nothing to compare with. */
export type DirectorState = DatabaseState & { databaseVersion: number };

/**
 * Whether a node is where its director is. The director goes on while nodes are looked at: one that was read between two looks
 * at the director is in sync when its deltaVersion lies between theirs. Every field is optional: a node that tells no
 * databaseVersion is never in sync; a deltaVersion counts where both sides tell one.
 */
export function isInSync(node: DatabaseState, earlier: DirectorState, later = earlier): boolean {
  const { databaseVersion, deltaVersion } = node;
  if (databaseVersion === undefined || databaseVersion !== later.databaseVersion) return false;
  if (deltaVersion === undefined) return true;
  const former = earlier.databaseVersion === databaseVersion ? earlier.deltaVersion : undefined;
  const least = former ?? later.deltaVersion ?? Number.NEGATIVE_INFINITY;
  return least <= deltaVersion && deltaVersion <= (later.deltaVersion ?? Number.POSITIVE_INFINITY);
}

/** By what a node differs: `databaseVersion 41 instead of 42`. */
export function differences(node: DatabaseState, director: DirectorState): string {
  // deltaVersion counts on top of the databaseVersion: it compares only where that is the same.
  if (node.databaseVersion !== director.databaseVersion)
    return `databaseVersion ${node.databaseVersion ?? "unknown"} instead of ${director.databaseVersion}`;
  const { deltaVersion } = node;
  const isTold = deltaVersion !== undefined && director.deltaVersion !== undefined;
  return isTold && deltaVersion !== director.deltaVersion
    ? `deltaVersion ${deltaVersion} instead of ${director.deltaVersion}`
    : "no difference";
}

/** A node as it was compared; without `database` it could not be read, which is another problem. */
export interface Compared {
  label: string;
  database?: DatabaseState;
}

/** What a comparison rests on where a side leaves out a field, each gap once: what is not told must not pass for looked at. */
export function gapsOf(channel: string, director: DirectorState, nodes: readonly Compared[]): string[] {
  const silent = (field: keyof DatabaseState) =>
    nodes.filter(({ database }) => database && database[field] === undefined).map(({ label }) => label);
  const unversioned = silent("databaseVersion");
  const alone = "compared by databaseVersion alone";
  const unseen = "missing delta updates would not show";
  const byVersion = silent("deltaVersion").filter((label) => !unversioned.includes(label));
  const gaps = [
    unversioned.length > 0 && `${silence(unversioned, "databaseVersion")}, so it is not seen to be in sync`,
    director.deltaVersion === undefined
      ? `${alone}: ${silence(["the director"], "deltaVersion")}; ${unseen}`
      : byVersion.length > 0 && `${alone}: ${silence(byVersion, "deltaVersion")}; ${unseen}`,
    silent("deltaErrorCount").length > 0 &&
      `${silence(silent("deltaErrorCount"), "deltaErrorCount")}; rejected delta updates would not show`,
  ];
  return gaps.flatMap((gap) => (gap ? `channel ${channel}: ${gap}` : []));
}

function silence(labels: readonly string[], field: keyof DatabaseState): string {
  return `${labels.join(", ")} ${labels.length === 1 ? "tells" : "tell"} no ${field}`;
}

/** What a look ahead has told, an operation after it does not repeat. @returns all of them */
export function gapWarnings(way: Way, gaps: string[]): string[] {
  untold(way, gaps);
  return gaps;
}

/** Those that have not been told in this process. */
export function untold({ installation }: Way, gaps: string[]): string[] {
  const told = installation.note("factfinder gaps", () => new Set<string>());
  const news = gaps.filter((gap) => !told.has(gap));
  for (const gap of news) told.add(gap);
  return news;
}

/** `databaseVersion 42, deltaVersion 7`. */
export function versionsOf({ databaseVersion, deltaVersion }: DatabaseState): string {
  return `databaseVersion ${databaseVersion ?? "unknown"}, deltaVersion ${deltaVersion ?? "unknown"}`;
}

export function isDirectorState(state: DatabaseState): state is DirectorState {
  return state.databaseVersion !== undefined;
}

/**
 * The director's state, which has to tell what nodes are compared by.
 *
 * @throws Refusal when it does not
 */
export function requireVersion(state: DatabaseState, director: Http, channel: string): DirectorState {
  if (isDirectorState(state)) return state;
  throw new Refusal(
    "director",
    `the director ${labelOf(director)} does not tell the databaseVersion of channel ${channel}: nothing can be compared with it`,
  );
}

/** The node is further than the director was when it was read: the director has moved on since. */
export function isAhead(
  { databaseVersion = -1, deltaVersion = -1 }: DatabaseState,
  director: DirectorState,
): boolean {
  return databaseVersion === director.databaseVersion
    ? deltaVersion > (director.deltaVersion ?? Number.POSITIVE_INFINITY)
    : databaseVersion > director.databaseVersion;
}

/** A node with a higher databaseVersion than its director's, which alone raises it: whoever wrote the two down has mixed them up, most likely. */
export function swapsOf(channel: string, director: DirectorState, nodes: readonly Compared[]): string[] {
  return nodes.flatMap(({ label, database: { databaseVersion = -1 } = {} }) =>
    databaseVersion > director.databaseVersion
      ? `channel ${channel}: ${label} has databaseVersion ${databaseVersion}, the director only ${director.databaseVersion}, and no worker is ahead of its director: are the two swapped?`
      : [],
  );
}
