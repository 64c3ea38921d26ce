import { type ActionStatus, hasEnded } from "../client.ts";

/** A node's action, if the list has it. Of several runs, the one that goes on. */
export function findAction(
  actions: readonly ActionStatus[],
  nodeUid: number,
  name: string,
): ActionStatus | undefined {
  const found = actions.find((item) => item.nodeUid === nodeUid && item.name === name);
  return found && hasEnded(found) ? (findRunning(actions, nodeUid, name) ?? found) : found;
}

/** The same while it goes on. */
export function findRunning(
  actions: readonly ActionStatus[],
  nodeUid: number,
  name: string,
): ActionStatus | undefined {
  return actions.find((item) => item.nodeUid === nodeUid && item.name === name && !hasEnded(item));
}

/** Whether nothing of it goes on. A list may not tell which task it is: then it may be another one than was seen before. */
export function isAtRest(listed: ActionStatus | undefined): boolean {
  return listed === undefined || (hasEnded(listed) && listed.taskId !== undefined);
}
