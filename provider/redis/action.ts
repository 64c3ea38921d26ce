import { hasStatus, Refusal, reworded } from "../core/errors.ts";
import type { CallOptions } from "../core/http.ts";
import { once } from "../core/once.ts";
import type { Scope } from "../core/scope.ts";
import { waitFor } from "../core/wait.ts";
import { type ActionHandle, concluded, type JoinOptions, join, type Outcome, words } from "./action-wait.ts";
import {
  cancelNodeAction,
  getNodeAction,
  hasEnded,
  listAllNodeActions,
  type NodeAction,
  startNodeAction,
} from "./client.ts";
import { lookAtAction } from "./shared-looks.ts";

/** One action on one node that is to happen once. */
export interface Intent extends Pick<JoinOptions, "detail"> {
  nodeUid: number;
  /** As in the URL, e.g. `maintenance_on`. */
  action: string;
  parameters: Record<string, unknown>;
  /** What proves that it was carried out, beside the action's own record: a removed node's record goes with the node. */
  isDone?(): Promise<boolean>;
  /** Whether the handle tells what the request held. */
  recordsParameters?: boolean;
  /** A parameter that a server may not know, and what a person can do where it is refused. */
  doubtful?: { parameter: string; instead: string };
  /** The last one of its kind when this was decided; null: none was seen. One that has ended since may have done it already. */
  lastSeen?: NodeAction | null;
}

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
  const sent: ActionHandle = {
    nodeUid,
    action,
    taskBefore: before ? before.taskId : null,
    ...(intent.recordsParameters && { parameters: intent.parameters }),
  };
  scope.keep(sent);
  let isRefused = false;
  const { started, isOthers } = await once<Started>(scope, {
    send: () =>
      startOrFind(scope, intent, sent).catch((error) => {
        isRefused = error instanceof Refusal || error.effect === "no";
        throw error;
      }),
    async landed() {
      const done: NodeAction = { name: action, nodeUid, status: "completed" };
      const started = (await find(scope, sent)) ?? ((await intent.isDone?.()) ? done : undefined);
      return started && { started };
    },
  }).catch((error) => {
    // What fails after an unanswered request, were it only the looking back, leaves open whether something runs.
    if (isRefused) scope.forget();
    throw error;
  });
  // What somebody else asked for holds nothing of ours.
  const { parameters, ...unsent } = sent;
  const theirs = parameters ? { ...unsent, isOthers } : unsent;
  return join(scope, started, isOthers ? theirs : sent, { detail, isFresh: !hasEnded(started) });
}

/** What came of a request. `isOthers`: it was refused, as somebody else's action was running. */
interface Started {
  started: NodeAction;
  isOthers?: true;
}

/** What an earlier attempt at this action left, if that is what was recorded. */
export function attemptAt(action: string, handle: object | undefined): ActionHandle | undefined {
  const attempt = handle as Partial<ActionHandle> | undefined;
  return attempt?.action === action ? (attempt as ActionHandle) : undefined;
}

/** Whether an ended action is another than was seen, or had not ended then. */
function isLater({ taskId }: NodeAction, seen: NodeAction | null | undefined): boolean {
  return seen !== undefined && (seen === null || !hasEnded(seen) || seen.taskId !== taskId);
}

/** The task is the recorded one, or, where the answer to our request never came, one that was not there before it. */
export function isOurs({ nodeUid, name, taskId }: NodeAction, handle: ActionHandle): boolean {
  const { taskId: ours, taskBefore, olderTask } = handle;
  if (nodeUid !== handle.nodeUid || name !== handle.action) return false;
  if (ours !== undefined) return taskId === ours;
  if (taskBefore === null) return true;
  return taskBefore !== undefined && taskId !== undefined && taskId !== taskBefore && taskId !== olderTask;
}

/** 409 means that one is running: it is joined, or named when it is on another node. */
async function startOrFind(
  scope: Scope,
  { nodeUid, action, parameters, doubtful }: Intent,
  sent: ActionHandle,
): Promise<Started> {
  try {
    return { started: await startNodeAction(scope.http, nodeUid, action, parameters, scope) };
  } catch (error) {
    if (doubtful && doubtful.parameter in parameters && hasStatus(error, 400, 406, 422)) {
      throw reworded(
        error,
        `${error.message}; the request held ${doubtful.parameter}, which no page of the vendor's REST API names and this server may refuse: ${action} was not started; ${doubtful.instead}`,
      );
    }
    if (!hasStatus(error, 409)) throw error;
    const mine = await find(scope, sent);
    if (mine) return { started: mine, isOthers: true };
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
