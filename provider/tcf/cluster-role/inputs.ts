import type { CommonInputs } from "../../core/lifecycle/resource.ts";

/**
 * The role of one cluster, for those who control one side of a federation only; who controls both declares an
 * `ActiveCluster`. Deleting the resource never changes the role. Calls: `/tcf/status`, `/tcf/is_active`, `/tcf/clusters`,
 * `/tcf/promote`, `/tcf/demote`
 * (https://www.tarantool.io/ru/clustersfederation/doc/latest/references/http_reference_tcf_worker).
 */
export interface ClusterRoleInputs extends CommonInputs {
  /**
   * What the cluster behind `connection` is to be. A second active cluster is refused: the other one is demoted first, by
   * whoever controls it.
   */
  role: "active" | "passive";
  /**
   * Name of the cluster behind `connection`, as `/tcf/clusters` lists it, e.g. `cluster1`. Needed only when the list cannot tell
   * which one it is, as with two passive clusters. An id (`cluster_1`) is taken only where the cluster's own word agrees: it may
   * mean another cluster in each cluster's list. @minLength 1
   */
  cluster?: string;
  /** Promote although the other cluster is active, or cannot be seen to be passive. @default false */
  force?: boolean;
  /**
   * How long the new role must have stood before a switch counts as done: a coordinator may take it back some seconds later,
   * which is then an error. Waited for after a switch of this resource only. "10s", "1m", or seconds; "0s" does not wait;
   * shorter than `timeout`. Default: 10s, at most a third of `timeout`.
   */
  stableFor?: string | number;
}

export interface ClusterRoleOutputs {
  /** Absent while the list cannot tell which cluster it is. */
  clusterName?: string;
  /** Its id in its own list: another cluster's list may give the same id to another cluster. */
  clusterId?: string;
  /** `active`, `passive`, or another word, as it was said. */
  status: string;
}

export type Recorded = Partial<ClusterRoleInputs & ClusterRoleOutputs> | undefined;

/** Default of the `timeout` input. */
export const timeout = "5m";
