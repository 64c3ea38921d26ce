import type { Connection } from "../../../provider/index.ts";
import type { Simulator } from "../../../simulators/index.ts";

/** A simulator in a recorded situation. `W` describes the situation, `S` is the simulator, `O` its options. */
export interface Installation<W = unknown, S extends Simulator = Simulator, O = unknown>
  extends AsyncDisposable {
  simulator: S;
  /** The simulator reads them at each request: a change takes effect at once. */
  options: O;
  /** The stack's config, by name. */
  connections: Record<string, Connection>;
  /** Addresses as they are written down, and where they lead in this run. */
  addresses: [written: string, real: string][];
  /** The situation as it is now. */
  look(): W;
  /** Path of the reads that show what is under way. */
  shows: RegExp;
  /** Ends what is under way, successfully. */
  finish(): void;
}

/** The value with the addresses of this run in place of the written ones. */
export function real<T>({ addresses }: Pick<Installation, "addresses">, value: T): T {
  return replaced(value, addresses);
}

/** The value with addresses that mean the same in every run. */
export function written<T>({ addresses }: Pick<Installation, "addresses">, value: T): T {
  return replaced(
    value,
    addresses.map(([from, to]) => [to, from]),
  );
}

function replaced<T>(value: T, pairs: [from: string, to: string][]): T {
  const text = pairs.reduce((sum, [from, to]) => sum.replaceAll(from, to), JSON.stringify(value));
  return JSON.parse(text);
}
