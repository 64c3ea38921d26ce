import { within } from "./bounded.ts";

/** How long an operation waits at its end for what is still on its way, in milliseconds. */
const patience = 1_000;

/** Who is told, as far as it is known whether that works: nobody is held up for long, and one warning has to do. */
export class Receiver {
  readonly #what: string;
  readonly #where: string;
  /** Why what was sent last was given up, if it was. */
  trouble: string | undefined;
  /** Why what is on its way has failed so far. */
  failure: string | undefined;
  #isSlow = false;
  #hasWarned = false;

  /**
   * @param what is told, e.g. `events`
   * @param where for messages; without what is secret in it
   */
  constructor(what: string, where: string) {
    this.#what = what;
    this.#where = where;
  }

  /**
   * Waits for what is on its way.
   *
   * @param warn is told once that it does not arrive
   * @param also what else there is to be said then
   */
  async wait(
    sending: Promise<unknown> | undefined,
    warn: (message: string) => void,
    also = () => "",
  ): Promise<void> {
    // Whoever has kept one operation waiting keeps no other one.
    const longest = this.#isSlow || this.trouble !== undefined ? 0 : patience;
    this.#isSlow = sending !== undefined && !(await within(longest, sending));
    if (this.#hasWarned || (this.trouble === undefined && !this.#isSlow)) return;
    this.#hasWarned = true;
    const why = this.trouble ?? this.failure ?? `no answer within ${patience / 1_000}s`;
    warn(
      `${this.#what} cannot be delivered to ${this.#where}: ${why}; the work goes on without them${also()}`,
    );
  }
}
