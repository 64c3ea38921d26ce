import { clock } from "../data/clock.ts";
import { messageOf } from "../data/errors.ts";
import { retryPause } from "../http/retry-pause.ts";
import { Receiver } from "./receiver.ts";

/** Lines that wait for their turn. Of more, the receiver has been away for hours. */
const longest = 1_000;
/** How often one line is tried while the receiver seems well. */
const tries = 3;

/**
 * Delivers lines one after the other, in their order, beside the work that they tell of. It never fails and never holds the work up for
 * long: while a receiver does not answer, lines wait, and the oldest are dropped in the end.
 */
export class Outbox {
  readonly #receiver: Receiver;
  readonly #deliver: (line: string) => Promise<void>;
  readonly #lines: string[] = [];
  #sending: Promise<void> | undefined;
  #dropped = 0;

  /** @param where for messages; without what is secret in it */
  constructor(where: string, deliver: (line: string) => Promise<void>) {
    this.#receiver = new Receiver("events", where);
    this.#deliver = deliver;
  }

  put(line: string): void {
    if (this.#lines.push(line) > longest) {
      this.#lines.shift();
      this.#dropped++;
    }
    this.#sending ??= this.#send().finally(() => {
      this.#sending = undefined;
    });
  }

  /** @param warn is told once that the receiver does not take what it is sent */
  flush(warn: (message: string) => void): Promise<void> {
    return this.#receiver.wait(this.#sending, warn, () =>
      this.#dropped > 0 ? `, and ${this.#dropped} are lost` : "",
    );
  }

  async #send(): Promise<void> {
    for (let line = this.#lines[0]; line !== undefined; line = this.#lines[0]) {
      await this.#try(line);
      // While it was on its way, the oldest ones may have been dropped, this one first.
      if (this.#lines[0] === line) this.#lines.shift();
    }
  }

  async #try(line: string): Promise<void> {
    const receiver = this.#receiver;
    const most = receiver.trouble === undefined ? tries : 1;
    for (let round = 1; round <= most; round++) {
      try {
        await this.#deliver(line);
        receiver.trouble = receiver.failure = undefined;
        return;
      } catch (error) {
        receiver.failure = messageOf(error);
        if (round < most) await clock.pause(retryPause(round - 1), new AbortController().signal);
      }
    }
    receiver.trouble = receiver.failure;
  }
}
