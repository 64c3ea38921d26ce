import { type TimeSource, useClock } from "../../provider/core/data/clock.ts";

interface Timer {
  at: number;
  work(): void;
}

/**
 * A clock in which nothing takes time but what waits: as soon as the process has nothing else to do, the next timer strikes. For tests
 * without sockets.
 */
export class VirtualClock implements TimeSource {
  #at = 0;
  readonly #timers = new Set<Timer>();
  #isRunning = false;

  now(): number {
    return 1_800_000_000_000 + this.#at;
  }

  elapsed(): number {
    return this.#at;
  }

  random(): number {
    return 0.5;
  }

  after(milliseconds: number, work: () => void): () => void {
    const timer = { at: this.#at + milliseconds, work };
    this.#timers.add(timer);
    this.#run();
    return () => this.#timers.delete(timer);
  }

  /** Time that passes while nothing happens, as in a process that is paused. */
  skip(milliseconds: number): void {
    this.#at += milliseconds;
  }

  #run(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    setImmediate(() => {
      this.#isRunning = false;
      const [next] = [...this.#timers].sort((a, b) => a.at - b.at);
      if (!next) return;
      this.#timers.delete(next);
      this.#at = Math.max(this.#at, next.at);
      next.work();
      this.#run();
    });
  }
}

/** Runs `work` by a clock of its own. */
export async function inVirtualTime<T>(work: (clock: VirtualClock) => Promise<T>): Promise<T> {
  const clock = new VirtualClock();
  const putBack = useClock(clock);
  try {
    return await work(clock);
  } finally {
    putBack();
  }
}
