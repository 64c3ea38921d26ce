import { Refusal, RunFailed } from "../../core/data/errors.ts";
import type { Evidence } from "../../core/work/evidence.ts";
import type { Scope } from "../../core/work/scope.ts";
import { type ActionHandle, isOurs } from "../action/handle.ts";
import { hasEnded } from "../client.ts";
import { type Entered, giveWay } from "../node-maintenance/give-way.ts";
import {
  isUnsure,
  type MaintenanceState,
  observeMaintenance,
  unsureBecause,
} from "../node-maintenance/state.ts";
import type { NodeActionInputs } from "./inputs.ts";

/*
 * What a NodeAction minds of maintenance, where that is its action: activations stack, and a snapshot is taken of the node as it is.
 */

export function isMaintenance(action: string): boolean {
  return action === "maintenance_on" || action === "maintenance_off";
}

/** Whether there is nothing to send, which is said. @throws Refusal in doubt, where a second activation might stack */
export function isAlreadySo(
  scope: Scope,
  { action }: NodeActionInputs,
  state: MaintenanceState | undefined,
): boolean {
  if (action === "maintenance_on" && state && isUnsure(state, undefined) && !isGoingOn(state))
    throw new Refusal("nodeUid", unsureBecause(state));
  const why = whyNotSent(state, action);
  if (why) scope.warn(`${why}: ${action} was not sent`);
  return why !== undefined;
}

/** Whether the node is where the action would bring it. A second activation would stack: in doubt none is sent. */
export async function reachedMaintenance(
  scope: Scope,
  { nodeUid, action }: NodeActionInputs,
): Promise<Evidence<true>> {
  const state = await observeMaintenance(scope, nodeUid);
  if (whyNotSent(state, action)) return { landed: true };
  return action === "maintenance_on" && state && isUnsure(state, undefined)
    ? { open: unsureBecause(state) }
    : { absent: true };
}

/** Of two nodes that were taken away at the same moment one comes back. @throws RunFailed where it is this one */
export async function giveWayWithMaintenance(
  scope: Scope,
  inputs: NodeActionInputs,
  { taskId, isResumed, handle }: Entered,
): Promise<void> {
  const { nodeUid, allowOtherNodesUnavailable } = inputs;
  // Somebody may have taken it out by now.
  if (isResumed && !("landed" in (await reachedMaintenance(scope, inputs)))) return;
  await giveWay(scope, { nodeUid, allowOtherNodesUnavailable }, { taskId, isResumed, handle });
}

/**
 * An earlier operation had not yet taken its node out again when it ended. Where the other one has come back, or may be away as well, the
 * node stays in.
 *
 * @throws RunFailed once it is out
 */
export async function goOnGivingWay(
  scope: Scope,
  { allowOtherNodesUnavailable }: Pick<NodeActionInputs, "allowOtherNodesUnavailable">,
  sent: ActionHandle,
): Promise<void> {
  const { nodeUid, taskId } = sent;
  const state = await observeMaintenance(scope, nodeUid);
  if (!state || (!state.inMaintenance && !state.isHalfDone && !isGoingOn(state)))
    throw new RunFailed(
      `another node was taken away at the same moment: node ${nodeUid} was taken out of maintenance again`,
    );
  // What somebody else has begun since is theirs. What was cancelled too late is told no more.
  if (state.lastOn && !isOurs(state.lastOn, sent)) return;
  await giveWay(scope, { nodeUid, allowOtherNodesUnavailable }, { taskId, isResumed: true, handle: sent });
}

/** A snapshot of a node that a failed attempt has begun to empty would take the place of the one that tells what was on it. */
export function withoutSecondSnapshot(
  scope: Scope,
  { nodeUid, action, parameters = {} }: NodeActionInputs,
  state: MaintenanceState | undefined,
): Record<string, unknown> {
  if (action !== "maintenance_on" || !state?.isHalfDone || !parameters.overwrite_snapshot) return parameters;
  scope.warn(
    `node ${nodeUid} was left half-way by a maintenance_on: overwrite_snapshot is left out this time, since the snapshot that there is tells what was on the node`,
  );
  const { overwrite_snapshot: _, ...others } = parameters;
  return others;
}

/** Activations of maintenance mode stack, so one more is never sent; nor is leaving it when the node is not in it. */
export function whyNotSent(state: MaintenanceState | undefined, action: string): string | undefined {
  if (!state) return undefined;
  const { node, inMaintenance, isHalfDone, doubt } = state;
  if (isGoingOn(state) || isHalfDone || doubt || inMaintenance !== (action === "maintenance_on"))
    return undefined;
  return `node ${node.nodeUid} is already ${inMaintenance ? "in" : "out of"} maintenance`;
}

function isGoingOn({ lastOn, runningOff }: MaintenanceState): boolean {
  return runningOff !== undefined || (lastOn !== undefined && !hasEnded(lastOn));
}
