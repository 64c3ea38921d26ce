import { clock } from "../data/clock.ts";

/** What has become of the requests of one operation that may change something. `once` keeps it up to date, specs and messages ask. */
export class Requests {
  /** Why a judge has held back what would have been the first one: an operation that ends then has sent nothing. */
  heldBack: unknown;
  readonly #open = new Set<object>();
  #isDecided = false;
  #haveLeft = false;
  #doubtedAt: number | undefined;

  /** Whether it was decided to send one: what was seen by then has shown that nothing of an earlier operation stands in its place. */
  get isDecided(): boolean {
    return this.#isDecided;
  }

  /** Whether any has left, whatever became of it: only where none has, "nothing was sent" is true. */
  get haveLeft(): boolean {
    return this.#haveLeft;
  }

  /** Whether any has been carried out, or may be. */
  get mayCount(): boolean {
    return this.#open.size > 0;
  }

  /** Milliseconds since an answer was first in doubt; from now on, where none was. */
  inDoubtFor(): number {
    this.#doubtedAt ??= clock.elapsed();
    return clock.elapsed() - this.#doubtedAt;
  }

  decided(): void {
    this.#isDecided = true;
  }

  left(): void {
    this.#haveLeft = true;
  }

  /** The request has been carried out, or may be. */
  counts(request: object): void {
    this.#open.add(request);
  }

  /** It provably was not, and is not any more. */
  countsNot(request: object): void {
    this.#open.delete(request);
  }
}
