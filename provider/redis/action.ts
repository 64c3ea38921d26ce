import { formatDuration } from "../core/duration.ts";
import { hasStatus, Refusal, RunFailed } from "../core/errors.ts";
import type { CallOptions } from "../core/http.ts";
import { once } from "../core/once.ts";
import type { Scope } from "../core/scope.ts";
import { type Verdict, waitFor } from "../core/wait.ts";
import {
  type ActionList,
  cancelNodeAction,
  getNodeAction,
  hasEnded,
  listAllNodeActions,
  type NodeAction,
  startNodeAction,
} from "./client.ts";
import { actionsKey, lookAtAction, lookAtActions, tellsCompletion } from "./shared-looks.ts";

/** One action on one node that is to happen once. */
export interface Intent {
  nodeUid: number;
  /** As in the URL, e.g. `maintenance_on`. */
  action: string;
  parameters: Record<string, unknown>;
  /** What proves that it was carried out, beside the action's own record: a removed node's record goes with the node. */
  isDone?(): Promise<boolean>;
  /** The last one of its kind when this was decided; null: none was seen. One that has ended since may have done it already. */
  lastSeen?: NodeAction | null;
  /** What a person would like to see of it while it runs. */
  detail?(options: CallOptions): Promise<string>;
}

/** What tells our action from an older or another one; recorded before the wait, and before the request is sent. */
export interface ActionHandle extends Record<string, unknown> {
  nodeUid: number;
  action: string;
  /** The task that stood there before our request, or null for none: any other one came after it. */
  taskBefore?: string | null;
  /** Our task. */
  taskId?: string;
}

/** How an action ended. Undefined status: the server no longer knows; the node itself must tell. */
export type Outcome = { status: string | undefined } & Partial<NodeAction>;

/**
 * Starts the action, or joins the one that is running, and waits for its end. One POST at most per intent.
 *
 * @param handle of an earlier, unfinished attempt at the same intent: an action that has ended since is then recognised
 * @throws RunFailed when it ended, and not well
 */
export async function performAction(scope: Scope, intent: Intent, handle?: ActionHandle): Promise<Outcome> {
  const { nodeUid, action, detail } = intent;
  const before = await lookAtAction(scope, nodeUid, action);
  if (before && !hasEnded(before)) return join(scope, before, handle, { detail });
  if (before && handle && isOurs(before, handle)) {
    return concluded(before, `ended before it was looked for again, ${scope.http.connection.endpoints[0]}`);
  }
  if (before && isLater(before, intent.lastSeen) && (await intent.isDone?.())) return before;
  const sent: ActionHandle = { nodeUid, action, taskBefore: before ? before.taskId : null };
  scope.keep(sent);
  let isRefused = false;
  const started = await once(scope, {
    send: () =>
      startOrFind(scope, intent, sent).catch((error) => {
        isRefused = error instanceof Refusal || error.effect === "no";
        throw error;
      }),
    landed: async () =>
      (await find(scope, sent)) ??
      ((await intent.isDone?.()) ? { name: action, nodeUid, status: "completed" } : undefined),
  }).catch((error) => {
    // What fails after an unanswered request, were it only the looking back, leaves open whether something runs.
    if (isRefused) scope.forget();
    throw error;
  });
  return join(scope, started, sent, { detail, isFresh: !hasEnded(started) });
}

/** Whether an ended action is another than was seen, or had not ended then. */
function isLater({ taskId }: NodeAction, seen: NodeAction | null | undefined): boolean {
  return seen !== undefined && (seen === null || !hasEnded(seen) || seen.taskId !== taskId);
}

/** Looks without a sign of an accepted action before it counts as not begun: two seconds. */
const notBegun = 10;
/** Milliseconds for which an action may be missing from the list and yet be there: the time of a change of leader. */
const longestMiss = 1_500;

/** The task is the recorded one, or, where the answer to our request never came, one that was not there before it. */
export function isOurs({ nodeUid, name, taskId }: NodeAction, handle: ActionHandle): boolean {
  const { taskId: ours, taskBefore } = handle;
  if (nodeUid !== handle.nodeUid || name !== handle.action) return false;
  if (ours !== undefined) return taskId === ours;
  return taskBefore === null || (taskBefore !== undefined && taskId !== undefined && taskId !== taskBefore);
}

/** 409 means that one is running: it is joined, or named when it is on another node. */
async function startOrFind(
  scope: Scope,
  { nodeUid, action, parameters }: Intent,
  sent: ActionHandle,
): Promise<NodeAction> {
  try {
    return await startNodeAction(scope.http, nodeUid, action, parameters, scope);
  } catch (error) {
    if (!hasStatus(error, 409)) throw error;
    const mine = await find(scope, sent);
    if (mine) return mine;
    const others = (await listAllNodeActions(scope.http, scope)).filter((other) => !hasEnded(other));
    const whose = others.map((other) => `node ${other.nodeUid} ${other.name} ${other.status}`).join(", ");
    throw new Refusal(
      "nodeUid",
      `${action} was refused (409): ${whose ? `running now: ${whose}` : error.message}; nothing was started`,
    );
  }
}

