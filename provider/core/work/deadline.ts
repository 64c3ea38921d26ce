import { clock } from "../data/clock.ts";

/** When an operation has to be over. */
export interface Deadline {
  /** As the user wrote it, for messages. */
  text: string;
  /** Milliseconds that the operation was given in all. */
  total: number;
  /** Milliseconds left, never below 0. */
  remaining(): number;
  hasPassed(): boolean;
}

/** What two timers for the same time may differ by, in milliseconds. */
const sameMoment = 20;

/**
 * A deadline whose time does not run while the operation only waits for its turn behind others of this process. What it does in a turn
 * is a part with time of its own: as much as was left when it got in line, and it runs from the turn on.
 */
export class StoppableDeadline implements Deadline {
  readonly text: string;
  readonly total: number;
  readonly #expiry = new AbortController();
  readonly #whole: StoppableDeadline | undefined;
  readonly #parts = new Set<StoppableDeadline>();
  #hasBegun: boolean;
  #left: number;
  #startedAt = 0;
  /** Runs while the time does. */
  #timer: AbortSignal | undefined;
  readonly #onStrike = () => this.#strike(this.#timer?.reason);

  constructor(milliseconds: number, text: string, whole?: StoppableDeadline) {
    this.text = text;
    this.total = whole?.total ?? milliseconds;
    this.#left = milliseconds;
    this.#whole = whole;
    this.#hasBegun = whole === undefined;
    this.#update();
  }

  /** Aborts when the time is up. */
  get signal(): AbortSignal {
    return this.#expiry.signal;
  }

  /** Gets in line for a turn. While no part of it has its turn, the time of the whole does not run. */
  part(): StoppableDeadline {
    const part = new StoppableDeadline(this.remaining(), this.text, this);
    this.#parts.add(part);
    this.#update();
    return part;
  }

  /** The turn of this part has come. */
  begin(): void {
    this.#hasBegun = true;
    this.#update();
  }

  /** This part is over. */
  end(): void {
    this.#hasBegun = false;
    if (this.#whole) this.#whole.#parts.delete(this);
    this.#update();
  }

  remaining(): number {
    // A timer may strike a fraction of a millisecond before its time: then none is left.
    if (this.signal.aborted) return 0;
    return this.#timer ? Math.max(0, this.#left - (clock.elapsed() - this.#startedAt)) : this.#left;
  }

  hasPassed(): boolean {
    return this.signal.aborted;
  }

  get #runs(): boolean {
    return this.#hasBegun && (this.#parts.size === 0 || [...this.#parts].some((part) => part.#runs));
  }

  #update(): void {
    if (this.#runs) this.#start();
    else this.#stop();
    if (this.#whole) this.#whole.#update();
  }

  #start(): void {
    if (this.#timer || this.signal.aborted) return;
    this.#startedAt = clock.elapsed();
    // A signal of the clock's holds nobody up, as a timer would.
    this.#timer = clock.timeout(this.#left);
    this.#timer.addEventListener("abort", this.#onStrike, { once: true });
  }

  #strike(reason: unknown): void {
    const whole = this.#whole;
    this.#left = 0;
    this.#timer = undefined;
    // Where a part has had all the time of the whole, it is the end of both, whichever timer comes first.
    if (whole && whole.remaining() < sameMoment) whole.#strike(reason);
    this.#expiry.abort(reason);
  }

  #stop(): void {
    if (!this.#timer) return;
    this.#left = this.remaining();
    this.#timer.removeEventListener("abort", this.#onStrike);
    this.#timer = undefined;
  }
}
