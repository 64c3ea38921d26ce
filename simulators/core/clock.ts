/** The time source of a simulator. State machines read it at each request, so nothing runs in the background. */
export interface Clock {
  /** Milliseconds since the epoch, as this clock sees them. */
  now(): number;
  /** Moves this clock forward: on a manual clock the only way time passes, on a real one a jump. */
  advance(ms: number): void;
  /** Resolves when `ms` have passed on this clock, or at once when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's clock; `advance` jumps ahead of it. */
export function realClock(): Clock {
  return new SimulatedClock(() => Date.now());
}

/**
 * A clock that stands still until `advance` is called.
 * @param startAt Milliseconds since the epoch; default 2026-01-01T00:00:00Z, so that answers are the same in every run.
 */
export function manualClock(startAt: number = Date.UTC(2026, 0, 1)): Clock {
  return new SimulatedClock(() => startAt, false);
}

interface Sleeper {
  until: number;
  wake(): void;
}

class SimulatedClock implements Clock {
  private readonly base: () => number;
  private readonly ticks: boolean;
  private readonly sleepers = new Set<Sleeper>();
  private offset = 0;

  constructor(base: () => number, ticks = true) {
    this.base = base;
    this.ticks = ticks;
  }

  now(): number {
    return this.base() + this.offset;
  }

  advance(ms: number): void {
    this.offset += ms;
    for (const sleeper of [...this.sleepers]) if (sleeper.until <= this.now()) sleeper.wake();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms <= 0 || signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper = { until: this.now() + ms, wake };
      const timer = this.ticks ? setTimeout(wake, ms) : undefined;
      const sleepers = this.sleepers;
      sleepers.add(sleeper);
      signal?.addEventListener("abort", wake);
      function wake() {
        clearTimeout(timer);
        signal?.removeEventListener("abort", wake);
        sleepers.delete(sleeper);
        resolve();
      }
    });
  }
}
