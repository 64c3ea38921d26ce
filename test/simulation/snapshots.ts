import type { PlainAnswer } from "../../simulators/index.ts";
import type { Exchange } from "./history.ts";

/** How often each system has been changed. */
export class Effects {
  readonly #counts = new Map<string, number>();

  count(system: string): void {
    this.#counts.set(system, this.of(system) + 1);
  }

  of(system: string): number {
    return this.#counts.get(system) ?? 0;
  }
}

/** Answers of each path that are kept. */
const most = 7;

/** What an endpoint has answered of late: a follower that lags says it again. */
export class Snapshots {
  readonly #answered = new Map<string, { answer: PlainAnswer; effects: number }[]>();
  readonly #effects: Effects;

  constructor(effects: Effects) {
    this.#effects = effects;
  }

  keep({ system, target }: Exchange, answer: PlainAnswer): void {
    const kept = this.#answered.get(target) ?? [];
    if (kept.length === 0) this.#answered.set(target, kept);
    else if (kept.length === most) kept.shift();
    kept.push({ answer, effects: this.#effects.of(system) });
  }

  /** What it said before the last change. */
  older({ system, target }: Exchange): PlainAnswer | undefined {
    const now = this.#effects.of(system);
    return this.#answered.get(target)?.findLast(({ effects }) => effects < now)?.answer;
  }
}
