import { abortable } from "../data/abort.ts";
import { clock } from "../data/clock.ts";

/** How a look at the remote side is made: it ends with the signal, and tells of tries that failed and are repeated. */
export interface LookOptions {
  signal: AbortSignal;
  onTrouble: (error: Error) => void;
}

interface Ticket {
  due: number;
  resolve(seen: unknown): void;
  reject(error: unknown): void;
  onTrouble(error: Error): void;
}

/** More waits on one list are a crowd: something ends all the time, and a reading every so many milliseconds at most serves them all. */
const crowd = 10;
const shortestInCrowd = 300;

/**
 * One reader for all waits on the same list: whoever is due first makes the request, and everybody who waits at that moment
 * gets its answer. N waits cost one request per tick, not N.
 */
class Poller {
  private readonly tickets = new Set<Ticket>();
  private callOff = () => {};
  private running: AbortController | undefined;
  private readAt = Number.NEGATIVE_INFINITY;

  async next<T>(
    look: (options: LookOptions) => Promise<T>,
    delay: number,
    { signal, onTrouble }: LookOptions,
  ): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const ticket: Ticket = { due: clock.elapsed() + delay, resolve, reject, onTrouble };
    this.tickets.add(ticket);
    this.schedule(look);
    try {
      return (await abortable(promise, signal)) as T;
    } finally {
      this.tickets.delete(ticket);
      if (this.tickets.size === 0) this.stop();
    }
  }

  private schedule(look: (options: LookOptions) => Promise<unknown>): void {
    if (this.running) return;
    this.callOff();
    const soonest = this.tickets.size > crowd ? this.readAt + shortestInCrowd : 0;
    const due = Math.max(soonest, Math.min(...[...this.tickets].map((ticket) => ticket.due)));
    this.callOff = clock.after(due - clock.elapsed(), () => void this.read(look));
  }

  private async read(look: (options: LookOptions) => Promise<unknown>): Promise<void> {
    const controller = new AbortController();
    this.running = controller;
    this.readAt = clock.elapsed();
    // Only those who asked before the request left may have its answer: a later one may have acted in between.
    const served = [...this.tickets];
    try {
      const seen = await look({
        signal: controller.signal,
        onTrouble: (error) => {
          for (const ticket of served) ticket.onTrouble(error);
        },
      });
      for (const ticket of served) ticket.resolve(seen);
    } catch (error) {
      for (const ticket of served) ticket.reject(error);
    } finally {
      // Of several requests in one look, the first failure ends it: the others must not go on for nobody.
      controller.abort(new Error("the look has ended"));
      for (const ticket of served) this.tickets.delete(ticket);
      if (this.running === controller) this.running = undefined;
      if (this.tickets.size > 0) this.schedule(look);
    }
  }

  private stop(): void {
    this.callOff();
    this.running?.abort(new Error("nobody waits any more"));
    this.running = undefined;
  }
}

const pollers = new Map<string, { poller: Poller; users: number }>();

/** Lends the poller of a key for as long as `work` runs. */
export async function withPoller<T>(
  key: string,
  work: (
    next: <S>(look: (options: LookOptions) => Promise<S>, delay: number, options: LookOptions) => Promise<S>,
  ) => Promise<T>,
): Promise<T> {
  const entry = pollers.get(key) ?? { poller: new Poller(), users: 0 };
  pollers.set(key, entry);
  entry.users++;
  try {
    return await work((look, delay, options) => entry.poller.next(look, delay, options));
  } finally {
    if (--entry.users === 0) pollers.delete(key);
  }
}
