import type { CallOptions, Http } from "../../core/http/http.ts";
import { findAction } from "../action/listed.ts";
import { type ActionStatus, listTasks, type TaskStatus } from "../client.ts";
import { ifTold } from "../documented.ts";
import type { Health } from "../health.ts";
import type { Node } from "../nodes-client.ts";

/*
 * An action tells no time, and of both actions the last run stays on record: of a node that was taken out once and closed since, it is
 * open which of them came last. The list of all actions (`GET /v1/actions`, field creation_time) tells it, to the second.
 */

/** The last `maintenance_on` and `maintenance_off` of a node. */
export interface BothActions {
  lastOn: ActionStatus | undefined;
  lastOff: ActionStatus | undefined;
}

export function bothActions(actions: readonly ActionStatus[], nodeUid: number): BothActions {
  const last = (name: string) => findAction(actions, nodeUid, name);
  return { lastOn: last("maintenance_on"), lastOff: last("maintenance_off") };
}

/** When they were asked for: read only where it matters for one of the nodes which came last. */
export async function tasksIfOpen(
  http: Http,
  health: Health,
  nodes: readonly (readonly [Node, BothActions])[],
  options: CallOptions,
): Promise<readonly TaskStatus[]> {
  if (!nodes.some(([node, both]) => isOrderOpen(node, health, both))) return [];
  return (await ifTold(listTasks(http, options)))?.tasks ?? [];
}

/** Whether it matters, and nothing that was read so far says so. */
function isOrderOpen(
  { nodeUid, acceptServers }: Node,
  health: Health,
  { lastOn, lastOff }: BothActions,
): boolean {
  const areBoth = lastOn?.status === "completed" && lastOff?.status === "completed";
  return areBoth && acceptServers !== true && !health.said?.has(nodeUid);
}

/**
 * Whether `maintenance_on` was asked for last. That `maintenance_off` was proves nothing: activations stack, and a node that takes no shards
 * may be in maintenance after it. Undefined: so it is, or it was within the same second, or is not told.
 */
export function latestByTime(
  tasks: readonly TaskStatus[],
  { lastOn, lastOff }: BothActions,
): "on" | undefined {
  const timeOf = (action: ActionStatus | undefined) =>
    action?.taskId === undefined
      ? undefined
      : tasks.find(({ taskId }) => taskId === action.taskId)?.createdAt;
  const [on, off] = [timeOf(lastOn), timeOf(lastOff)];
  return on !== undefined && off !== undefined && on > off ? "on" : undefined;
}
