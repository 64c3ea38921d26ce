import { type Federation, is, type Member } from "../federation.ts";
import type { SentCall, Tries } from "../sending.ts";
import { pairOf, type Step } from "./steps.ts";

export interface Attempt {
  /** What an earlier, unfinished attempt had sent last. */
  last?: SentCall;
  /** Why a switch that is to be sent must not be; undefined: it may. */
  forbid(other: Member, now: Federation): Error | undefined;
  /** What is known to show while a step is under way. */
  outputs(from: Member | undefined): object;
}

/** How far a failover has come. */
export interface FailoverProgress {
  /** Steps that were carried out. */
  taken: Set<Step["call"]>;
  /** Something was sent, whatever became of it. */
  hasTried?: boolean;
  /** Steps that were sent, and may have been carried out. */
  sent: Set<Step["call"]>;
  /** The step that may be carried out without our having seen it. */
  open?: Step["call"];
  tries: Tries;
  /** Calls that were sent, and whose effect has not been seen. */
  pending: Pending[];
  /** Only promotes from here on: a cancelled failover does not demote. */
  promotesOnly?: boolean;
  /** A promotion of ours was undone while a cancelled failover was led to its end: what was seen instead. */
  undone?: string;
  /** The wished cluster was seen to be the only active one. */
  isReached?: boolean;
  /** The cluster that was active before. */
  from?: Member;
}

export interface Pending {
  call: Step["call"];
  isAnswered: boolean;
  /** To be called when the effect was seen. */
  landed(): void;
}

/**
 * Takes note of what is there: what has taken effect is taken, and not to be expected any more. Of several calls one was seen, whichever: those
 * without an answer are reckoned with until they can no longer land, however often the same is seen again.
 */
export function noteSeen(progress: FailoverProgress, seen: Federation, active: string): void {
  const { target, other } = pairOf(seen, active);
  const isThere = (call: Step["call"]) => (call === "demote" ? is(other, "passive") : is(target, "active"));
  for (const call of ["demote", "promote", "toggle"] as const) {
    if (!isThere(call)) continue;
    if (progress.sent.has(call)) progress.taken.add(call);
    const those = progress.pending.filter((each) => each.call === call);
    const gone = those.length === 1 ? those : those.filter(({ isAnswered }) => isAnswered);
    for (const { landed } of gone) landed();
    progress.pending = progress.pending.filter((each) => !those.includes(each));
    if (progress.open === call) delete progress.open;
  }
}
