import { abortable } from "../core/data/abort.ts";
import { clock } from "../core/data/clock.ts";
import type { CallOptions } from "../core/http/call.ts";
import { path } from "../core/http/path.ts";
import { anyOfEndpoints, namingSilence } from "../core/http/silences.ts";
import type { Way } from "../core/work/installation.ts";
import { type DatabaseState, getDatabaseState } from "./client.ts";

/** Reads of one director's channel, at most, within `window` milliseconds, however many nodes follow it. */
const most = 2;
const window = 500;

/**
 * What a director has of a channel, for whoever asks: all who ask before a read leaves share its answer, and none gets one that left
 * before it asked, since somebody may have pruned in between.
 */
export function readDirector(way: Way, channel: string, options: Asked): Promise<DatabaseState> {
  const all = way.installation.note("factfinder director reads", () => new Map<string, SharedRead>());
  // Only the same way, credentials included, sees the same.
  const key = `${way.id} ${channel}`;
  const shared = all.get(key) ?? new SharedRead();
  all.set(key, shared);
  const noteTrouble = options.onTrouble ?? options.noteTrouble;
  const state = path`/rest/v5/cluster/${channel}/database/state`;
  const url = anyOfEndpoints(way, state);
  return namingSilence({ url, signal: options.signal, noteTrouble }, () =>
    shared.ask((how) => getDatabaseState(way, channel, how), { ...pick(options), onTrouble: noteTrouble }),
  );
}

/** A scope may itself be the options. */
type Asked = CallOptions & { noteTrouble?(error: Error): void };

type Read = (options: CallOptions) => Promise<DatabaseState>;

interface Ticket extends CallOptions {
  read: Read;
  resolve(state: DatabaseState): void;
  reject(error: unknown): void;
}

/** One read at a time for all who wait for it. */
class SharedRead {
  readonly #tickets = new Set<Ticket>();
  readonly #sentAt: number[] = [];
  #isBusy = false;

  async ask(read: Read, options: CallOptions): Promise<DatabaseState> {
    const { promise, resolve, reject } = Promise.withResolvers<DatabaseState>();
    const ticket: Ticket = { ...options, read, resolve, reject };
    this.#tickets.add(ticket);
    this.#schedule();
    try {
      return await abortable(promise, options.signal);
    } finally {
      this.#tickets.delete(ticket);
    }
  }

  #schedule(): void {
    if (this.#isBusy || this.#tickets.size === 0) return;
    this.#isBusy = true;
    const [before = Number.NEGATIVE_INFINITY] = this.#sentAt.slice(-most);
    const isFull = this.#sentAt.length >= most;
    clock.after(isFull ? before + window - clock.elapsed() : 0, () => void this.#send());
  }

  /** The way and the patience of whoever has waited longest; who leaves takes the request along only if nobody else waits. */
  async #send(): Promise<void> {
    const [first] = this.#tickets;
    if (first) {
      const served = [...this.#tickets].filter(({ patience }) => patience === first.patience);
      this.#sentAt.splice(0, this.#sentAt.length - most + 1);
      this.#sentAt.push(clock.elapsed());
      await this.#serve(first, served);
    }
    this.#isBusy = false;
    this.#schedule();
  }

  async #serve(first: Ticket, served: Ticket[]): Promise<void> {
    const { signal, patience } = first;
    const onTrouble = (error: Error) => {
      for (const ticket of served) ticket.onTrouble?.(error);
    };
    try {
      const state = await first.read({ signal, patience, onTrouble });
      for (const ticket of served) ticket.resolve(state);
    } catch (error) {
      // The end of one operation is no failure of the others': they are served by the next read.
      for (const ticket of signal.aborted ? [first] : served) ticket.reject(error);
      if (signal.aborted) return;
    }
    for (const ticket of served) this.#tickets.delete(ticket);
  }
}

/** Field by field: a scope is more than that. */
function pick({ signal, patience, onTrouble }: CallOptions): CallOptions {
  return { signal, patience, onTrouble };
}
