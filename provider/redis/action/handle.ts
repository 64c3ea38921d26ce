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
  /** Somebody else's, which was running already when our request was refused. */
  isOthers?: true;
  /** It completed, and what it is for was not so: the same is not asked for again. */
  isFutile?: boolean;
  /** Whether the node led the cluster when that was seen: where it has changed, the same may be asked for again. */
  wasLeader?: boolean;
}

/** How an action ended. Undefined status: the server no longer knows; the node itself must tell. */
export type Outcome = { status: string | undefined } & Partial<ActionStatus>;

/** Milliseconds for which an action may be missing and yet be there: the time of a change of leader. */
export const longestMiss = 1_500;
