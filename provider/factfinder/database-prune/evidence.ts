import { firstOf } from "../../core/data/abort.ts";
import { clock } from "../../core/data/clock.ts";
import type { CallOptions } from "../../core/http/call.ts";
import type { Evidence } from "../../core/work/evidence.ts";
import type { Scope } from "../../core/work/scope.ts";
import { getImportState, type ImportCount } from "../client.ts";

/** Imports completed on the director, by type; "unknown" where it does not tell all of them. */
export type Imports = Record<string, number> | "unknown";

/** What a director showed before a prune: what came after it is told from that. */
export type PruneMark = {
  databaseVersion: number;
  /** Absent in what version 0.1.0 recorded. */
  imports?: Imports;
  /** The endpoint that told it, where the connection lists several. */
  from?: string;
  /** When it was read, in milliseconds since the epoch. Absent in what earlier versions recorded. */
  at?: number;
};

/**
 * How the prune was answered: `success` is the director's own 200; `failure` a 200 that says so in its body; `lost` no answer, an
 * error after which it may have been carried out, or the words of something on the way; `refused` an answer by which it was not
 * carried out; `unsent` says that no request has left.
 */
export type PruneAnswer = "success" | "failure" | "lost" | "refused" | "unsent";

const answersByDoubt: readonly PruneAnswer[] = ["unsent", "refused", "failure", "lost", "success"];

/** What several requests for the same prune were answered: a refusal takes back nothing of a doubt that an earlier one has left. */
export function combined(one: PruneAnswer, other: PruneAnswer): PruneAnswer {
  return answersByDoubt.indexOf(one) > answersByDoubt.indexOf(other) ? one : other;
}

/** That it was carried out. `doubt`: what the user should know of how that is known. */
export interface Landed {
  doubt?: string;
}

type Counts = "unchanged" | "rose" | "unknown" | "unrecorded";

/**
 * Whose a risen databaseVersion is. A prune raises it, and so does an import ("After prune every worker has to reload ... In contrast
 * to a full re-import"; by how much, and whether each type does, is not documented). One that has not risen is `absent` in each row.
 *
 * | answer  | import counts unchanged | counts rose       | counts not told   | not recorded (0.1.0) |
 * | ------- | ----------------------- | ----------------- | ----------------- | -------------------- |
 * | success | landed                  | open              | landed, a warning | landed, a warning    |
 * | failure | landed, a warning       | open              | open              | landed, a warning    |
 * | lost    | landed                  | open              | open              | landed, a warning    |
 * | refused | landed, a warning       | absent            | absent            | absent               |
 * | unsent  | absent                  | absent            | absent            | absent               |
 *
 * A 200 is not success, a state is: where an import ended meanwhile, even the director's own 200 leaves open whose the rise is.
 * A rise without an import is a prune, whatever was answered: something on the way may have sent it twice and handed on the answer to
 * the second. An import that ends only later shows in neither: no count tells that it runs. A restart may set the counts back: one
 * that falls is not told, but one that an import has brought back to what it was passes for unchanged.
 */
const verdicts: Record<PruneAnswer, Record<Counts, "landed" | "doubtful" | "open" | "absent">> = {
  success: { unchanged: "landed", rose: "open", unknown: "doubtful", unrecorded: "doubtful" },
  failure: { unchanged: "doubtful", rose: "open", unknown: "open", unrecorded: "doubtful" },
  lost: { unchanged: "landed", rose: "open", unknown: "open", unrecorded: "doubtful" },
  refused: { unchanged: "doubtful", rose: "absent", unknown: "absent", unrecorded: "absent" },
  unsent: { unchanged: "absent", rose: "absent", unknown: "absent", unrecorded: "absent" },
};

const answers: Record<PruneAnswer, string> = {
  success: "the director accepted the prune",
  failure: "the answer to the prune said that it had failed",
  lost: "the answer to the prune was lost",
  refused: "the prune was turned away, so this one or another was carried out all the same",
  unsent: "no prune was sent",
};

/** What is there now, of which nothing is missing but where it was read. */
type Present = PruneMark & { imports: Imports };

/** What the table says. */
export function judgeRise(before: PruneMark, now: Present, answer: PruneAnswer): Evidence<Landed> {
  if (now.databaseVersion <= before.databaseVersion) return { absent: true };
  const { counts, text } = compare(before, now);
  const verdict = verdicts[answer][counts];
  if (verdict === "absent") return { absent: true };
  if (verdict === "open") return { open: text };
  if (verdict === "landed") return { landed: {} };
  return { landed: { doubt: counts === "unrecorded" ? text : `${text}; ${answers[answer]}` } };
}

function compare(before: PruneMark, now: Present): { counts: Counts; text: string } {
  const elsewhere = readElsewhere(before, now);
  if (elsewhere !== undefined) return { counts: "unknown", text: elsewhere };
  if (before.imports === undefined) {
    const text =
      "an earlier version recorded no import counts, so an import that ended meanwhile would look the same";
    return { counts: "unrecorded", text };
  }
  const ended = endedBetween(before.imports, now.imports);
  if (ended === "unknown")
    return { counts: "unknown", text: "whether an import ended meanwhile is not told" };
  if (ended === "") return { counts: "unchanged", text: "no import ended meanwhile" };
  return { counts: "rose", text: `an import ended meanwhile (${ended})` };
}

/** That two versions were told by two endpoints, where they were. */
export function readElsewhere(
  before: Pick<PruneMark, "from">,
  now: Pick<PruneMark, "from">,
): string | undefined {
  if (before.from === undefined || before.from === now.from) return undefined;
  return `it was read from ${before.from} before and from ${now.from ?? "another endpoint"} now, which may be different nodes`;
}

/**
 * The counts, or "unknown": an older server may have no such call, and a user may lack the right. Read them *before* the version
 * that they are to go with as a mark, and *after* the version that they are to explain: an import that ends in between is then
 * seen in the counts at least.
 */
export async function readImports(
  scope: Scope,
  channel: string,
  how: Pick<CallOptions, "endpoint"> = {},
): Promise<Imports> {
  const { http, signal, deadline } = scope;
  // They explain the version, and must not keep the prune from being sent: a call that hangs is one that does not tell.
  const share = clock.timeout(Math.min(longestRead, Math.ceil(deadline.remaining() / 5)));
  const options = { ...how, signal: firstOf([signal, share]), patience: "hasty" } as const;
  try {
    return countsOf((await getImportState(http, channel, options)).importCounts);
  } catch {
    signal.throwIfAborted();
    return "unknown";
  }
}

const longestRead = 10_000;

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
function endedBetween(before: Imports, now: Imports): string | "unknown" {
  if (before === "unknown" || now === "unknown") return "unknown";
  const texts: string[] = [];
  for (const type of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const [from, to] = [before[type] ?? 0, now[type] ?? -1];
    if (to < from) return "unknown";
    if (to > from) texts.push(`${type} ${from} -> ${to}`);
  }
  return texts.join(", ");
}
