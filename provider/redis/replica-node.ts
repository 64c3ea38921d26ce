import { type CommonInputs, stateResource } from "../core/resource.ts";
import { becomeReplica, isOpen } from "./replica-converge.ts";
import { forecastReplica, foreseeReplica } from "./replica-forecast.ts";
import { isRunning, observeReplica, type ReplicaState } from "./replica-state.ts";
import { isReplica, roleOutputs } from "./roles.ts";
import { redis } from "./system.ts";

/**
 * A node kept a replica: it does not lead the cluster, and no master shard is on it (action `enslave_node`, page "Node actions
 * requests"). An ordinary failover of the cluster is drift here. It is repaired once, and not while another node is away.
 */
export interface ReplicaNodeInputs extends CommonInputs {
  /** The node's uid, as `rladmin status nodes` shows it. @minimum 1 @asType integer */
  nodeUid: number;
  /**
   * Whether a node that leads the cluster hands the leadership over: `demote_node: true` is then sent, and the cluster chooses which
   * node leads next. Without it `enslave_node` fails the node's shards over and leaves it the leader: false refuses such a node.
   * Used only where the node leads. A server that does not know the key may answer 400. @default true
   */
  demoteNode?: boolean;
}

export interface ReplicaNodeOutputs {
  /** The vendor's word for the node's role: `slave`, or `replica`. Not that of the shards on it. */
  role: string;
  /** Master shards on the node: 0 on a replica. Absent where the cluster does not tell; then the role alone counts. */
  masterShardCount?: number;
  /** The task of the last `enslave_node`, where there is one. */
  taskId?: string;
}

export const replicaNode = stateResource<ReplicaNodeInputs, ReplicaNodeOutputs, ReplicaState>({
  system: redis,
  type: "ReplicaNode",
  timeout: "10m",
  replaceOn: ["nodeUid"],
  id: ({ nodeUid }) => String(nodeUid),
  subject: ({ nodeUid }) => `redis node ${nodeUid}`,
  observe: (scope, { nodeUid }) => observeReplica(scope, nodeUid),
  // What was asked for stays recorded, whatever became of it, or the next `up` would ask for it again.
  exists: (state, inputs) => isReplica(state.status) || isRunning(state) || isOpen({ ...inputs }),
  // Once it was a replica, whatever it is next is drift, which is repaired.
  settles: (state) => isReplica(state.status) && !isRunning(state),
  converge: becomeReplica,
  outputs: ({ status, last }, _inputs, recorded) => ({
    ...roleOutputs(status),
    taskId: last?.taskId ?? recorded?.taskId,
  }),
  preflight: forecastReplica,
  foresee: foreseeReplica,
});
