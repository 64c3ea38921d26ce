import { advice } from "../../core/data/advice.ts";
import { clock } from "../../core/data/clock.ts";
import { BodyError, ClusteropsError, hasStatus } from "../../core/data/errors.ts";
import type { CallOptions, Http } from "../../core/http/http.ts";
import type { Evidence } from "../../core/work/evidence.ts";
import type { Scope } from "../../core/work/scope.ts";
import { waitFor } from "../../core/work/wait.ts";
import { type ActionStatus, getActionList, getNodeAction, hasEnded, listNodeActions } from "../client.ts";
import { getNode } from "../nodes-client.ts";
import { reportLag } from "../verify.ts";
import type { ActionHandle } from "./handle.ts";
import { longestMiss } from "./handle.ts";
import { findAction } from "./listed.ts";

/** `isWithoutTask`: only a list has it, which does not say which task it is. Absent with its node: then it is for good. */
export type ActionEvidence =
  | Evidence<ActionStatus>
  | { landed: ActionStatus; isWithoutTask: true }
  | { absent: true; isNodeGone: true };

/**
 * One look for one action. A 404 of its own resource is a claim: a proxy can make it, and so can a node that has just become the leader.
 * It counts together with the list of all actions, and with the node that it would run on.
 */
export async function lookForAction(
  http: Http,
  nodeUid: number,
  action: string,
  options: CallOptions,
): Promise<ActionEvidence> {
  const own = await getNodeAction(http, nodeUid, action, options);
  if (own) return { landed: own };
  const { actions, isWhole } = await listActions(http, nodeUid, options);
  const listed = findAction(actions, nodeUid, action);
  if (listed) {
    if (listed.taskId !== undefined) return { landed: listed };
    const again = await getNodeAction(http, nodeUid, action, options);
    return again ? { landed: again } : { landed: listed, isWithoutTask: true };
  }
  // With its node an action is gone; that the node is takes two reads, too.
  if (!(await getNode(http, nodeUid, options))) return { absent: true, isNodeGone: true };
  if (isWhole) return { absent: true };
  return { open: `${action} is not found (404), and no list of actions can be read whole` };
}

/**
 * Looks until it is certain. What is expected to be there may be missing for the time of a change of leader. What a list has must be
 * there: which task it is, its own resource is given as long to tell.
 *
 * @param isExpected whether it was seen, or asked for
 */
export function seekAction(
  scope: Scope,
  nodeUid: number,
  action: string,
  isExpected: boolean,
): Promise<Evidence<ActionStatus>> {
  const began = clock.elapsed();
  // An operation with less time than that has to come to a conclusion, too, or none of the following ones would.
  const half = scope.deadline.remaining() / 2;
  const longest = Math.min(longestMiss.milliseconds, half);
  const longestOpen = Math.min(reportLag.milliseconds, half);
  let missingSince: number | undefined;
  return waitFor<ActionEvidence, ActionEvidence>(scope, {
    what: `node ${nodeUid} ${action}`,
    look: (how) => lookForAction(scope.http, nodeUid, action, how),
    judge(seen) {
      const isUntold = "isWithoutTask" in seen && hasEnded(seen.landed);
      if (!isUntold && ("landed" in seen || !isExpected || "isNodeGone" in seen)) return { done: seen };
      const now = clock.elapsed();
      if ("open" in seen) {
        missingSince = undefined;
        return now - began > longestOpen ? { done: seen } : { pending: seen.open };
      }
      missingSince ??= now;
      return now - missingSince > longest
        ? { done: seen }
        : { pending: isUntold ? "listed without its task" : "not found" };
    },
  });
}

/** Holds that open evidence does not stay open for ever: where no look tells within the time that reports lag, it throws. */
export function openFor(what: string): <T>(found: Evidence<T>) => Evidence<T> {
  const began = clock.elapsed();
  return (found) => {
    if (!("open" in found) || clock.elapsed() - began < reportLag.milliseconds) return found;
    throw new ClusteropsError(`${what}: ${found.open}`);
  };
}

/** The list of all actions or, where that cannot be read whole, the node's own. */
async function listActions(
  http: Http,
  nodeUid: number,
  options: CallOptions,
): Promise<{ actions: readonly ActionStatus[]; isWhole: boolean }> {
  const all = await getActionList(http, options).catch((error) => {
    // The list of all nodes is not the only one.
    if (error instanceof BodyError) return { actions: [], isWhole: false };
    if (hasStatus(error, 405)) return { actions: [], isWhole: false, isMissing: true };
    throw error;
  });
  if (all.isWhole) return all;
  const own = await listNodeActions(http, nodeUid, options);
  return { actions: [...all.actions, ...own], isWhole: all.isMissing === true };
}

/** The end of what was sent is not known: it stays recorded as unfinished, and is not sent again. */
export function endUnknown(scope: Scope, handle: ActionHandle, why: string): ClusteropsError {
  const { nodeUid, action, taskId } = handle;
  scope.keep(handle, taskId === undefined ? {} : { taskId });
  return new ClusteropsError(
    `the server no longer knows how the action ended (task ${taskId ?? "unknown"}): ${why}; ${action} is not sent again, as it may have been carried out. The next ${advice.up} looks for it again; look at node ${nodeUid} itself, and if ${action} is still wanted, change triggers, where the resource has them, or ${advice.replace}`,
  );
}
