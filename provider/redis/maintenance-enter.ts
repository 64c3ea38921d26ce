import { Refusal } from "../core/errors.ts";
import type { Scope } from "../core/scope.ts";
import { waitFor } from "../core/wait.ts";
import { performAction } from "./action.ts";
import { join } from "./action-wait.ts";
import { hasEnded } from "./client.ts";
import { checkVersion, drains, onParameters } from "./maintenance-parameters.ts";
import {
  isEmpty,
  listUnavailableOthers,
  type MaintenanceState,
  missingNode,
  nodeThatIs,
  observeMaintenance,
  shardsMoving,
} from "./maintenance-state.ts";
import type { NodeMaintenanceInputs } from "./node-maintenance.ts";
import { isSoNow, unlessSo, verify } from "./verify.ts";

/** Brings a node into maintenance. Sends `maintenance_on` only to a node that is not in it, or was left half-way. */
export async function enter(scope: Scope, inputs: NodeMaintenanceInputs): Promise<MaintenanceState> {
  const { nodeUid } = inputs;
  const { node, inMaintenance, isHalfDone, lastOn } = await observeStable(scope, nodeUid);
  const drained = drains(inputs);
  const promised = {
    ...nodeThatIs(
      scope,
      nodeUid,
      drained ? "in maintenance with its shards moved" : "in maintenance",
      (state): state is MaintenanceState => isIn(state, inputs),
    ),
    advice: (state: MaintenanceState | undefined) =>
      state?.inMaintenance
        ? "make room on the other nodes and replace this resource (pulumi up --replace), or set evictHaReplica: false, which leaves replicas in place"
        : "",
  };
  const parameters = () => {
    checkVersion(inputs, node);
    return onParameters(inputs, { isFresh: !isHalfDone });
  };
  // An activation that ended badly may be sent again (the page says so, with the snapshot that it left); any other state
  // that looks like maintenance is somebody's: a second activation would stack on it.
  const detail = shardsMoving(scope, node);
  if (lastOn && !hasEnded(lastOn)) {
    await join(scope, lastOn, undefined, { detail }).catch(letPass);
  } else if (!inMaintenance || isHalfDone) {
    const intent = {
      nodeUid,
      action: "maintenance_on",
      parameters: parameters(),
      detail,
      lastSeen: lastOn ?? null,
      isDone: () => isSoNow(scope, promised),
    };
    await refuseIfOthersUnavailable(scope, inputs);
    await performAction(scope, intent).catch(letPass);
  }
  return verify(scope, promised);

  /** Only an empty node proves that nothing was left undone. */
  function letPass(error: unknown): Promise<void> {
    if (!drained) throw error;
    return unlessSo(scope, error, promised);
  }
}

function isIn(state: MaintenanceState | undefined, inputs: NodeMaintenanceInputs): state is MaintenanceState {
  return state?.inMaintenance === true && (!drains(inputs) || isEmpty(state.node));
}

/** Whether the node is where `enter` would bring it, and nothing is under way: there is nothing to do, and nothing to take turns for. */
export function hasEntered(
  state: MaintenanceState | undefined,
  inputs: NodeMaintenanceInputs,
): state is MaintenanceState {
  const isStable = !state?.runningOff && !state?.isHalfDone && (!state?.lastOn || hasEnded(state.lastOn));
  return isStable && isIn(state, inputs);
}

/** The state once nobody is just taking the node out. */
async function observeStable(scope: Scope, nodeUid: number): Promise<MaintenanceState> {
  return waitFor<MaintenanceState | undefined, MaintenanceState>(scope, {
    what: `node ${nodeUid} maintenance_off, started by somebody else`,
    look: (how) => observeMaintenance(scope, nodeUid, { ...how, patience: "patient" }),
    judge: async (state) => {
      if (!state) throw new Refusal("nodeUid", await missingNode(scope, nodeUid));
      return state.runningOff ? { pending: state.runningOff.status } : { done: state };
    },
  });
}

async function refuseIfOthersUnavailable(scope: Scope, inputs: NodeMaintenanceInputs): Promise<void> {
  if (inputs.allowOtherNodesUnavailable) return;
  const others = await listUnavailableOthers(scope, inputs.nodeUid);
  if (others.length > 0) {
    throw new Refusal(
      "nodeUid",
      `${others.map(({ reason }) => reason).join(", ")}: nothing was sent; allowOtherNodesUnavailable: true goes ahead all the same`,
    );
  }
}
