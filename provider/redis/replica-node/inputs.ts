import type { CommonInputs } from "../../core/lifecycle/resource.ts";

/**
 * A node kept a replica: it does not lead the cluster, and no master shard is on it (action `enslave_node`, page "Node actions
 * requests"). An ordinary failover of the cluster is drift here. It is repaired once, and not while another node is away unless
 * `allowOtherNodesUnavailable` says so.
 */
export interface ReplicaNodeInputs extends CommonInputs {
  /** The node's uid, as `rladmin status nodes` shows it. @minimum 1 @asType integer */
  nodeUid: number;
  /**
   * Whether a node that leads the cluster hands the leadership over: `"demote_node": true` is then sent, and the cluster chooses which
   * node leads next. Without it `enslave_node` fails the node's shards over and leaves it the leader: false refuses such a node.
   * Used only where the node leads. A server that does not know the key may answer 400. @default true
   */
  demoteNode?: boolean;
  /**
   * Go ahead although another node is in maintenance (or may be), being removed, handing its shards over, or down: what is failed over
   * then finds fewer nodes to go to. @default false
   */
  allowOtherNodesUnavailable?: boolean;
}

export interface ReplicaNodeOutputs {
  /** The vendor's word for the node's role: `slave`, or `replica`. Not that of the shards on it. */
  role: string;
  /** Master shards on the node: 0 on a replica. Absent where the cluster does not tell; then the role alone counts. @asType integer */
  masterShardCount?: number;
  /** The task of the last `enslave_node`, where there is one. */
  taskId?: string;
}
