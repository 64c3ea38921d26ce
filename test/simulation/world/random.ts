import { generator } from "../../support/generator.ts";

/** Choices that only a seed decides. */
export class Random {
  readonly next: () => number;

  constructor(seed: number) {
    this.next = generator(seed);
  }

  /** Choices of their own: what is drawn here changes nothing of what others draw. */
  fork(): Random {
    return new Random(Math.floor(this.next() * 2 ** 32));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A whole number from `from` to `to`, both included. */
  int(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }

  /** As likely short as long, by orders of magnitude. */
  spread(from: number, to: number): number {
    return Math.round(from * (to / from) ** this.next());
  }

  pick<T>(all: readonly T[]): T {
    return all[Math.floor(this.next() * all.length)] as T;
  }

  /** One of them, by weight. */
  weighted<T>(all: readonly (readonly [weight: number, value: T])[]): T {
    let left = this.next() * all.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of all) {
      left -= weight;
      if (left < 0) return value;
    }
    return (all.at(-1) as readonly [number, T])[1];
  }

  some<T>(all: readonly T[], count: number): T[] {
    const left = [...all];
    const chosen: T[] = [];
    while (chosen.length < count && left.length > 0)
      chosen.push(...left.splice(Math.floor(this.next() * left.length), 1));
    return chosen;
  }
}
