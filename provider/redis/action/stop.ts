import { advice } from "../../core/data/advice.ts";
import { clock } from "../../core/data/clock.ts";
import { ClusteropsError, DecideAnew } from "../../core/data/errors.ts";
import type { Evidence } from "../../core/work/evidence.ts";
import { once } from "../../core/work/once.ts";
import type { Scope } from "../../core/work/scope.ts";
import { waitFor } from "../../core/work/wait.ts";
import { type ActionStatus, cancelNodeAction, effects, hasEnded } from "../client.ts";
import { type ActionEvidence, lookForAction, seekAction } from "./evidence.ts";
import { type ActionHandle, changedBy, isOurs, underWay } from "./handle.ts";
import { describeStatus } from "./wait.ts";

/** Milliseconds for which a status has to be missing after a request to cancel before it counts as erased by that: nobody can tell how it ended. */
const erased = 1_500;
/** Milliseconds from one look to the next for what may yet begin. */
const lateLooks = 1_000;

/**
 * Cancels the action if it is still going on, and waits until it has ended, one way or the other. Answers with that end; undefined where
 * there is none, or none is told any more: a request to cancel what has just ended removes its status instead.
 *
 * @param isExpected whether it is known to have been asked for, so that one look does not prove that it does not run
 * @throws ClusteropsError where it cannot be told whether it runs
 */
export async function stopAction(
  scope: Scope,
  nodeUid: number,
  action: string,
  isExpected: boolean,
): Promise<ActionStatus | undefined> {
  const found = await seekAction(scope, nodeUid, action, isExpected);
  if ("open" in found && isExpected) throw stillOpen(nodeUid, action, found.open);
  const running = "landed" in found ? found.landed : undefined;
  if (!running || hasEnded(running)) return running;
  if (running.status !== "cancelling") {
    await once(scope, {
      what: `cancelling node ${nodeUid} ${action}`,
      target: { ways: [scope.http], on: underWay(nodeUid, action), does: "cancel" },
      ...effects.cancelNodeAction,
      restores: true,
      async send(permit) {
        const isTaken = await cancelNodeAction(scope.http, nodeUid, action, permit, scope);
        // That it does not run is a claim, which a proxy can make, too.
        if (!isTaken && goesOn(await lookForAction(scope.http, nodeUid, action, scope)))
          throw new DecideAnew(
            `node ${nodeUid} ${action} goes on, although cancelling it is answered with 404`,
          );
        return true;
      },
      async readBack(): Promise<Evidence<boolean>> {
        const now = await lookForAction(scope.http, nodeUid, action, {
          signal: scope.signal,
          patience: "patient",
        });
        if ("open" in now) return now;
        return goesOn(now) ? { absent: true } : { landed: true };
      },
    });
  }
  let missingSince: number | undefined;
  return waitFor<ActionEvidence, ActionStatus | undefined>(scope, {
    what: `node ${nodeUid} ${action} cancelling`,
    task: () => running.taskId,
    look: (how) => lookForAction(scope.http, nodeUid, action, { ...how, patience: "patient" }),
    judge(now) {
      if ("landed" in now) {
        missingSince = undefined;
        return hasEnded(now.landed) ? { done: now.landed } : { pending: describeStatus(now.landed) };
      }
      if ("open" in now) return { pending: now.open };
      missingSince ??= clock.elapsed();
      const isGone = "isNodeGone" in now || clock.elapsed() - missingSince > erased;
      return isGone ? { done: undefined } : { pending: "not found" };
    },
  });
}

/** Whether it runs, and nobody has asked for its end. */
function goesOn(seen: ActionEvidence): boolean {
  return "landed" in seen && !hasEnded(seen.landed) && seen.landed.status !== "cancelling";
}

/** Stops what the handle tells of, if it still runs. Undefined: it does not, or somebody else has started another one since. */
export async function stopOurs(
  scope: Scope,
  handle: ActionHandle,
): Promise<{ end: ActionStatus | undefined } | undefined> {
  const { nodeUid, action } = handle;
  const what = `node ${nodeUid} ${action}`;
  if (handle.isOthers) {
    scope.warn(`${what} was started by somebody else: it is only forgotten, and goes on`);
    return undefined;
  }
  const found = await seekLate(scope, handle);
  if ("open" in found) throw stillOpen(nodeUid, action, found.open);
  if ("absent" in found || hasEnded(found.landed)) return undefined;
  if (found.landed.taskId === undefined && handle.taskId !== undefined)
    throw stillOpen(
      nodeUid,
      action,
      `it is ${found.landed.status}, and not told whether as task ${handle.taskId}`,
    );
  if (!isOurs(found.landed, handle)) return undefined;
  return { end: await stopAction(scope, nodeUid, action, true) };
}

/** Looks until it is certain: what was asked for without an answer may begin as long as its request may yet take effect. */
async function seekLate(scope: Scope, handle: ActionHandle): Promise<Evidence<ActionStatus>> {
  const { nodeUid, action, taskId } = handle;
  const { late } = scope.http.installation;
  for (;;) {
    const mayBegin = taskId === undefined && late.pending(changedBy(nodeUid, action)) > 0;
    const found = await seekAction(scope, nodeUid, action, true);
    if (!mayBegin || "open" in found || ("landed" in found && isOurs(found.landed, handle))) return found;
    await clock.pause(lateLooks, scope.signal);
  }
}

/** How something ended, for a message: where its record went with the request to cancel it, that is not told. */
export function describeEnd(end: ActionStatus | undefined): string {
  return end ? `has ended ${end.status}` : "has ended, and the cluster no longer tells how";
}

/** It cannot be told whether it runs: then it is neither cancelled nor forgotten. */
export function stillOpen(nodeUid: number, action: string, why: string): ClusteropsError {
  return new ClusteropsError(
    `whether node ${nodeUid} ${action} still runs cannot be told: ${why}; it was not cancelled, and is not forgotten: run ${advice.destroy} again, or end it by hand (DELETE /v1/nodes/${nodeUid}/actions/${action}) and ${advice.forget}`,
  );
}
