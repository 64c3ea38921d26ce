import { clock } from "../data/clock.ts";
import type { Objection } from "../guards/judge.ts";
import { LookTimes } from "../http/permit.ts";

/** What holds back one operation, or its preview (core/guards/). */
export interface Guard {
  /** How many nodes of an installation may be away at once. */
  readonly maxNodesAway?: { at: string; most: number };
  /** Whether somebody has given a reason for which nothing is held back. */
  readonly isOverridden: boolean;
  /** For an objection that only the system can make. Where guards are overridden it only warns. @throws GuardRefusal */
  object(objection: Objection): void;
  /** The same for a preview. */
  foresee(objection: Objection): { refusal: Objection } | { warning: string };
}

/** What has become of the requests of one operation that may change something. `once` keeps it up to date, specs and messages ask. */
export class Requests {
  /** How long its looks take. */
  readonly lookTimes = new LookTimes();
  /** Why a judge has held back what would have been the first one: an operation that ends then has sent nothing. */
  heldBack: unknown;
  readonly #open = new Set<object>();
  readonly #missingSince = new Map<string, number>();
  #isDecided = false;
  #leftAt: number | undefined;
  #doubtedAt: number | undefined;
  /** Asked before anything has left: from then on nothing stops an operation half way. */
  guard: Guard | undefined;

  /** Whether it was decided to send one: what was seen by then has shown that nothing of an earlier operation stands in its place. */
  get isDecided(): boolean {
    return this.#isDecided;
  }

  /** Whether any has left, whatever became of it: only where none has, "nothing was sent" is true. */
  get haveLeft(): boolean {
    return this.#leftAt !== undefined;
  }

  /** When the last one has left: milliseconds since the epoch. */
  get leftAt(): number | undefined {
    return this.#leftAt;
  }

  /** Whether any has been carried out, or may be. */
  get mayCount(): boolean {
    return this.#open.size > 0;
  }

  /** Milliseconds since an answer was first in doubt; from now on, where none was. */
  inDoubtFor(): number {
    this.#doubtedAt ??= clock.elapsed();
    return clock.elapsed() - this.#doubtedAt;
  }

  /** Milliseconds since something on the way first said of a request that there is no such path; from now on, where nothing did. */
  missingFor(what: string): number {
    const since = this.#missingSince.get(what) ?? clock.elapsed();
    this.#missingSince.set(what, since);
    return clock.elapsed() - since;
  }

  decided(): void {
    this.#isDecided = true;
  }

  left(): void {
    this.#leftAt = clock.now();
  }

  /** The request has been carried out, or may be. */
  counts(request: object): void {
    this.#open.add(request);
  }

  /** It provably was not, and is not any more. */
  countsNot(request: object): void {
    this.#open.delete(request);
  }
}
