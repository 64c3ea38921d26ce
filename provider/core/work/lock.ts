import { abortable } from "../data/abort.ts";

/**
 * Turns within this process, by key. All resources of one `up` share one process; other processes are met at the remote system instead
 * (provider/README.md, rule 3).
 */
export class Locks {
  readonly #tails = new Map<string, Promise<void>>();

  /**
   * Runs `work` while no other holder of the same key does, in order of arrival.
   *
   * @param signal ends the waiting for the lock with its reason; `work` itself minds its own signal
   */
  async hold<T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const { promise: mine, resolve: release } = Promise.withResolvers<void>();
    const tail = before.then(() => mine);
    this.#tails.set(key, tail);
    try {
      await abortable(before, signal);
      return await work();
    } finally {
      release();
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    }
  }

  /** Whoever has a turn with `others`, or waits for one, comes before those who ask here from now on. */
  absorb(others: Locks): void {
    for (const [key, theirs] of others.#tails) {
      const tail = Promise.all([this.#tails.get(key), theirs]).then(() => {
        if (this.#tails.get(key) === tail) this.#tails.delete(key);
      });
      this.#tails.set(key, tail);
    }
  }
}
