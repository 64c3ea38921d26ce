import { clock } from "../data/clock.ts";

/** When an operation has to be over. */
export interface Deadline {
  /** As the user wrote it, for messages. */
  text: string;
  /** Milliseconds left, never below 0. */
  remaining(): number;
  hasPassed(): boolean;
}

/** A deadline that can be stopped: while an operation waits for its turn behind others of this process, its time does not run. */
export class StoppableDeadline implements Deadline {
  readonly text: string;
  readonly #expiry = new AbortController();
  #left: number;
  #startedAt = 0;
  #cancel: (() => void) | undefined;

  constructor(milliseconds: number, text: string) {
    this.text = text;
    this.#left = milliseconds;
    this.start();
  }

  /** Aborts when the time is up. */
  get signal(): AbortSignal {
    return this.#expiry.signal;
  }

  start(): void {
    if (this.#cancel || this.signal.aborted) return;
    this.#startedAt = clock.elapsed();
    // A signal of the clock's holds nobody up, as a timer would.
    const strike = clock.timeout(this.#left);
    const onStrike = () => {
      this.#left = 0;
      this.#cancel = undefined;
      this.#expiry.abort(strike.reason);
    };
    strike.addEventListener("abort", onStrike, { once: true });
    this.#cancel = () => strike.removeEventListener("abort", onStrike);
  }

  stop(): void {
    if (!this.#cancel) return;
    this.#left = this.remaining();
    this.#cancel();
    this.#cancel = undefined;
  }

  remaining(): number {
    // A timer may strike a fraction of a millisecond before its time: then none is left.
    if (this.signal.aborted) return 0;
    return this.#cancel ? Math.max(0, this.#left - (clock.elapsed() - this.#startedAt)) : this.#left;
  }

  hasPassed(): boolean {
    return this.signal.aborted;
  }
}
