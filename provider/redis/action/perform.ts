import { ClusteropsError, hasStatus, Refusal, reworded } from "../../core/data/errors.ts";
import type { Evidence } from "../../core/work/evidence.ts";
import { once } from "../../core/work/once.ts";
import type { Scope } from "../../core/work/scope.ts";
import { waitFor } from "../../core/work/wait.ts";
import { type ActionStatus, hasEnded, listAllNodeActions, startNodeAction } from "../client.ts";
import { lookAtAction } from "../shared-looks.ts";
import { endUnknown, lookForAction, seekAction } from "./evidence.ts";
import type { ActionHandle, Outcome } from "./handle.ts";
import { concluded, type JoinOptions, join } from "./wait.ts";

/** One action on one node that is to happen once. */
export interface Intent extends Pick<JoinOptions, "detail"> {
  nodeUid: number;
  /** As in the URL, e.g. `maintenance_on`. */
  action: string;
  parameters: Record<string, unknown>;
  /**
   * What the node itself says of what the action is for, beside the action's own record: a removed node's record goes with the node.
   * Open: nothing is sent.
   */
  reached?(): Promise<Evidence<true>>;
  /** The handle is that of an unfinished attempt at this very intent: what was sent then may have been carried out. */
  isResumed?: boolean;
  /** A second request does no more than the first: it may be sent where the end of the first is not known. */
  isHarmless?: boolean;
  /** Whether the handle tells what the request held. */
  recordsParameters?: boolean;
  /** A parameter that a server may not know, and what a person can do where it is refused. */
  doubtful?: { parameter: string; instead: string };
  /** The last one of its kind when this was decided; null: none was seen. One that has ended since may have done it already. */
  lastSeen?: ActionStatus | null;
}

/**
 * Starts the action, or joins the one that is running, and waits for its end. One POST at most per intent.
 *
 * @param handle of an earlier, unfinished attempt at the same intent: an action that has ended since is then recognised
 * @throws RunFailed when it ended, and not well
 */
export async function performAction(scope: Scope, intent: Intent, handle?: ActionHandle): Promise<Outcome> {
  const { nodeUid, action, detail } = intent;
  const resumed = intent.isResumed ? handle : undefined;
  const { before, why } = await lookBefore(scope, intent, resumed);
  const ours = before && handle && isOurs(before, handle) ? handle : undefined;
  if (before && !hasEnded(before))
    return join(scope, before, ours ?? { nodeUid, action, isOthers: true }, { detail });
  if (before && ours) {
    return concluded(before, `ended before it was looked for again, ${scope.http.connection.endpoints[0]}`);
  }
  if (resumed && why) {
    const seen = await intent.reached?.();
    if (seen && "landed" in seen)
      return { name: action, nodeUid, status: "completed", taskId: resumed.taskId };
    if (!intent.isHarmless || seen === undefined || "open" in seen) throw endUnknown(scope, resumed, why);
  }
  if (before && isLater(before, intent.lastSeen)) {
    const seen = await intent.reached?.();
    if (seen && "landed" in seen) return before;
    if (seen && "open" in seen) throw new Refusal("nodeUid", seen.open);
  }
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
      const found = await find(scope, sent);
      if ("landed" in found) return { started: found.landed };
      const seen = await intent.reached?.();
      if (seen && "landed" in seen) return { started: { name: action, nodeUid, status: "completed" } };
      // What may have begun is not asked for again.
      const open = "open" in found ? found.open : seen && "open" in seen ? seen.open : undefined;
      if (open !== undefined)
        throw new ClusteropsError(`whether ${action} has begun cannot be told: ${open}`);
      return undefined;
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

/**
 * The action as it is now. `why`: what the earlier attempt sent may have been carried out, and nothing tells what became of it. A task
 * that was recorded did begin; where none was, a record that has been lost since may have been of ours.
 */
async function lookBefore(
  scope: Scope,
  { nodeUid, action }: Intent,
  resumed: ActionHandle | undefined,
): Promise<{ before?: ActionStatus; why?: string }> {
  const now = await lookAtAction(scope, nodeUid, action);
  if (!resumed) return { before: now };
  if (now) {
    const isLost = resumed.taskId !== undefined && hasEnded(now) && !isOurs(now, resumed);
    return { before: now, ...(isLost && { why: `it tells of task ${now.taskId ?? "unknown"} only` }) };
  }
  const found = await seekAction(scope, nodeUid, action, true);
  if ("landed" in found) return { before: found.landed };
  if ("open" in found) return { why: found.open };
  const isLost = resumed.taskId !== undefined || typeof resumed.taskBefore === "string";
  return isLost ? { why: `it tells of no ${action} of node ${nodeUid}` } : {};
}

/** What came of a request. `isOthers`: it was refused, as somebody else's action was running. */
interface Started {
  started: ActionStatus;
  isOthers?: true;
}

/** What an earlier attempt at this action left, if that is what was recorded. */
export function attemptAt(action: string, handle: object | undefined): ActionHandle | undefined {
  const attempt = handle as Partial<ActionHandle> | undefined;
  return attempt?.action === action ? (attempt as ActionHandle) : undefined;
}

/** Whether an ended action is another than was seen, or had not ended then. */
function isLater({ taskId }: ActionStatus, seen: ActionStatus | null | undefined): boolean {
  return seen !== undefined && (seen === null || !hasEnded(seen) || seen.taskId !== taskId);
}

/** The task is the recorded one, or, where the answer to our request never came, one that was not there before it. */
export function isOurs({ nodeUid, name, taskId }: ActionStatus, handle: ActionHandle): boolean {
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
    if ("landed" in mine) return { started: mine.landed, isOthers: true };
    const others = (await listAllNodeActions(scope.http, scope)).filter((other) => !hasEnded(other));
    const whose = others.map((other) => `node ${other.nodeUid} ${other.name} ${other.status}`).join(", ");
    throw new Refusal(
      "nodeUid",
      `${action} was refused (409): ${whose ? `running now: ${whose}` : error.message}; nothing was started`,
    );
  }
}

/** What came of a request: the action that runs, or one that has ended and was not there before. Reads until it knows. */
function find(scope: Scope, sent: ActionHandle): Promise<Evidence<ActionStatus>> {
  const { nodeUid, action } = sent;
  return waitFor<Evidence<ActionStatus>, Evidence<ActionStatus>>(scope, {
    what: `whether node ${nodeUid} has begun ${action}`,
    look: (how) => lookForAction(scope.http, nodeUid, action, { ...how, patience: "patient" }),
    judge: (now) => {
      const isOlder = "landed" in now && hasEnded(now.landed) && !isOurs(now.landed, sent);
      return { done: isOlder ? { absent: true } : now };
    },
  });
}
