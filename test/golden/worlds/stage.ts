import type { Connection } from "../../../provider/index.ts";
import type { Simulator } from "../../../simulators/index.ts";

/** An installation in small, in a recorded situation. `W` describes the situation, `S` is the simulator, `O` its options. */
export interface Stage<W = unknown, S extends Simulator = Simulator, O = unknown> extends AsyncDisposable {
  simulator: S;
  /** The simulator looks at them at each request: changed, they hold from then on. */
  options: O;
  /** The stack's config, by name. */
  connections: Record<string, Connection>;
  /** Addresses as they are written down, and where they lead in this run. */
  addresses: [written: string, real: string][];
  /** The situation as it is now. */
  look(): W;
  /** Path of the reads that show what is under way. */
  shows: RegExp;
  /** What is under way comes to its end, and ends well. */
  finish(): void;
}

/** The value with the addresses of this run in place of the written ones. */
export function real<T>({ addresses }: Pick<Stage, "addresses">, value: T): T {
  return replaced(value, addresses);
}

/** The value with addresses that mean the same in every run. */
export function written<T>({ addresses }: Pick<Stage, "addresses">, value: T): T {
  return replaced(
    value,
    addresses.map(([from, to]) => [to, from]),
  );
}

function replaced<T>(value: T, pairs: [from: string, to: string][]): T {
  const text = pairs.reduce((sum, [from, to]) => sum.replaceAll(from, to), JSON.stringify(value));
  return JSON.parse(text);
}
