import { advice } from "../../core/data/advice.ts";
import { clock } from "../../core/data/clock.ts";
import { formatDuration } from "../../core/data/duration.ts";
import { RunFailed } from "../../core/data/errors.ts";
import type { CallOptions } from "../../core/http/http.ts";
import type { Scope } from "../../core/work/scope.ts";
import { type Verdict, waitFor } from "../../core/work/wait.ts";
import { type ActionList, type ActionStatus, getNodeAction, hasEnded } from "../client.ts";
import { getNode } from "../nodes-client.ts";
import { actionsKey, lookAtActions } from "../shared-looks.ts";
import { type ActionHandle, longestMiss, type Outcome } from "./handle.ts";
import { findAction } from "./listed.ts";
import { UnbrokenRun } from "./unbroken-run.ts";

/** Looks without a sign of an accepted action before it counts as not begun: two seconds. */
const notBegun = 10;

export interface JoinOptions {
  /** It has just been started. */
  isFresh?: boolean;
  /** Called once, when the first look has shown that it goes on. */
  onGoingOn?(): Promise<void>;
  /** What a person would like to see of it while it runs. */
  detail?(options: CallOptions): Promise<string>;
}

/**
 * Waits for the end of a running action. Waits on one cluster share one list request per tick.
 *
 * @param sent what was recorded before it ran: kept for as long as the server does not tell the task
 */
export async function join(
  scope: Scope,
  running: ActionStatus,
  sent?: ActionHandle,
  { isFresh = false, detail, onGoingOn }: JoinOptions = {},
): Promise<Outcome> {
  const { nodeUid, name: action } = running;
  const { http } = scope;
  // A list may tell no task, and the record still knows it.
  let taskId = running.taskId ?? (sent?.isOthers ? undefined : sent?.taskId);
  let lastSeen = describeStatus(running);
  let missing = 0;
  let missingSince: number | undefined;
  const keep = () => {
    // What stood there before goes on counting: a server may go back to it.
    const before = sent?.taskBefore === undefined ? {} : { taskBefore: sent.taskBefore };
    const ours = taskId === undefined ? {} : { taskId };
    const held = {
      ...(sent?.parameters && { parameters: sent.parameters }),
      ...(sent?.isOthers && { isOthers: sent.isOthers }),
      ...(sent?.isEarlier && { isEarlier: sent.isEarlier }),
    };
    scope.keep({ nodeUid, action, ...before, ...ours, ...held } satisfies ActionHandle, { taskId });
  };
  keep();
  const began = clock.elapsed();

  function pending(seen: ActionStatus): Verdict<Outcome> {
    lastSeen = describeStatus(seen);
    missing = 0;
    missingSince = undefined;
    return { pending: lastSeen, percent: seen.progress };
  }

  const run = new UnbrokenRun(sent?.taskBefore);
  const isOlder = (now: ActionStatus) =>
    hasEnded(now) && now.taskId !== undefined && now.taskId === sent?.taskBefore && now.taskId !== taskId;

  async function judge(seen: ActionList | undefined, how: CallOptions): Promise<Verdict<Outcome>> {
    const listed = seen && findAction(seen.actions, nodeUid, action);
    run.see(listed);
    if (listed?.status === "completed" && taskId !== undefined) {
      // By its id or, where the list tells none, by having been seen all along.
      const isOurs = listed.taskId === undefined ? run.isOne : listed.taskId === taskId;
      if (isOurs) return { done: { ...listed, taskId } };
    }
    if (listed && !hasEnded(listed) && taskId !== undefined && (listed.taskId ?? taskId) === taskId)
      return pending(listed);
    // The list only says that something changed: the documented word on one action is its own resource.
    const now = await getNodeAction(http, nodeUid, action, { ...how, patience: "patient" });
    // A server that has gone back to the older one no longer knows ours.
    if (!now || (taskId !== undefined && isOlder(now))) {
      // With its node an action is gone for good.
      if (!now && !(await getNode(http, nodeUid, how))) return { done: { status: undefined, taskId } };
      // A miss may be a change of leader; a status that stays away has been removed, or replaced with its node.
      missingSince ??= clock.elapsed();
      const isGone = ++missing >= 3 && clock.elapsed() - missingSince > longestMiss.milliseconds;
      return isGone ? { done: { status: undefined, taskId } } : { pending: "not listed" };
    }
    if (isOlder(now)) {
      // The request was accepted without a task, and what is there is what was there before: nothing has begun.
      if (++missing < notBegun) return { pending: "not begun" };
      throw new RunFailed(
        `${action} was accepted, but did not begin: the last one is still task ${now.taskId}`,
      );
    }
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

  let isFirst = true;
  const outcome = await waitFor(scope, {
    what: `node ${nodeUid} ${action}`,
    task: () => taskId,
    share: actionsKey(scope),
    isFresh,
    detail,
    look: (how) => lookAtActions(scope, how),
    async judge(list, how) {
      const verdict = await judge(list, how);
      if ("pending" in verdict && isFirst) await onGoingOn?.();
      isFirst = false;
      return verdict;
    },
  });
  const after = formatDuration(clock.elapsed() - began);
  return concluded(outcome, `last seen ${lastSeen} after ${after}, ${http.connection.endpoints[0]}`);
}

export function describeStatus({ status, progress }: ActionStatus): string {
  return progress === undefined ? status : `${status} ${Math.round(progress)} %`;
}

/**
 * The outcome, unless it is a failure: `maintenance_on failed: insufficient_resources: ... (task 38c7..., last seen running
 * 40 % after 3m12s, https://host:9443)`.
 */
export function concluded(outcome: Outcome, seen: string): Outcome {
  const { name, status, errorCode, errorMessage, taskId, progress } = outcome;
  if (status === undefined || status === "completed") return outcome;
  const why = [errorCode, errorMessage].filter(Boolean).join(": ");
  throw new RunFailed(
    `${name} ${status}${why && `: ${why}`} (task ${taskId ?? "unknown"}, ${seen}); the next ${advice.up} runs it again`,
    { taskId, status, progress, errorCode, errorMessage },
  );
}
