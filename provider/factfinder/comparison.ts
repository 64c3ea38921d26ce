import { Refusal } from "../core/errors.ts";
import type { CallOptions, Http } from "../core/http.ts";
import { type DatabaseState, getDatabaseState } from "./client.ts";
import { labelOf } from "./system.ts";

/** A director's state: both versions are known, else there is nothing to compare with. */
export type DirectorState = DatabaseState & { databaseVersion: number; deltaVersion: number };

/**
 * Whether a node is where its director is. The director goes on while nodes are looked at: one that was read between two looks
 * at the director is in sync when its deltaVersion lies between theirs. A missing field is unknown, never in sync.
 */
export function isInSync(node: DatabaseState, earlier: DirectorState, later = earlier): boolean {
  const { databaseVersion, deltaVersion } = node;
  if (databaseVersion !== later.databaseVersion || deltaVersion === undefined) return false;
  const least = earlier.databaseVersion === databaseVersion ? earlier.deltaVersion : later.deltaVersion;
  return least <= deltaVersion && deltaVersion <= later.deltaVersion;
}

/** By what a node differs: `databaseVersion 41 instead of 42`. */
export function differences(node: DatabaseState, director: DirectorState): string {
  const fields = ["databaseVersion", "deltaVersion"] as const;
  // deltaVersion counts on top of the databaseVersion: it compares only where that is the same.
  const told = node.databaseVersion === director.databaseVersion ? fields : fields.slice(0, 1);
  const texts = told
    .filter((field) => node[field] !== director[field])
    .map((field) => `${field} ${node[field] ?? "unknown"} instead of ${director[field]}`);
  return texts.join(", ") || "no difference";
}

/** `databaseVersion 42, deltaVersion 7`. */
export function versionsOf({ databaseVersion, deltaVersion }: DatabaseState): string {
  return `databaseVersion ${databaseVersion ?? "unknown"}, deltaVersion ${deltaVersion ?? "unknown"}`;
}

/** The director's state. @throws Refusal when it leaves out what nodes are compared by */
export async function getDirectorState(
  http: Http,
  channel: string,
  options: CallOptions,
): Promise<DirectorState> {
  const { databaseVersion, deltaVersion, deltaErrorCount } = await getDatabaseState(http, channel, options);
  if (databaseVersion !== undefined && deltaVersion !== undefined)
    return { databaseVersion, deltaVersion, deltaErrorCount };
  const missing = Object.entries({ databaseVersion, deltaVersion }).flatMap(([field, value]) =>
    value === undefined ? field : [],
  );
  throw new Refusal(
    "director",
    `the director ${labelOf(http)} does not tell the ${missing.join(" and ")} of channel ${channel}: nothing can be compared with it`,
  );
}
