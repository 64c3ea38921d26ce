import type { Exchange } from "./history.ts";
import type { Trouble } from "./story.ts";
import type { Scheduler } from "./world/scheduler.ts";

interface Cut {
  loses: "requests" | "answers" | "both";
  /** Whose; undefined: everybody's. */
  stack: string | undefined;
}

/** Ways to endpoints that are cut, in one direction or in both, for everybody or for one stack. */
export class Partitions {
  readonly #cuts = new Map<string, Set<Cut>>();
  readonly #scheduler: Scheduler;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  cut(exchange: Exchange, { ms, loses, from }: Extract<Trouble, { kind: "partition" }>): void {
    const key = keyOf(exchange);
    const cuts = this.#cuts.get(key) ?? new Set();
    const cut: Cut = { loses, stack: from === "one" ? exchange.stack : undefined };
    this.#cuts.set(key, cuts.add(cut));
    this.#scheduler.after(ms, undefined, () => cuts.delete(cut));
  }

  heal(): void {
    this.#cuts.clear();
  }

  isCut(exchange: Exchange, what: "requests" | "answers"): boolean {
    // Asked of each request, and in most stories there is none.
    if (this.#cuts.size === 0) return false;
    const cuts = [...(this.#cuts.get(keyOf(exchange)) ?? [])];
    return cuts.some(
      ({ loses, stack = exchange.stack }) => stack === exchange.stack && (loses === what || loses === "both"),
    );
  }
}

function keyOf({ system, endpoint }: Exchange): string {
  return `${system} ${endpoint}`;
}
