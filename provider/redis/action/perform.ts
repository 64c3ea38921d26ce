import { hasStatus, Refusal, reworded } from "../../core/data/errors.ts";
import type { Evidence } from "../../core/work/evidence.ts";
import { letPass, once } from "../../core/work/once.ts";
import type { Scope } from "../../core/work/scope.ts";
import { type ActionStatus, effects, hasEnded, startNodeAction } from "../client.ts";
import { lookAtAction } from "../shared-looks.ts";
import { letOthersFinish, listRunning } from "./conflict.ts";
import { endUnknown, lookForAction, openFor, seekAction } from "./evidence.ts";
import { type ActionHandle, changedBy, isOurs, isUntold, type Outcome, underWay } from "./handle.ts";
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
  /** Looks at what may stand in its way, right before it is sent. @throws Refusal */
  mayBegin?(): Promise<void>;
  /** Looks once more, soon after it was sent and at its end: two processes may have decided at the same moment. @throws RunFailed */
  giveWay?(started: ActionStatus & { isResumed?: boolean }): Promise<void>;
  /** Whether one that has ended, and that the handle takes for ours, counts as done. Default: it does. */
  counts?(ended: ActionStatus): Promise<boolean>;
  /** Nothing can have been sent for it before this run. */
  isFirst?: boolean;
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
  // Where the caller has seen that none runs, the action itself is looked at last: it may have been started, and have ended, meanwhile.
  const isToSend =
    !resumed && intent.lastSeen !== undefined && !(intent.lastSeen && !hasEnded(intent.lastSeen));
  if (isToSend) await intent.mayBegin?.();
  const { before, why } = await lookBefore(scope, intent, { handle, resumed });
  const ours =
    before && handle && (isOurs(before, handle) || mayBeOurs(before, resumed)) ? handle : undefined;
  if (before && !hasEnded(before)) {
    const outcome = await join(scope, before, ours ?? { nodeUid, action, isOthers: true }, { detail });
    if (ours) await intent.giveWay?.({ ...before, taskId: outcome.taskId });
    return outcome;
  }
  const isCounted = before && ours && (resumed !== undefined || ((await intent.counts?.(before)) ?? true));
  if (before && isCounted) {
    const seen = `ended before it was looked for again, ${scope.http.connection.endpoints[0]}`;
    const outcome = concluded(before, seen);
    // It may have been cut off before it could look.
    if (resumed) await intent.giveWay?.({ ...before, isResumed: true });
    return outcome;
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
  if (!isToSend) await intent.mayBegin?.();
  return start(scope, intent, before);
}

/** Sends the request and waits for the end of what it began. */
async function start(scope: Scope, intent: Intent, before: ActionStatus | undefined): Promise<Outcome> {
  const { nodeUid, action, parameters, detail } = intent;
  const sent: ActionHandle = {
    nodeUid,
    action,
    taskBefore: before ? before.taskId : null,
    ...(intent.recordsParameters && { parameters }),
  };
  const { late } = scope.http.installation;
  await letPass(scope, `node ${nodeUid} ${action}`, late.pending(underWay(nodeUid, action)));
  let inTheWay: readonly ActionStatus[] | undefined;
  const isOpen = openFor(`whether ${action} has begun cannot be told`);
  const { started, isOthers } = await once<Started>(scope, {
    what: `node ${nodeUid} ${action}`,
    target: { ways: [scope.http], on: changedBy(nodeUid, action), does: action },
    ...effects.startNodeAction,
    ...(intent.isHarmless && { repeat: "harmless" }),
    keeps: { handle: sent },
    restores: givesBack(action),
    send: async (permit) => ({
      started: await startNodeAction(scope.http, nodeUid, action, parameters, permit, scope),
    }),
    async readBack(doubt) {
      // At once: by the time that the answer is believed it may have ended.
      if (hasStatus(doubt, 409)) inTheWay ??= await listRunning(scope);
      const found = await find(scope, sent);
      // Refused, as somebody else's is running.
      if ("landed" in found)
        return { landed: { started: found.landed, ...(hasStatus(doubt, 409) && { isOthers: true }) } };
      const seen = await intent.reached?.();
      if (seen && "landed" in seen)
        return { landed: { started: { name: action, nodeUid, status: "completed" } } };
      // What may have begun is not asked for again.
      return isOpen("open" in found ? found : seen && "open" in seen ? seen : { absent: true });
    },
  }).catch((error) => {
    if (hasStatus(error, 409)) return letOthersFinish(scope, intent, error, inTheWay);
    throw explainParameter(error, intent);
  });
  // What somebody else asked for holds nothing of ours.
  const { parameters: _, ...unsent } = sent;
  const theirs = parameters ? { ...unsent, isOthers } : unsent;
  const outcome = await join(scope, started, isOthers ? theirs : sent, {
    detail,
    isFresh: !hasEnded(started),
    ...(!isOthers && { onGoingOn: async () => intent.giveWay?.(started) }),
  });
  if (!isOthers) await intent.giveWay?.({ ...started, ...outcome, status: outcome.status ?? "completed" });
  return outcome;
}

