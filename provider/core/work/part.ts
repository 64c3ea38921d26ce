import type { Connection } from "../connection/settings.ts";
import type { Activity } from "../data/activity.ts";
import { clock } from "../data/clock.ts";
import { formatDuration } from "../data/duration.ts";
import type { ShowProgress } from "../data/progress.ts";
import type { Knowledge } from "../http/permit.ts";
import { type Deadline, StoppableDeadline } from "./deadline.ts";
import type { Session, Way } from "./installation.ts";
import type { LateEffect } from "./late-effects.ts";
import type { Pollers } from "./poller.ts";
import type { Requests } from "./requests.ts";
import type { Judge, Kept, Scope, WaitRecord } from "./scope.ts";

/** Until when a part of an operation may go on. `cancelled`: not for what has to be done after a cancellation. */
export interface Frame {
  deadline: StoppableDeadline;
  cancelled?: AbortSignal;
  isPatient?: boolean;
  /** Ends with any of them. */
  signal: AbortSignal;
}

/** What all parts of an operation have in common. */
export interface Whole {
  readonly session: Session;
  readonly show: ShowProgress;
  readonly waits: WaitRecord[];
  readonly late: LateEffect[];
  readonly requests: Requests;
  readonly judges: Judge[];
  readonly previewed: boolean | undefined;
  readonly activity: Activity | undefined;
  readonly unrecorded: string | undefined;
  kept: Kept | undefined;
  readonly trouble: Error | undefined;
  readonly noteTrouble: Scope["noteTrouble"];
  /** The installation that `connection` means. */
  main(): Way;
  way(reference: string | Connection | undefined, property: string): Way;
  /** The way, with what is read on it counted as known. */
  learning(way: Way, knowledge: Knowledge, isPatient: boolean): Way;
  part(frame: Omit<Frame, "signal"> & Partial<Frame>): Scope;
  end(): void;
  readonly warn: Scope["warn"];
  readonly redact: Scope["redact"];
  readonly redactData: Scope["redactData"];
  readonly redactOutputs: Scope["redactOutputs"];
}

/** An operation as far as one frame goes, with knowledge of its own. A class, not an object with getters of its own (way.ts). */
export class Part implements Scope {
  readonly operation: Whole;
  readonly signal: AbortSignal;
  readonly deadline: Deadline;
  readonly knowledge: Knowledge = { from: clock.elapsed(), to: clock.elapsed() };
  readonly #frame: Frame;
  readonly #isPatient: boolean;
  readonly #ways = new Map<Way, Way>();

  constructor(operation: Whole, frame: Frame) {
    const { deadline, cancelled, isPatient = false, signal } = frame;
    this.operation = operation;
    this.signal = signal;
    this.deadline = {
      text: deadline.text,
      total: deadline.total,
      remaining: () => deadline.remaining(),
      hasPassed: () => deadline.hasPassed() && !cancelled?.aborted,
    };
    this.#frame = frame;
    this.#isPatient = isPatient;
  }

  get session(): Session {
    return this.operation.session;
  }

  get http(): Way {
    return this.#learn(this.operation.main());
  }

  get pollers(): Pollers {
    return this.operation.session.pollers;
  }

  get progress(): ShowProgress {
    return this.operation.show;
  }

  get trouble(): Error | undefined {
    return this.operation.trouble;
  }

  /* These are handed on as they are: they need no `this`. */

  get noteTrouble(): Whole["noteTrouble"] {
    return this.operation.noteTrouble;
  }

  get warn(): Whole["warn"] {
    return this.operation.warn;
  }

  get redact(): Whole["redact"] {
    return this.operation.redact;
  }

  get redactData(): Whole["redactData"] {
    return this.operation.redactData;
  }

  get redactOutputs(): Whole["redactOutputs"] {
    return this.operation.redactOutputs;
  }

  get kept(): Kept | undefined {
    return this.operation.kept;
  }

  get waits(): WaitRecord[] {
    return this.operation.waits;
  }

  get late(): LateEffect[] {
    return this.operation.late;
  }

  get requests(): Requests {
    return this.operation.requests;
  }

  get judges(): Judge[] {
    return this.operation.judges;
  }

  get previewed(): boolean | undefined {
    return this.operation.previewed;
  }

  get activity(): Activity | undefined {
    return this.operation.activity;
  }

  get unrecorded(): string | undefined {
    return this.operation.unrecorded;
  }

  connect(reference: string | Connection | undefined, property: string): Way {
    return this.#learn(this.operation.way(reference, property));
  }

  #learn(way: Way): Way {
    const own = this.#ways.get(way) ?? this.operation.learning(way, this.knowledge, this.#isPatient);
    this.#ways.set(way, own);
    return own;
  }

  identify(way: Way): Promise<void> {
    return this.session.identify(way, this.signal);
  }

  end(): void {
    this.operation.end();
  }

  keep(handle: Record<string, unknown>, outputs: Record<string, unknown> = {}): () => void {
    const { operation } = this;
    const before = operation.kept;
    operation.kept = { handle, outputs: { ...before?.outputs, ...outputs } };
    return () => {
      operation.kept = before;
    };
  }

  forget(): void {
    this.operation.kept = undefined;
  }

  lookAnew(from = clock.elapsed()): void {
    this.knowledge.from = from;
    this.knowledge.to = clock.elapsed();
  }

  async inTurn<T>(way: Way, key: string, work: (scope: Scope) => Promise<T>): Promise<T> {
    const { deadline, cancelled } = this.#frame;
    const part = deadline.part();
    const turn = this.operation.part({ deadline: part, cancelled, isPatient: this.#isPatient });
    try {
      return await way.installation.locks.hold(key, turn.signal, () => {
        part.begin();
        // What was seen before has become old while others had their turn.
        this.lookAnew();
        turn.lookAnew();
        return work(turn);
      });
    } finally {
      part.end();
    }
  }

  decision({ isPatient = this.#isPatient }: { isPatient?: boolean } = {}): Scope {
    return this.operation.part({ ...this.#frame, isPatient });
  }

  overtime(milliseconds: number): Scope {
    const deadline = new StoppableDeadline(milliseconds, formatDuration(milliseconds));
    return this.operation.part({ deadline, isPatient: this.#isPatient });
  }
}
