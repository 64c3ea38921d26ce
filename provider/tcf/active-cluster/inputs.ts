import type { Connection } from "../../core/connection/settings.ts";
import type { CommonInputs } from "../../core/lifecycle/resource.ts";

/**
 * Which of a federation's two clusters is the active one. Changing `active` fails over, in place; deleting the resource never
 * changes a role. Calls: `/tcf/clusters`, `/tcf/status`, `/tcf/is_active`, `/tcf/demote`, `/tcf/promote`, `/tcf/toggle`
 * (https://www.tarantool.io/ru/clustersfederation/doc/latest/references/http_reference_tcf_worker).
 */
export interface ActiveClusterInputs extends CommonInputs {
  /**
   * Name of the cluster that is to be active, as `/tcf/clusters` lists it, e.g. `cluster1`. An id (`cluster_1`) is taken where
   * it means one cluster in both lists. @minLength 1
   */
  active: string;
  /**
   * Both clusters: the name of each, and the connection that leads to its own endpoints. Exactly two. Each cluster is
   * asked, since one endpoint's view cannot prove what the other cluster is. Names are the same in every list; ids may be
   * relative to the cluster that lists them (`cluster_1` is then itself, `cluster_2` its neighbour), and are refused where they
   * do not tell the clusters apart.
   */
  clusters: Record<string, string | Connection>;
  /**
   * `demoteThenPromote`: demote the old, see both passive on both sides, promote the new, see exactly one active on both sides.
   * `toggle`: the single call, only from one active and one passive cluster, and never sent again on a doubt; other states are
   * put right with demote and promote. @default "demoteThenPromote"
   */
  strategy?: "demoteThenPromote" | "toggle";
  /**
   * Go on when the other cluster cannot be reached or read: `active` is promoted alone. Nothing then proves that the other
   * one is not active as well, and what it had not replicated yet is missing. @default false
   */
  force?: boolean;
  /** When both clusters are active: demote the other one. What only it has written may be lost. @default false */
  resolveBothActive?: boolean;
  /**
   * How long the new roles must have stood before a switch counts as done: a coordinator that finds the new active cluster
   * unhealthy takes it back some seconds later, which is then an error. Waited for after a switch of this resource only. "10s",
   * "1m", or seconds; "0s" does not wait; shorter than `timeout`. Default: 10s, at most a third of `timeout` (more than
   * `health_check_delay` x `max_suspect_counts` of the vendor's example stand, which is 6 s).
   */
  stableFor?: string | number;
  /** Not used here: each entry of `clusters` says how its cluster is reached. */
  connection?: string | Connection;
}

export interface ActiveClusterOutputs {
  /** Name of the active cluster. Absent only after a refresh that has seen none or both active. */
  activeName: string;
  /** Its id, where both clusters list the same one; else its name. Absent as `activeName`. */
  activeId: string;
  /** Name of the other cluster. Absent as `activeName`. */
  passiveName: string;
  /** As `activeId`, of the other cluster. */
  passiveId: string;
  /** Name of the cluster that was active before the present one, as far as this resource has seen. */
  previousActiveName?: string;
  /** As `activeId`, of the cluster that was active before the present one. */
  previousActiveId?: string;
}

export type Recorded = Partial<ActiveClusterInputs & ActiveClusterOutputs> | undefined;

/** Default of the `timeout` input. */
export const timeout = "5m";
