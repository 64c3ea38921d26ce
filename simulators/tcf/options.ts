import type { SimulatorOptions } from "../core/simulator.ts";

/** A federation of two clusters. Where the vendor's page leaves a behaviour open, an option chooses it. */
export interface TcfOptions extends SimulatorOptions {
  /** The two clusters; default `cluster_1`/`cluster1` active and `cluster_2`/`cluster2` passive, one instance each. */
  clusters?: [TcfClusterOptions, TcfClusterOptions];
  /**
   * What the ids in a list mean; default "relative": each cluster lists itself under the first id and its neighbour under the
   * second, as in the vendor's example stand, where `cluster_1` is the cluster whose configuration it is. "absolute": the same
   * everywhere, as the sample of the vendor's page reads at first sight.
   */
  ids?: "relative" | "absolute";
  /** The coordinators of both clusters (autofailover). Default: none switches by itself. */
  coordinator?: TcfCoordinatorOptions;
  /** How long a change of state takes, in ms; default 0. Meanwhile the state is `switchWord`. */
  switchMs?: number;
  /** The status while a cluster's state changes; default "switching". */
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

/** A coordinator swaps both roles when the active cluster has been unhealthy for `healthCheckDelay` x `maxSuspectCounts`. */
export interface TcfCoordinatorOptions {
  /** Seconds from one health check to the next; default 2, as in the vendor's recorded stand. */
  healthCheckDelay?: number;
  /** Checks that an unhealthy active cluster has to fail; default 3, as there. */
  maxSuspectCounts?: number;
}

export interface TcfClusterOptions {
  /** Its id, where ids are absolute. Where they are relative, every list has the first cluster's id and the second's. */
  id: string;
  name: string;
  /** Default: the first is "active", the second "passive". */
  status?: string;
  /** How many instances serve `/tcf/*`, each on its own port; default 1. */
  instances?: number;
}
