import type { Connection } from "../connection/settings.ts";
import type { Activity } from "../data/activity.ts";
import type { ShowProgress } from "../data/progress.ts";
import type { Knowledge } from "../http/permit.ts";
import type { Deadline } from "./deadline.ts";
import type { Session, Way } from "./installation.ts";
import type { LateEffect } from "./late-effects.ts";
import type { Pollers } from "./poller.ts";
import type { Requests } from "./requests.ts";

/** One finished wait: what was waited for, and when, in milliseconds since the epoch. */
export interface WaitRecord {
  what: string;
  from: number;
  to: number;
}

/** What has been set going, as it is going to be recorded. */
export interface Kept {
  handle: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

/** Until when an operation may go on. */
export interface Timing {
  /** Ends with the deadline or a cancellation. */
  readonly signal: AbortSignal;
  readonly deadline: Deadline;
}

/** What an operation says, without credentials. */
export interface Messages {
  readonly progress: ShowProgress;
  warn(message: string): void;
  /** Blanks the credentials of every connection used so far out of a message. */
  redact(message: string): string;
  /**
   * The same for all texts in plain data that is going to be recorded.
   *
   * @param own inputs: a text that the user wrote stays as it is, and is in state anyway
   */
  redactData<T>(value: T, own: Record<string, unknown>): T;
  /** The same for what is shown as well: a server's texts are one line each, without what a terminal would obey. */
  redactOutputs<T>(value: T, own: Record<string, unknown>): T;
  /** The last request that failed and was repeated: what a time-out was really about. */
  readonly trouble: Error | undefined;
  /** Remembers a request that failed and will be repeated; calls made with `http` do so by themselves. */
  noteTrouble(error: Error): void;
}

/** What an operation records of itself, whatever becomes of it. */
export interface Records {
  /**
   * Records, from here on, that something was set going: should the operation fail or time out, the resource is kept with
   * this handle, and the next `up` gets it back (provider/README.md, rule 4).
   *
   * @param handle plain data that tells ours from another's; never a secret
   * @param outputs what is already known to show
   * @returns takes it back: what was kept before, if anything, is then kept again
   */
  keep(handle: Record<string, unknown>, outputs?: Record<string, unknown>): () => void;
  /** Takes `keep` back: what was asked for was refused, and nothing runs. */
  forget(): void;
  readonly kept: Kept | undefined;
  /** The waits of this operation, for the record. */
  readonly waits: WaitRecord[];
  /** Requests of this operation that may yet take effect. */
  readonly late: LateEffect[];
  /** What has become of the requests of this operation that may change something. */
  readonly requests: Requests;
  /** Asked before each of them (before-first.ts). */
  readonly judges: Judge[];
}

/**
 * Has the last word before a request that may change something: a preview that was approved and no longer holds, a maintenance window that
 * has closed since. Asked again where it is decided anew; `scope.requests.haveLeft` tells whether it would be the operation's first.
 *
 * @throws Refusal: nothing is sent
 */
export type Judge = (
  scope: Scope,
  request: { what: string; target: { ways: readonly Way[]; on: string }; restores?: boolean },
) => Promise<void>;

/** What a spec has at hand during one operation on one resource. */
export interface Scope extends Timing, Messages, Records {
  /** The same for all scopes of one operation, and for no other one's. */
  readonly operation: object;
  /** What outlives the operation. */
  readonly session: Session;
  /** The installation that `connection` means. */
  readonly http: Way;
  /** The installation that another input means. */
  connect(reference: string | Connection | undefined, property: string): Way;
  /** Finds out whether another connection of this process leads to the same installation, where it may. */
  identify(way: Way): Promise<void>;
  /** The looks that waits of this session share. */
  readonly pollers: Pollers;
  /** Ends what the operation has left running, such as the other requests of a look that failed. */
  end(): void;
  /** Whether the user has seen a preview of this operation; undefined where that cannot be told. */
  readonly previewed: boolean | undefined;
  /** What is told of the operation; undefined: nobody is told. */
  readonly activity: Activity | undefined;
  /** As in `Context`. */
  readonly unrecorded: string | undefined;
  /**
   * What the present decision rests on. Reads bring its end up to date; `lookAnew` begins another decision. Observing, each look of a
   * wait and each reading back do so by themselves.
   */
  readonly knowledge: Knowledge;
  lookAnew(from?: number): void;
  /** The same operation with knowledge of its own, for one of several decisions. `isPatient`: its reads are repeated until the deadline. */
  decision(options?: { isPatient?: boolean }): Scope;
  /**
   * Runs `work` while no other resource of this process holds the same key of the installation. Until then its time does not run.
   *
   * @param work has a scope with time of its own: of several turns at once, what one waits costs the others nothing
   */
  inTurn<T>(way: Way, key: string, work: (scope: Scope) => Promise<T>): Promise<T>;
  /** The same operation with time of its own: for what has to be done after the deadline, such as cancelling. */
  overtime(milliseconds: number): Scope;
}
