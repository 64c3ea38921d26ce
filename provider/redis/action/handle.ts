import type { ActionStatus } from "../client.ts";

/** What tells our action from an older or another one; recorded before the wait, and before the request is sent. */
export interface ActionHandle extends Record<string, unknown> {
  nodeUid: number;
  action: string;
  /** The task that stood there before our request, or null for none: any other one came after it. */
  taskBefore?: string | null;
  /** The one before that, which a server that loses its latest may show again. */
  olderTask?: string | null;
  /** Our task. */
  taskId?: string;
  /** What our request held, where the next one may hold something else. */
  parameters?: Record<string, unknown>;
  /** When nothing was there before our request, in milliseconds since the epoch by the cluster's clock. */
  seenAt?: number;
  /** Of a run before this one, whose end has to be waited for: nothing was sent for this one. */
  isEarlier?: true;
  /** Somebody else's, which was running already when our request was refused. */
  isOthers?: true;
  /** The node that was taken away at the same moment, and before: this one is being undone. */
  givesWayTo?: number;
  /** It completed, and what it is for was not so: the same is not asked for again. */
  isFutile?: boolean;
  /** Whether the node led the cluster when that was seen: where it has changed, the same may be asked for again. */
  wasLeader?: boolean;
}

/** What an earlier attempt at this action left, if that is what was recorded. */
export function attemptAt(action: string, handle: object | undefined): ActionHandle | undefined {
  const attempt = handle as Partial<ActionHandle> | undefined;
  return attempt?.action === action ? (attempt as ActionHandle) : undefined;
}

/** The task is the recorded one, or, where the answer to our request never came, one that was not there before it. */
export function isOurs({ nodeUid, name, taskId }: ActionStatus, handle: ActionHandle): boolean {
  const { taskId: ours, taskBefore, olderTask } = handle;
  if (nodeUid !== handle.nodeUid || name !== handle.action) return false;
  if (ours !== undefined) return taskId === ours;
  if (taskBefore === null) return true;
  return taskBefore !== undefined && taskId !== undefined && taskId !== taskBefore && taskId !== olderTask;
}

/** Whether it may be ours or an older one, and nothing tells: a list may not say which task it is. */
export function isUntold({ taskId }: ActionStatus, handle: ActionHandle): boolean {
  return taskId === undefined && (handle.taskId !== undefined || typeof handle.taskBefore === "string");
}

/** Whether another one has certainly begun after ours. */
export function isLaterThan(
  { taskId }: ActionStatus,
  { taskBefore, olderTask, taskId: ours }: ActionHandle,
): boolean {
  if (ours === undefined || taskId === undefined || taskBefore === undefined) return false;
  return ![ours, taskBefore, olderTask].includes(taskId);
}

/** What an action changes, so that the opposite of one whose answer was lost is not sent beside it. */
export function changedBy(nodeUid: number, action: string): string {
  return `node ${nodeUid} ${/^maintenance_(on|off)$/.test(action) ? "maintenance" : action}`;
}

/** What a request to cancel changes: where its answer was lost, it may yet stop the next action of that kind. */
export function underWay(nodeUid: number, action: string): string {
  return `node ${nodeUid} ${action} under way`;
}

/** How an action ended. Undefined status: the server no longer knows; the node itself must tell. */
export type Outcome = { status: string | undefined } & Partial<ActionStatus>;

/**
 * For how long an action may be missing, to every read, and yet be there: a node that has just become the leader, or a proxy beside one,
 * knows of none. Settable, so that a test of what stays missing need not wait as long.
 */
export const longestMiss = { milliseconds: 8_000 };
