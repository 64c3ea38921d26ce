import type { CallOptions, Http } from "../core/http/http.ts";
import type { Scope } from "../core/work/scope.ts";
import { ifToldSoon } from "./documented.ts";
import { listNodeStatuses, type NodeStatus } from "./nodes-client.ts";

/*
 * A node's role says whether it leads the cluster, and nothing of the shards on it (page "rladmin node enslave"). The REST API says
 * master and slave; the console, and newer pages, primary, secondary and replica.
 */

export function isLeader({ role }: NodeStatus): boolean {
  return ["master", "primary"].includes(wordOf(role));
}

/** It does not lead the cluster. */
export function isFollower({ role }: NodeStatus): boolean {
  return ["slave", "replica", "secondary"].includes(wordOf(role));
}

/**
 * It does not lead the cluster, and no master shard is on it. Where those are not told, the role alone counts; told and not understood
 * is not untold.
 */
export function isReplica(status: NodeStatus): boolean {
  return isFollower(status) && (status.masterShards ?? 0) === 0 && !status.isMastersUnread;
}

/** `role master, 2 master shards`, in the vendor's words. */
export function describeRole({ role, masterShards, isMastersUnread }: NodeStatus): string {
  const masters = isMastersUnread ? ", master shards that cannot be read" : "";
  return `role ${role ?? "unknown"}${masterShards ? `, ${countMasters(masterShards)}` : masters}`;
}

export function countMasters(count: number): string {
  return `${count} master shard${count === 1 ? "" : "s"}`;
}

/** What is worth recording of it. */
export function roleOutputs({ role, masterShards }: NodeStatus): { role: string; masterShardCount?: number } {
  return { role: role ?? "unknown", masterShardCount: masterShards };
}

/** How somebody hands the leadership over without `demote_node`. */
export const byHand =
  'hand the leadership over by hand (POST /v1/cluster/actions/change_master with {"node_uid": "..."})';

/** Said of a node that leads the cluster and is asked to hand that over. */
export function handsOver(nodeUid: number): string {
  return `node ${nodeUid} leads the cluster: demote_node makes it hand the leadership over, to a node that the cluster chooses`;
}

/** Said of a node that leads the cluster and goes into maintenance without handing that over. */
export function staysLeader(nodeUid: number, input = "demoteNode: true"): string {
  return `node ${nodeUid} leads the cluster, and goes on leading it in maintenance; ${input} hands the leadership over`;
}

/** Said of a node that leads the cluster and is to be removed. */
export function goesAsLeader(nodeUid: number): string {
  return `node ${nodeUid} leads the cluster: when it is removed another node has to take over, which the cluster chooses, and the API may not answer for a moment; to choose it yourself, ${byHand} before`;
}

/** Said of a leader for which nothing is sent, whatever `demoteNode` says. */
export function leadsAnyway(nodeUid: number): string {
  return `node ${nodeUid} leads the cluster, and goes on leading it: demote_node is sent with maintenance_on only`;
}

/** Which node leads the cluster, for a warning: what cannot be read is not told. */
export async function findLeader(http: Http, options: CallOptions): Promise<number | undefined> {
  const statuses = await ifToldSoon((how) => listNodeStatuses(http, how), options);
  return statuses?.find(isLeader)?.nodeUid;
}

/** Says which node leads the cluster now, once another has handed the leadership over. */
export async function tellLeader(scope: Scope, nodeUid: number): Promise<void> {
  const leader = await findLeader(scope.http, scope);
  if (leader === undefined) return;
  scope.warn(
    `node ${leader} leads the cluster now${leader === nodeUid ? "" : `, in place of node ${nodeUid}`}`,
  );
}

function wordOf(role: string | undefined): string {
  return (role ?? "").trim().toLowerCase();
}