/** Capacity that comes back waits for no window. */
export function givesBack(action: string): boolean {
  return action === "maintenance_off";
}

/** What came of a request. `isOthers`: it was refused, as somebody else's action was running. */
interface Started {
  started: ActionStatus;
  isOthers?: true;
}

/**
 * The action as it is now. `why`: what the earlier attempt sent may have been carried out, and nothing tells what became of it. A task
 * that was recorded did begin; where none was, a record that has been lost since may have been of ours.
 */
async function lookBefore(
  scope: Scope,
  { nodeUid, action, isFirst }: Intent,
  { handle, resumed }: { handle: ActionHandle | undefined; resumed: ActionHandle | undefined },
): Promise<{ before?: ActionStatus; why?: string }> {
  const now = await lookAtAction(scope, nodeUid, action);
  if (!resumed) {
    if (now || !handle || isFirst) return { before: now };
    // An attempt that was killed may have run: that there is none is a claim, which one read makes, and another one confirms.
    const found = await seekAction(scope, nodeUid, action, false);
    return "landed" in found ? { before: found.landed } : {};
  }
  const found = now ? { landed: now } : await seekAction(scope, nodeUid, action, true);
  if ("open" in found) return { why: found.open };
  if ("landed" in found) {
    const before = found.landed;
    const mayBeLost = resumed.taskId !== undefined || isUntold(before, resumed);
    const isLost = mayBeLost && hasEnded(before) && !isOurs(before, resumed);
    return { before, ...(isLost && { why: `it tells of task ${before.taskId ?? "unknown"} only` }) };
  }
  const isLost = resumed.taskId !== undefined || typeof resumed.taskBefore === "string";
  return isLost ? { why: `it tells of no ${action} of node ${nodeUid}` } : {};
}

/** Whether it may be the recorded task that goes on: a list may tell no tasks. One at a time is allowed. */
function mayBeOurs(now: ActionStatus, resumed: ActionHandle | undefined): boolean {
  return resumed?.taskId !== undefined && now.taskId === undefined && !hasEnded(now);
}

/** Whether an ended action is another than was seen, or had not ended then. */
function isLater({ taskId }: ActionStatus, seen: ActionStatus | null | undefined): boolean {
  return seen !== undefined && (seen === null || !hasEnded(seen) || seen.taskId !== taskId);
}

/** Says of a request that was refused that it held a parameter which the server may not know. */
function explainParameter(error: unknown, { action, parameters, doubtful }: Intent): unknown {
  if (!doubtful || !(doubtful.parameter in parameters) || !hasStatus(error, 400, 406, 422)) return error;
  return reworded(
    error,
    `${error.message}; the request held ${doubtful.parameter}, which no page of the vendor's REST API names and this server may refuse: ${action} was not started; ${doubtful.instead}`,
  );
}

/** What came of a request, by one look: the action that runs, or one that has ended and was not there before. */
async function find(scope: Scope, sent: ActionHandle): Promise<Evidence<ActionStatus>> {
  const { nodeUid, action } = sent;
  const now = await lookForAction(scope.http, nodeUid, action, { signal: scope.signal, patience: "patient" });
  if (!("landed" in now) || !hasEnded(now.landed) || isOurs(now.landed, sent)) return now;
  if (isUntold(now.landed, sent))
    return { open: `${action} is listed, and not told whether as another task` };
  return { absent: true };
}
