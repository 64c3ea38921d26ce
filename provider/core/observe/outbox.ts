import { clock } from "../data/clock.ts";
import { messageOf } from "../data/errors.ts";
import { retryPause } from "../http/retry-pause.ts";
import { within } from "./bounded.ts";

/** Lines that wait for their turn. Of more, the receiver has been away for hours. */
const longest = 1_000;
/** How often one line is tried while the receiver seems well. */
const tries = 3;
/** How long an operation waits at its end for what is still on its way, in milliseconds. */
const patience = 1_000;

/**
 * Delivers lines one after the other, in their order, beside the work that they tell of. It never fails and never holds the work up for
 * long: while a receiver does not answer, lines wait, and the oldest are dropped in the end.
 */
export class Outbox {
  readonly #where: string;
  readonly #deliver: (line: string) => Promise<void>;
  readonly #lines: string[] = [];
  #sending: Promise<void> | undefined;
  /** Why the last line was given up. */
  #trouble: string | undefined;
  /** Why the present one has failed so far. */
  #failure: string | undefined;
  #isSlow = false;
  #hasWarned = false;
  #dropped = 0;

  /** @param where for messages; without what is secret in it */
  constructor(where: string, deliver: (line: string) => Promise<void>) {
    this.#where = where;
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
  async flush(warn: (message: string) => void): Promise<void> {
    // Whoever has kept one operation waiting keeps no other one.
    const wait = this.#isSlow || this.#trouble !== undefined ? 0 : patience;
    this.#isSlow = this.#sending !== undefined && !(await within(wait, this.#sending));
    if (this.#hasWarned || (this.#trouble === undefined && !this.#isSlow)) return;
    this.#hasWarned = true;
    const why = this.#trouble ?? this.#failure ?? `no answer within ${patience / 1_000}s`;
    warn(
      `events cannot be delivered to ${this.#where}: ${why}; the work goes on without them${this.#dropped > 0 ? `, and ${this.#dropped} are lost` : ""}`,
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
    for (let round = 1; ; round++) {
      try {
        await this.#deliver(line);
        this.#trouble = this.#failure = undefined;
        return;
      } catch (error) {
        this.#failure = messageOf(error);
        if (this.#trouble !== undefined || round === tries) {
          this.#trouble = this.#failure;
          return;
        }
        await clock.pause(retryPause(round - 1, undefined), new AbortController().signal);
      }
    }
  }
}
