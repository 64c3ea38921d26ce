import { isDeepStrictEqual } from "node:util";
import { clock } from "../data/clock.ts";

/** A request whose answer was lost: it may yet take effect. */
export interface LateEffect {
  /** What it would change, e.g. `role of dc-east`. */
  on: string;
  /** What it would do, e.g. `promote`. */
  does: string;
  /** When it came to be reckoned with: milliseconds since the epoch. Absent in what earlier versions recorded. */
  since?: number;
  /** Until when it may come: milliseconds since the epoch. */
  until: number;
}

/** When each is over, on the clock that does not jump when the machine's is set: `until` is for the record. */
const ends = new WeakMap<LateEffect, number>();

/** How long, in milliseconds, it may yet come. 0: it no longer can. */
export function remaining(effect: LateEffect): number {
  const end = ends.get(effect) ?? clock.elapsed() + effect.until - clock.now();
  ends.set(effect, end);
  return Math.max(0, end - clock.elapsed());
}

/** What a request would change, and what it would do. */
type Doing = Pick<LateEffect, "on" | "does">;

/** Whether the two would do the same, so that an effect that is seen may be of either. */
export function isTwin(one: Doing, other: Doing): boolean {
  return one.on === other.on && one.does === other.does;
}

/** For so long, in milliseconds, what has ended is kept beside what does the same: longer than any request may be on its way. */
const longestTwin = 120_000;

/** Those to be remembered: what may yet come, and what that cannot be told from, which may have come meanwhile. */
export function stillToCome(effects: readonly LateEffect[]): LateEffect[] {
  const pending = effects.filter((effect) => remaining(effect) > 0);
  const since = clock.now() - longestTwin;
  return effects.filter((it) => it.until > since && pending.some((other) => isTwin(it, other)));
}

/** Requests that may yet take effect. No opposite call on the same object is sent before they no longer can (once.ts). */
export class LateEffects {
  #all: LateEffect[] = [];

  add(effect: LateEffect): void {
    // From here on it is measured.
    remaining(effect);
    this.#all.push(effect);
  }

  remove(effect: LateEffect): void {
    // The same one may have been recorded, and read again.
    this.#all = this.#all.filter((other) => !isDeepStrictEqual(other, effect));
  }

  absorb(others: LateEffects): void {
    this.#all.push(...others.#all);
  }

  /** The same call on the object was seen to have taken effect. */
  landed(request: Doing): void {
    this.#all = this.#all.filter((effect) => !isTwin(effect, request));
  }

  /** How long, in milliseconds, any call may yet take effect on the object. 0: nothing is to be expected. */
  pending(on: string): number {
    return this.longest((effect) => effect.on === on);
  }

  /** How long, in milliseconds, another call than this may yet take effect on the object. 0: nothing is to be expected. */
  opposite({ on, does }: Doing): number {
    return this.longest((effect) => effect.on === on && effect.does !== does);
  }

  /** How long, in milliseconds, any of these may yet take effect. 0: nothing is to be expected. */
  longest(isMeant: (effect: LateEffect) => boolean): number {
    this.#all = this.#all.filter((effect) => remaining(effect) > 0);
    return Math.max(0, ...this.#all.filter(isMeant).map(remaining));
  }
}