/** What came of a request: the action that runs, or one that has ended and was not there before. Reads until it knows. */
function find(scope: Scope, sent: ActionHandle): Promise<NodeAction | undefined> {
  const { nodeUid, action } = sent;
  return waitFor<NodeAction | undefined, NodeAction | undefined>(scope, {
    what: `whether node ${nodeUid} has begun ${action}`,
    look: (how) => getNodeAction(scope.http, nodeUid, action, { ...how, patience: "patient" }),
    judge: (now) => ({ done: now && (!hasEnded(now) || isOurs(now, sent)) ? now : undefined }),
  });
}

/**
 * Waits for the end of a running action. Waits on one cluster share one list request per tick.
 *
 * @param sent what was recorded before it ran: kept for as long as the server does not tell the task
 * @param options `isFresh`: it has just been started; `detail` as in an intent
 */
export async function join(
  scope: Scope,
  running: NodeAction,
  sent?: ActionHandle,
  { isFresh = false, detail }: Pick<Intent, "detail"> & { isFresh?: boolean } = {},
): Promise<Outcome> {
  const { nodeUid, name: action } = running;
  const { http } = scope;
  let { taskId } = running;
  let lastSeen = words(running);
  let missing = 0;
  let missingSince: number | undefined;
  const keep = () => {
    const known = taskId === undefined ? { taskBefore: sent?.taskBefore } : { taskId };
    scope.keep({ nodeUid, action, ...known } satisfies ActionHandle, { taskId });
  };
  keep();
  const began = performance.now();

  function pending(seen: NodeAction): Verdict<Outcome> {
    lastSeen = words(seen);
    return { pending: lastSeen, percent: seen.progress };
  }

  const isOlder = (now: NodeAction) =>
    taskId === undefined && hasEnded(now) && now.taskId !== undefined && now.taskId === sent?.taskBefore;

  async function judge(seen: ActionList | undefined, how: CallOptions): Promise<Verdict<Outcome>> {
    const listed = seen?.actions.find((item) => item.nodeUid === nodeUid && item.name === action);
    if (listed && tellsCompletion(listed, taskId)) return { done: listed };
    if (listed && !hasEnded(listed) && taskId !== undefined && (listed.taskId ?? taskId) === taskId)
      return pending(listed);
    // The list only says that something changed: the documented word on one action is its own resource.
    const now = await getNodeAction(http, nodeUid, action, { ...how, patience: "patient" });
    if (!now) {
      // A miss may be a change of leader; a status that stays away has been removed, or replaced with its node.
      missingSince ??= performance.now();
      const isGone = ++missing >= 3 && performance.now() - missingSince > longestMiss;
      return isGone ? { done: { status: undefined, taskId } } : { pending: "not listed" };
    }
    if (isOlder(now)) {
      // The request was accepted without a task, and what is there is what was there before: nothing has begun.
      if (++missing < notBegun) return { pending: "not begun" };
      throw new RunFailed(
        `${action} was accepted, but did not begin: the last one is still task ${now.taskId}`,
      );
    }
    missing = 0;
    missingSince = undefined;
    if (now.taskId !== undefined && now.taskId !== taskId) {
      if (taskId !== undefined)
        scope.warn(
          `${action} task ${taskId} was replaced by ${now.taskId}: somebody started it again; waiting for that one`,
        );
      taskId = now.taskId;
      keep();
    }
    return hasEnded(now) ? { done: now } : pending(now);
  }

  const outcome = await waitFor(scope, {
    what: `node ${nodeUid} ${action}`,
    share: actionsKey(scope),
    isFresh,
    detail,
    look: (how) => lookAtActions(scope, how),
    judge,
  });
  const after = formatDuration(performance.now() - began);
  return concluded(outcome, `last seen ${lastSeen} after ${after}, ${http.connection.endpoints[0]}`);
}

function words({ status, progress }: NodeAction): string {
  return progress === undefined ? status : `${status} ${Math.round(progress)} %`;
}

/**
 * The outcome, unless it is a failure: `maintenance_on failed: insufficient_resources: ... (task 38c7..., last seen running
 * 40 % after 3m12s, https://host:9443)`.
 */
function concluded(outcome: Outcome, seen: string): Outcome {
  const { name, status, errorCode, errorMessage, taskId, progress } = outcome;
  if (status === undefined || status === "completed") return outcome;
  const why = [errorCode, errorMessage].filter(Boolean).join(": ");
  throw new RunFailed(
    `${name} ${status}${why && `: ${why}`} (task ${taskId ?? "unknown"}, ${seen}); the next pulumi up runs it again`,
    { taskId, status, progress, errorCode, errorMessage },
  );
}

/** Cancels the action if it is still going on, and waits until it has ended, one way or the other. Answers with that end. */
export async function stopAction(
  scope: Scope,
  nodeUid: number,
  action: string,
): Promise<NodeAction | undefined> {
  const running = await getNodeAction(scope.http, nodeUid, action, scope);
  if (!running || hasEnded(running)) return running;
  const look = (how: CallOptions) =>
    getNodeAction(scope.http, nodeUid, action, { ...how, patience: "patient" });
  if (running.status !== "cancelling") {
    await once(scope, {
      send: () => cancelNodeAction(scope.http, nodeUid, action, scope),
      landed: async () => {
        const now = await look({ signal: scope.signal });
        return !now || hasEnded(now) || now.status === "cancelling" || undefined;
      },
    });
  }
  return waitFor<NodeAction | undefined, NodeAction | undefined>(scope, {
    what: `node ${nodeUid} ${action} cancelling`,
    look,
    judge: (now) => (!now || hasEnded(now) ? { done: now } : { pending: words(now) }),
  });
}
