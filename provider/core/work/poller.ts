import { abortable, unwanted } from "../data/abort.ts";
import type { Activity } from "../data/activity.ts";
import { clock } from "../data/clock.ts";
import { RequestError } from "../data/errors.ts";

/** How a look at the remote side is made: it ends with the signal, and tells of tries that failed and are repeated. */
export interface LookOptions {
  signal: AbortSignal;
  onTrouble: (error: Error) => void;
  /** Of several that wait for the same look, the wait of the one who makes it. */
  activity?: Activity;
}

export type Look<T> = (options: LookOptions) => Promise<T>;

/** The next look, `delay` milliseconds from now or sooner, by this caller or by another who waits for the same. */
export type Next = <T>(look: Look<T>, delay: number, options: LookOptions) => Promise<Seen<T>>;

/** What was seen, and when the look for it began, on `clock.elapsed`. */
export interface Seen<T> {
  seen: T;
  at: number;
}

/** One caller who waits for the next look. */
interface Ticket {
  due: number;
  look: Look<unknown>;
  signal: AbortSignal;
  onTrouble(error: Error): void;
  activity: Activity | undefined;
  resolve(seen: Seen<unknown>): void;
  reject(error: unknown): void;
}

/** More waits on one list are a crowd: something ends all the time, and a reading every so many milliseconds at most serves them all. */
const crowd = 10;
const shortestInCrowd = 400;

/**
 * One reader for all waits on the same list: whoever is due first looks, in a way of its own, and everybody who waits at that moment
 * gets the answer. N waits cost one request per tick, not N.
 */
class Poller {
  readonly #tickets = new Set<Ticket>();
  #callOff = () => {};
  #running: AbortController | undefined;
  #readAt = Number.NEGATIVE_INFINITY;

  readonly next: Next = async (look, delay, { signal, onTrouble, activity }) => {
    const { promise, resolve, reject } = Promise.withResolvers<Seen<unknown>>();
    const due = clock.elapsed() + delay;
    const ticket: Ticket = { due, look, signal, onTrouble, activity, resolve, reject };
    this.#tickets.add(ticket);
    this.#schedule();
    try {
      return (await abortable(promise, signal)) as Seen<Awaited<ReturnType<typeof look>>>;
    } finally {
      this.#tickets.delete(ticket);
      if (this.#tickets.size === 0) this.#stop();
    }
  };

  #first(): Ticket {
    return [...this.#tickets].reduce((first, ticket) => (ticket.due < first.due ? ticket : first));
  }

  #schedule(): void {
    if (this.#running || this.#tickets.size === 0) return;
    this.#callOff();
    const soonest = this.#tickets.size > crowd ? this.#readAt + shortestInCrowd : 0;
    const due = Math.max(soonest, this.#first().due);
    this.#callOff = clock.after(due - clock.elapsed(), () => void this.#read());
  }

  async #read(): Promise<void> {
    const looker = this.#first();
    const controller = new AbortController();
    this.#running = controller;
    const at = clock.elapsed();
    this.#readAt = at;
    // Only those who asked before the request left may have its answer: a later one may have acted in between.
    const served = [...this.#tickets];
    const onTrouble = (error: Error) => {
      for (const ticket of served) ticket.onTrouble(error);
    };
    try {
      const seen = await looker.look({ signal: controller.signal, onTrouble, activity: looker.activity });
      for (const ticket of served) this.#settle(ticket, () => ticket.resolve({ seen, at }));
    } catch (error) {
      // What the server said of the request it says to all who ask the same. Of anything else, such as that this one has been
      // cancelled, the others know nothing: they look for themselves.
      const isForAll = error instanceof RequestError && !looker.signal.aborted;
      for (const ticket of isForAll ? served : [looker]) this.#settle(ticket, () => ticket.reject(error));
      for (const ticket of served) ticket.due = clock.elapsed();
    } finally {
      // Of several requests in one look, the first failure ends it: the others must not go on for nobody.
      controller.abort(unwanted);
      if (this.#running === controller) {
        this.#running = undefined;
        this.#schedule();
      }
    }
  }

  #settle(ticket: Ticket, settle: () => void): void {
    this.#tickets.delete(ticket);
    settle();
  }

  #stop(): void {
    this.#callOff();
    this.#running?.abort(unwanted);
    this.#running = undefined;
  }
}

/** The looks that the waits of one session share. */
export class Pollers {
  readonly #pollers = new Map<string, { poller: Poller; users: number }>();

  /**
   * Lends the poller of a key for as long as `work` runs.
   *
   * @param key tells what is looked at, on which way and with whose credentials (`Way.id`); undefined: nobody else looks at it
   */
  async lend<T>(key: string | undefined, work: (next: Next) => Promise<T>): Promise<T> {
    if (key === undefined) return work(new Poller().next);
    const entry = this.#pollers.get(key) ?? { poller: new Poller(), users: 0 };
    this.#pollers.set(key, entry);
    entry.users++;
    try {
      return await work(entry.poller.next);
    } finally {
      if (--entry.users === 0) this.#pollers.delete(key);
    }
  }
}
