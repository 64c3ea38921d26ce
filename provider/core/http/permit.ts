import type { Activity } from "../data/activity.ts";
import { clock } from "../data/clock.ts";
import { StaleLook } from "../data/errors.ts";

/** What a decision rests on: when the oldest of its reads was sent, and when the last of them had come. Milliseconds of `clock.elapsed`. */
export interface Knowledge {
  from: number;
  to: number;
}

/** The age, in milliseconds, that knowledge may have when a mutating request leaves. A look that takes longer may have twice its own time. */
const longestAge = 5_000;

/**
 * Without one no mutating request leaves. It stands for the look on which the decision to send rests, and is judged where the bytes
 * leave: a token to be fetched, a redirect, a connection that hangs or a process that is paused may come in between, and whatever was
 * seen before says nothing of what is now.
 */
export class Permit {
  /** The step that the request is a part of. */
  readonly activity: Activity | undefined;
  readonly #knowledge: Knowledge | undefined;
  #isUsed = false;

  private constructor(knowledge: Knowledge | undefined, activity: Activity | undefined) {
    this.#knowledge = knowledge;
    this.activity = activity;
  }

  /** Handed out by `once` alone (work/once.ts). @param knowledge undefined: there is nothing that could be read, so nothing ages */
  static issue(knowledge: Knowledge | undefined, activity?: Activity): Permit {
    return new Permit(knowledge, activity);
  }

  /** Whether the request may have left. */
  get isUsed(): boolean {
    return this.#isUsed;
  }

  /** Called when the request is about to leave. @throws StaleLook: nothing may be sent, and the decision has to be made anew */
  judge(): void {
    if (this.#knowledge) {
      const { from, to } = this.#knowledge;
      const age = clock.elapsed() - from;
      if (age > Math.max(longestAge, 2 * (to - from))) throw new StaleLook(age);
    }
    this.#isUsed = true;
  }
}
