import { ClusteropsError } from "../../core/data/errors.ts";
import type { CallOptions } from "../../core/http/http.ts";
import type { Scope } from "../../core/work/scope.ts";
import { findAction, isAtRest } from "../action/listed.ts";
import { type ActionStatus, getNodeAction, hasEnded, listAllNodeActions } from "../client.ts";
import { getNodeStatus, listNodeStatuses, listNodes, type NodeStatus } from "../nodes-client.ts";
import { describeRole, isReplica, roleOutputs } from "../roles.ts";
import type { Promised } from "../verify.ts";

export interface ReplicaState {
  status: NodeStatus;
  /** The last `enslave_node`, running or ended. */
  last?: ActionStatus;
}

/** Undefined: the cluster has no such node. */
export async function observeReplica(
  scope: Scope,
  nodeUid: number,
  options: CallOptions = { signal: scope.signal },
): Promise<ReplicaState | undefined> {
  // First the action, then the role: one that ends between the two reads would else look as if it had done nothing.
  const last = await getNodeAction(scope.http, nodeUid, "enslave_node", options);
  const status = await getNodeStatus(scope.http, nodeUid, options);
  if (status) return { status, last };
  const nodes = await listNodes(scope.http, options);
  if (!nodes.some((node) => node.nodeUid === nodeUid)) return undefined;
  throw new ClusteropsError(untold(nodeUid));
}

/** The same from lists, where they show a replica at rest. */
export async function observeReplicaInLists(
  { http, signal }: Scope,
  nodeUid: number,
): Promise<ReplicaState | undefined> {
  const [statuses, actions] = await Promise.all([
    listNodeStatuses(http, { signal }),
    listAllNodeActions(http, { signal }),
  ]);
  const status = statuses.find((each) => each.nodeUid === nodeUid);
  const last = findAction(actions, nodeUid, "enslave_node");
  return status && isAtRest(last) && isReplica(status) ? { status, last } : undefined;
}

/** The cluster lists the node, and nothing of its status. */
export function untold(nodeUid: number): string {
  return `the cluster tells no status of node ${nodeUid}: whether it is a replica cannot be told`;
}

export function isRunning({ last }: ReplicaState): boolean {
  return last !== undefined && !hasEnded(last);
}

/** What `enslave_node` is for. */
export type ReplicaPromise = Promised<ReplicaState | undefined, ReplicaState>;

export function replicaPromised(scope: Scope, nodeUid: number): ReplicaPromise {
  return {
    what: `node ${nodeUid} as a replica`,
    look: (options) => observeReplica(scope, nodeUid, options),
    isSo: (state): state is ReplicaState => state !== undefined && isReplica(state.status),
    describe: (state) => (state ? describeRole(state.status) : "the node is gone"),
    outputs: (state) => ({ ...(state && roleOutputs(state.status)) }),
  };
}

/** Said of a node that counts as a replica although half of it is not told. */
export function withoutMasters({ nodeUid, masterShards }: NodeStatus): string | undefined {
  return masterShards === undefined
    ? `node ${nodeUid} does not tell its master shards: only its role counts`
    : undefined;
}
