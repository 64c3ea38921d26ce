import { goesAsLeader, handsOver, staysLeader } from "../roles.ts";
import type { NodeActionInputs } from "./inputs.ts";

/** Actions that mean something else for the node that leads the cluster. */
export function concernsLeader(action: string): boolean {
  return ["enslave_node", "maintenance_on", "remove"].includes(action);
}

/** What is to be said before one of them, if the node is the leader. */
export function riskForLeader(
  { nodeUid, action, parameters = {} }: NodeActionInputs,
  leader: number | undefined,
): string | undefined {
  if (leader !== nodeUid) return undefined;
  if (action === "remove") return goesAsLeader(nodeUid);
  if (parameters.demote_node === true) return handsOver(nodeUid);
  const input = "parameters: { demote_node: true }";
  if (action === "maintenance_on") return staysLeader(nodeUid, input);
  return `node ${nodeUid} leads the cluster: enslave_node fails its shards over and leaves it the leader; ${input} hands the leadership over`;
}
