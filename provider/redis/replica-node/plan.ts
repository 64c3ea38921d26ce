import { Refusal } from "../../core/data/errors.ts";
import { type Forecast, handleOf } from "../../core/lifecycle/resource.ts";
import type { Scope } from "../../core/work/scope.ts";
import { findRunning } from "../action/listed.ts";
import { listAllNodeActions } from "../client.ts";
import { forPreview, missingNode } from "../node-maintenance/state.ts";
import { forecastBeside, listNodesAway } from "../nodes-away.ts";
import { listNodeStatuses, listNodes } from "../nodes-client.ts";
import { describeRole, isReplica } from "../roles.ts";
import type { ReplicaNodeInputs } from "./inputs.ts";
import { announced, type Body, bodyFor, covers, nothingMeanwhile, wouldRepeat } from "./request.ts";
import { untold, withoutMasters } from "./state.ts";

/** What a preview says of a node that is to be a replica. */
export async function forecastReplica(
  scope: Scope,
  inputs: ReplicaNodeInputs,
  recorded: object | undefined,
): Promise<Forecast> {
  const { nodeUid } = inputs;
  const http = forPreview(scope);
  const status = (await listNodeStatuses(http, scope)).find((candidate) => candidate.nodeUid === nodeUid);
  if (!status) {
    const isListed = (await listNodes(http, scope)).some((node) => node.nodeUid === nodeUid);
    if (isListed) return { warnings: [untold(nodeUid)] };
    return { refusals: [{ property: "nodeUid", reason: await missingNode(scope, nodeUid, http) }] };
  }
  if (isReplica(status)) {
    const note = withoutMasters(status);
    return {
      warnings: [`node ${nodeUid} is already a replica: nothing will be sent`, ...(note ? [note] : [])],
    };
  }
  const running = findRunning(await listAllNodeActions(http, scope), nodeUid, "enslave_node");
  if (running) {
    return {
      warnings: [
        `node ${nodeUid} (${describeRole(status)}): enslave_node is already ${running.status}: it will be joined`,
      ],
    };
  }
  try {
    const body = bodyFor(status, inputs);
    // What the operation does then is said without a look (foreseeReplica).
    if (wouldRepeat(handleOf(recorded), status, body)) return {};
    const beside = forecastBeside(scope, await listNodesAway(scope, nodeUid, http), inputs, nothingMeanwhile);
    if (beside.refusals) return beside;
    const how = body.demote_node ? " with demote_node" : "";
    return {
      plan: `node ${nodeUid}: enslave_node${how} (${describeRole(status)})`,
      warnings: [...(beside.warnings ?? []), announced(status, body)],
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { refusals: [{ property: error.property, reason: error.message }] };
  }
}

/** What the next operation does with an attempt that was not finished, or came to nothing. */
export function foreseeReplica(
  { isFutile, parameters, failed, taskId }: Record<string, unknown>,
  { demoteNode = true }: ReplicaNodeInputs,
): string | undefined {
  const sent = parameters as Body | undefined;
  if (isFutile) {
    // Whether the node leads is not looked up here: with demote_node sent, nothing is left to ask for.
    const isAll = covers(sent, demoteNode ? { demote_node: true } : {});
    return isAll
      ? `enslave_node completed the last time (task ${taskId ?? "unknown"}) and the node was no replica: unless it has become one, or has got or lost the leadership, the same is not sent again`
      : "enslave_node completed the last time and the node was no replica: if it leads the cluster, it is now asked to hand the leadership over (demote_node)";
  }
  if (failed || !sent?.demote_node) return undefined;
  return "enslave_node with demote_node was not finished the last time, and is resumed: a node that leads the cluster hands the leadership over";
}
