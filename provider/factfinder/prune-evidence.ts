import type { CallOptions, Http } from "../core/http.ts";
import { getImportState, type ImportCount } from "./client.ts";

/** Imports completed on the director, by type; "unknown" where it does not tell all of them. */
export type Imports = Record<string, number> | "unknown";

/** What a director showed before a prune: what came after it is told from that. */
export type PruneMark = {
  databaseVersion: number;
  /** Absent in what version 0.1.0 recorded. */
  imports?: Imports;
};

/** What reading back says of a prune. */
export type Evidence =
  /** It was carried out. `doubt`: what the user should know of how that is known. */
  | { kind: "landed"; doubt?: string }
  /** It was not, so far. */
  | { kind: "absent" }
  /** The version rose, and not only a prune may have raised it. */
  | { kind: "open"; why: string };

/**
 * Whose the risen databaseVersion is. A prune raises it, and so does an import ("After prune every worker has to reload ... In
 * contrast to a full re-import"; by how much is not documented), so a rise proves a prune only where no import has ended
 * meanwhile. An import that ends only later shows in neither: no count tells that it runs.
 *
 * @param isAnswered whether the director has answered the prune with success: not enough by itself, but it decides where imports
 *   are not told at all, and where the version rose by more than one for each import
 */
export function judgeRise(
  before: PruneMark,
  now: Required<PruneMark>,
  { isAnswered }: { isAnswered: boolean },
): Evidence {
  const rise = now.databaseVersion - before.databaseVersion;
  if (rise <= 0) return { kind: "absent" };
  if (before.imports === undefined)
    return {
      kind: "landed",
      doubt:
        "an earlier version recorded no import counts, so an import that ended meanwhile would look the same",
    };
  const ended = endedBetween(before.imports, now.imports);
  if (ended === "unknown") {
    if (isAnswered) return { kind: "landed" };
    return { kind: "open", why: "whether an import ended meanwhile is not told" };
  }
  if (ended.count === 0) return { kind: "landed" };
  const what = `an import ended meanwhile (${ended.text})`;
  return isAnswered && rise > ended.count
    ? {
        kind: "landed",
        doubt: `${what}; the director accepted the prune too, and the version rose by ${rise}`,
      }
    : { kind: "open", why: what };
}

/**
 * The counts, or "unknown": an older server may have no such call, and a user may lack the right. Read them *before* the version
 * that they are to go with as a mark, and *after* the version that they are to explain: an import that ends in between is then
 * seen in the counts at least.
 */
export async function readImports(http: Http, channel: string, options: CallOptions): Promise<Imports> {
  try {
    return countsOf((await getImportState(http, channel, options)).importCounts);
  } catch {
    options.signal.throwIfAborted();
    return "unknown";
  }
}

/** A list without entries is one that is not told: types that were never imported are listed with 0. */
function countsOf(list: readonly ImportCount[]): Imports {
  if (list.length === 0) return "unknown";
  const counts: Record<string, number> = {};
  for (const { type, count } of list) {
    if (type === undefined || count === undefined) return "unknown";
    counts[type] = (counts[type] ?? 0) + count;
  }
  return counts;
}

/** Imports that ended from one look to the other; "unknown" also where a count fell: a restart may have set them to 0. */
function endedBetween(before: Imports, now: Imports): { count: number; text: string } | "unknown" {
  if (before === "unknown" || now === "unknown") return "unknown";
  let count = 0;
  const texts: string[] = [];
  for (const type of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const [from, to] = [before[type] ?? 0, now[type] ?? -1];
    if (to < from) return "unknown";
    if (to > from) texts.push(`${type} ${from} -> ${to}`);
    count += to - from;
  }
  return { count, text: texts.join(", ") };
}
