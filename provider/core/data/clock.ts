/** What tells the time, wakes, and rolls dice. A simulation brings one of its own, in which nothing happens but what it wants. */
export interface TimeSource {
  /** Milliseconds since the epoch: for what is shown, recorded, or compared with what a server tells. */
  now(): number;
  /** Milliseconds since some moment: for all that is measured. It does not jump when the machine's clock is set. */
  elapsed(): number;
  /** From 0 up to, but not including, 1. */
  random(): number;
  /** Runs `work` once `milliseconds` have passed, perhaps a fraction of one early. The result calls it off. */
  after(milliseconds: number, work: () => void): () => void;
  /** A signal that aborts then, and holds nobody up meanwhile. Absent: made of `after`. */
  timeout?(milliseconds: number): AbortSignal;
}

/** The one clock of this provider. Nothing else reads the time, sets a timer or rolls dice (a lint rule sees to it). */
export interface Clock extends Required<TimeSource> {
  /** Waits, or throws the signal's own reason at once when it is aborted. No timer outlives an abort. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
}

const machine: TimeSource = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  random: () => Math.random(),
  after(milliseconds, work) {
    const timer = setTimeout(work, milliseconds);
    return () => clearTimeout(timer);
  },
  // Node's own neither keeps the process alive nor the signal in memory.
  timeout: (milliseconds) => AbortSignal.timeout(milliseconds),
};

let source = machine;

export const clock: Clock = {
  now: () => source.now(),
  elapsed: () => source.elapsed(),
  random: () => source.random(),
  after: (milliseconds, work) => source.after(Math.max(0, milliseconds), work),
  timeout: (milliseconds) => (source.timeout ?? timeoutOf(source))(Math.ceil(Math.max(0, milliseconds))),
  async pause(milliseconds, signal) {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const callOff = clock.after(milliseconds, resolve);
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      await promise;
    } finally {
      callOff();
      signal.removeEventListener("abort", onAbort);
    }
  },
};

/**
 * Runs everything by another source of time from now on, timers that are already set aside.
 *
 * @returns puts the one before it back
 */
export function useClock(other: TimeSource): () => void {
  const before = source;
  source = other;
  return () => {
    source = before;
  };
}

function timeoutOf(source: TimeSource): (milliseconds: number) => AbortSignal {
  return (milliseconds) => {
    const controller = new AbortController();
    // In the words of AbortSignal.timeout.
    const reason = new DOMException("The operation was aborted due to timeout", "TimeoutError");
    source.after(milliseconds, () => controller.abort(reason));
    return controller.signal;
  };
}
