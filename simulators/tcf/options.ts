import type { SimulatorOptions } from "../core/simulator.ts";

/** A federation of two clusters. Where the vendor's page leaves a behaviour open, an option chooses it. */
export interface TcfOptions extends SimulatorOptions {
  /** The two clusters; default `cluster_1`/`cluster1` active and `cluster_2`/`cluster2` passive, one instance each. */
  clusters?: [TcfClusterOptions, TcfClusterOptions];
  /** How long a change of state takes, in ms; default 0. Meanwhile the state is `switchWord`. */
  switchMs?: number;
  /** What a cluster says while its state changes; default "switching". */
  switchWord?: string;
  /** Whether promote, demote and toggle answer only when the change is done; default false: at once. */
  waitsForSwitch?: boolean;
  /** What promote does while the other cluster is active; default "refuse" (500). */
  promoteWhileOtherActive?: "refuse" | "autoDemote" | "bothActive";
  /** What the list says of a dead cluster once the other one was promoted; default "passive". */
  statusAfterFailover?: string;
  /** Body of a successful POST; default "empty". */
  successBody?: "empty" | "text";
  /** `/tcf/status` ends with a newline; default true, as the vendor's curl sample prints it. */
  trailingNewline?: boolean;
}

export interface TcfClusterOptions {
  id: string;
  name: string;
  /** Default: the first is "active", the second "passive". */
  status?: string;
  /** How many instances serve `/tcf/*`, each on its own port; default 1. */
  instances?: number;
}
