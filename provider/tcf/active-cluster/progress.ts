import type { Federation, Member } from "../federation.ts";
import type { SentCall } from "../sending.ts";
import type { Step } from "./steps.ts";

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
  /** Only promotes from here on: a cancelled failover does not demote. */
  promotesOnly?: boolean;
  /** A promotion of ours was undone while a cancelled failover was led to its end: what was seen instead. */
  undone?: string;
  /** The wished cluster was seen to be the only active one. */
  isReached?: boolean;
  /** The cluster that was active before. */
  from?: Member;
}
