import type { Counts, RequestRecord, Simulator } from "../../simulators/index.ts";

/** Several simulators as one, for a flow that runs on all of them. */
export class Combined {
  readonly #systems: Simulator[];

  constructor(...systems: Simulator[]) {
    this.#systems = systems;
  }

  /** All of them, oldest first. */
  get requests(): RequestRecord[] {
    return this.#systems.flatMap(({ requests }) => requests).sort((one, other) => one.at - other.at);
  }

  /** Sums over all of them. */
  counts(): Counts {
    const sum: Counts = { mutating: 0, effects: 0, reads: 0, tokens: 0, connections: 0 };
    for (const counts of this.#systems.map((system) => system.counts()))
      for (const key of Object.keys(sum) as (keyof Counts)[]) sum[key] += counts[key];
    return sum;
  }

  resetCounts(): void {
    for (const system of this.#systems) system.resetCounts();
  }

  async close(): Promise<void> {
    await Promise.all(this.#systems.map((system) => system.close()));
  }
}
