import type { Activity } from "../data/activity.ts";
import { clock } from "../data/clock.ts";
import { StaleLook } from "../data/errors.ts";

/** What a decision rests on: when the oldest of its reads was sent, and when the last of them had come. Milliseconds of `clock.elapsed`. */
export interface Knowledge {
  from: number;
  to: number;
}

/**
 * The age, in milliseconds, that knowledge may have when a mutating request leaves. Where looks take longer, it may have twice the time of the
 * quicker one of the last two: of one slow look nobody knows whether the network is slow or the process was paused, and it is made once more.
 */
const longestAge = 5_000;

/** How long the last two looks of an operation took, in milliseconds. */
export class LookTimes {
  #from: number | undefined;
  #last = 0;
  #before = 0;

  /** The time of the quicker one of this look and the one before it. */
  quicker({ from, to }: Knowledge): number {
    // One look is judged more than once where its request is redirected.
    if (from !== this.#from) this.#before = this.#last;
    this.#from = from;
    this.#last = to - from;
    return Math.min(this.#last, this.#before);
  }
}

/**
 * Without one no mutating request leaves. It stands for the look on which the decision to send rests, and is judged where the bytes
 * leave: a token to be fetched, a redirect, a connection that hangs or a process that is paused may come in between, and whatever was
 * seen before says nothing of what is now.
 */
export class Permit {
  /** The step that the request is a part of. */
  readonly activity: Activity | undefined;
  readonly #knowledge: Knowledge | undefined;
  readonly #times: LookTimes;
  #isUsed = false;

  private constructor(knowledge: Knowledge | undefined, activity: Activity | undefined, times: LookTimes) {
    this.#knowledge = knowledge;
    this.#times = times;
    this.activity = activity;
  }

  /**
   * Handed out by `once` alone (work/once.ts).
   *
   * @param knowledge undefined: there is nothing that could be read, so nothing ages
   * @param times of the operation
   */
  static issue(knowledge: Knowledge | undefined, activity?: Activity, times = new LookTimes()): Permit {
    return new Permit(knowledge, activity, times);
  }

  /** Whether the request may have left. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  /** Called when the request is about to leave. @throws StaleLook: nothing may be sent, and the decision has to be made anew */
  judge(): void {
    if (this.#knowledge) {
      const age = clock.elapsed() - this.#knowledge.from;
      if (age > Math.max(longestAge, 2 * this.#times.quicker(this.#knowledge))) throw new StaleLook(age);
    }
    this.#isUsed = true;
  }
}
