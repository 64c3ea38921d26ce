import type {
  ActiveClusterInputs,
  ActiveClusterOutputs,
  CanFailOverArgs,
  CanFailOverResult,
  ClusterRoleInputs,
  ClusterRoleOutputs,
  GetClustersArgs,
  GetStatusArgs,
  IsActiveArgs,
  TcfCluster,
} from "../provider/index.ts";
import { type Args, resourceClass } from "./dynamic.ts";
import { functionPair } from "./functions.ts";

/** What each class takes. */
export type ActiveClusterArgs = Args<ActiveClusterInputs>;
export type ClusterRoleArgs = Args<ClusterRoleInputs>;

/** Which of a federation's two clusters is active. Changing `active` fails over; deleting it changes nothing. */
export class ActiveCluster extends resourceClass<ActiveClusterInputs, ActiveClusterOutputs>(
  "tcf",
  "ActiveCluster",
) {}

/** The role of one cluster, for those who control one side only. Deleting it changes nothing. */
export class ClusterRole extends resourceClass<ClusterRoleInputs, ClusterRoleOutputs>("tcf", "ClusterRole") {}

/** The state of the cluster behind the connection, in its own word. */
export const [getStatus, getStatusOutput] = functionPair<GetStatusArgs, { status: string }>("tcf:getStatus");

/** Whether the cluster behind the connection is active. */
export const [isActive, isActiveOutput] = functionPair<IsActiveArgs, { active: boolean }>("tcf:isActive");

/** Both clusters of the federation, as the one behind the connection sees them. */
export const [getClusters, getClustersOutput] = functionPair<GetClustersArgs, { clusters: TcfCluster[] }>(
  "tcf:getClusters",
);

/** Whether a failover could begin now, and what is in its way. From reads only. */
export const [canFailOver, canFailOverOutput] = functionPair<CanFailOverArgs, CanFailOverResult>(
  "tcf:canFailOver",
);
