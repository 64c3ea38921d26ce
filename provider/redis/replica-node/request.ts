import { advice } from "../../core/data/advice.ts";
import { Refusal } from "../../core/data/errors.ts";
import type { ActionHandle } from "../action/handle.ts";
import type { NodeStatus } from "../nodes-client.ts";
import { byHand, countMasters, describeRole, handsOver, isFollower, isLeader } from "../roles.ts";
import type { ReplicaNodeInputs } from "./inputs.ts";

/*
 * What to ask for to make a node a replica, and what is said of it: by previews, and by the operation itself.
 */

/** The body of `enslave_node`: `demote_node` (of the vendor's generated client) is what changes the node's own role. */
export type Body = { demote_node?: true };

/**
 * What to ask for.
 *
 * @param sent what the operation has sent by now, for the message
 * @throws Refusal where the role or the master shards are not known, or the leadership is to stay
 */
export function bodyFor(
  status: NodeStatus,
  { nodeUid, demoteNode = true }: ReplicaNodeInputs,
  sent = "nothing was sent",
): Body {
  if (status.isMastersUnread) {
    throw new Refusal(
      "nodeUid",
      `node ${nodeUid} tells its master shards (master_shards) in a way that cannot be read: whether it is a replica cannot be told, neither now nor afterwards; ${sent}`,
    );
  }
  if (isFollower(status)) return {};
  if (!isLeader(status)) {
    throw new Refusal(
      "nodeUid",
      `node ${nodeUid} tells the role ${status.role ?? "(none)"}, neither master nor slave: whether it leads the cluster cannot be told; ${sent}`,
    );
  }
  if (demoteNode) return { demote_node: true };
  throw new Refusal(
    "demoteNode",
    `node ${nodeUid} leads the cluster (role ${status.role}): with demoteNode: false enslave_node would fail its shards over and leave it the leader; ${sent}: set demoteNode: true, or ${byHand}`,
  );
}

/** What is about to be done to a node, for previews and for the operation itself. */
export function announced({ nodeUid, masterShards }: NodeStatus, body: Body): string {
  if (body.demote_node) return handsOver(nodeUid);
  const masters = masterShards === undefined ? "its master shards" : countMasters(masterShards);
  return `node ${nodeUid} does not lead the cluster, and has ${masters}: enslave_node fails them over to other nodes`;
}

/** Said of other nodes that are away. */
export const nothingMeanwhile = "no shard is failed over and no leadership handed over meanwhile; ";

/** Whether what was asked for holds all that `body` would: `demote_node: true` changes the shards, too. */
export function covers(sent: Record<string, unknown> | undefined, body: Body): boolean {
  // Before there was `demoteNode` nothing was sent but an empty object.
  return sent?.demote_node === true || body.demote_node !== true;
}

/**
 * Whether the request would be one that has completed and come to nothing. A node that has got, or lost, the leadership since is another
 * case: what came to nothing before may do now.
 */
export function wouldRepeat(
  handle: Partial<ActionHandle> | undefined,
  status: NodeStatus,
  body: Body,
): boolean {
  const { isFutile, wasLeader, parameters } = handle ?? {};
  const isSameCase = wasLeader === undefined || wasLeader === isLeader(status);
  return isFutile === true && isSameCase && covers(parameters, body);
}

interface Asked {
  taskId?: string;
  parameters?: Record<string, unknown>;
}

/** What became of a request that completed and came to nothing, by what is seen now. */
export function cameToNothing(status: NodeStatus, asked: Asked): string {
  return `${completed(asked)}, and yet node ${status.nodeUid} is no replica: ${describeRole(status)}; ${adviceFor(status)}`;
}

/** Added to what was not seen after a request. */
export function notRepeated(status: NodeStatus, asked: Asked): string {
  return `${completed(asked)}; ${adviceFor(status)}`;
}

function completed({ taskId, parameters }: Asked): string {
  return `enslave_node ${JSON.stringify(parameters ?? {})} completed (task ${taskId ?? "unknown"})`;
}

/** What can be done where the same request would come to nothing again. */
function adviceFor(status: NodeStatus): string {
  const way = isLeader(status)
    ? `the server may not know demote_node: ${byHand}`
    : "master shards of databases without replication cannot be failed over: migrate them to another node";
  return `the same is not sent again: ${way}; or ${advice.replace}, which sends it once more`;
}
