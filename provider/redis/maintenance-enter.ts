import { Refusal } from "../core/errors.ts";
import type { Scope } from "../core/scope.ts";
import { waitFor } from "../core/wait.ts";
import { isOurs, performAction } from "./action.ts";
import { type ActionHandle, join } from "./action-wait.ts";
import { hasEnded } from "./client.ts";
import { checkVersion, drains, onParameters } from "./maintenance-parameters.ts";
import {
  isEmpty,
  isUnsure,
  type MaintenanceState,
  missingNode,
  nodeThatIs,
  observeMaintenance,
  shardsMoving,
  unsureBecause,
} from "./maintenance-state.ts";
import type { NodeMaintenanceInputs } from "./node-maintenance.ts";
import { listNodesAway } from "./nodes-away.ts";
import { getNodeStatus, type NodeStatus } from "./nodes-client.ts";
import { byHand, describeRole, findLeader, handsOver, isLeader, staysLeader, tellLeader } from "./roles.ts";
import { isSoNow, settled, unlessSo, verify } from "./verify.ts";

/**
 * Brings a node into maintenance. Sends `maintenance_on` only to a node that is surely not in it, or was left half-way.
 *
 * @param handle what an earlier, unfinished attempt left
 */
export async function enter(
  scope: Scope,
  inputs: NodeMaintenanceInputs,
  handle?: ActionHandle,
): Promise<MaintenanceState> {
  const { nodeUid } = inputs;
  const state = await observeSurely(scope, nodeUid, handle);
  const { node, inMaintenance, isHalfDone, lastOn } = state;
  const drained = drains(inputs);
  const promised = {
    ...nodeThatIs(
      scope,
      nodeUid,
      drained ? "in maintenance with its shards moved" : "in maintenance",
      (seen): seen is MaintenanceState => isIn(seen, inputs),
    ),
    advice: (seen: MaintenanceState | undefined) =>
      seen?.inMaintenance
        ? "make room on the other nodes and replace this resource (pulumi up --replace), or set evictHaReplica: false, which leaves replicas in place"
        : "",
  };
  // An activation that ended badly may be sent again (the page says so, with the snapshot that it left); any other state
  // that looks like maintenance is somebody's: a second activation would stack on it.
  const detail = shardsMoving(scope, node);
  let leads: boolean | undefined;
  if (lastOn && !hasEnded(lastOn)) {
    const ours = handle && isOurs(lastOn, handle) ? handle : undefined;
    if (ours?.parameters?.demote_node) leads = await announceLeader(scope, { nodeUid, demoteNode: true });
    await join(scope, lastOn, ours, { detail }).catch(letPass);
  } else if (!inMaintenance || isHalfDone) {
    checkVersion(inputs, node);
    await refuseIfOthersUnavailable(scope, inputs);
    leads = await announceLeader(scope, inputs);
    await performAction(scope, {
      nodeUid,
      action: "maintenance_on",
      parameters: onParameters(inputs, { isFresh: !isHalfDone }),
      recordsParameters: inputs.demoteNode === true,
      doubtful: {
        parameter: "demote_node",
        instead: `leave demoteNode out, and where the node leads the cluster ${byHand}`,
      },
      detail,
      lastSeen: lastOn ?? null,
      isDone: () => isSoNow(scope, promised),
    }).catch(letPass);
  }
  const entered = await verify(scope, promised);
  if (isToHandOver(inputs, scope.kept?.handle ?? handle)) await verifyHandedOver(scope, nodeUid);
  if (leads && inputs.demoteNode) await tellLeader(scope, nodeUid);
  return entered;

  /** Only an empty node proves that nothing was left undone. */
  function letPass(error: unknown): Promise<void> {
    if (!drained) throw error;
    return unlessSo(scope, error, promised);
  }
}

/** Says what becomes of the leadership, where the node has it. */
async function announceLeader(
  scope: Scope,
  { nodeUid, demoteNode }: NodeMaintenanceInputs,
): Promise<boolean> {
  if ((await findLeader(scope.http, scope)) !== nodeUid) return false;
  scope.warn(demoteNode ? handsOver(nodeUid) : staysLeader(nodeUid));
  return true;
}

/** Whether `demote_node` was sent for this maintenance, and is still wanted: then the role, too, has to be read back. */
export function isToHandOver(
  { demoteNode }: NodeMaintenanceInputs,
  handle: Partial<ActionHandle> | undefined,
): boolean {
  return demoteNode === true && handle?.parameters?.demote_node === true;
}

/** @throws RunFailed when the node leads the cluster in maintenance, as with a server that takes an unknown key for nothing */
async function verifyHandedOver(scope: Scope, nodeUid: number): Promise<void> {
  await verify<NodeStatus | undefined, NodeStatus | undefined>(scope, {
    what: `node ${nodeUid} without the leadership`,
    look: (options) => getNodeStatus(scope.http, nodeUid, options),
    isSo: (status): status is NodeStatus | undefined => status === undefined || !isLeader(status),
    describe: (status) => `${status ? describeRole(status) : "gone"}, in maintenance`,
    advice: () =>
      `the server may not know demote_node, and maintenance_on is not sent again: ${byHand}, or set demoteNode: false`,
    outputs: () => ({ inMaintenance: true }),
  });
}

function isIn(state: MaintenanceState | undefined, inputs: NodeMaintenanceInputs): state is MaintenanceState {
  return state?.inMaintenance === true && !state.doubt && (!drains(inputs) || isEmpty(state.node));
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

/** The same, once it is sure whether the node is in maintenance. @throws Refusal where that stays open */
async function observeSurely(
  scope: Scope,
  nodeUid: number,
  handle: ActionHandle | undefined,
): Promise<MaintenanceState> {
  const state = await observeStable(scope, nodeUid);
  if (!isUnsure(state, handle)) return state;
  const isSure = (seen: MaintenanceState | undefined): seen is MaintenanceState => !isUnsure(seen, handle);
  const seen = await settled(scope, nodeThatIs(scope, nodeUid, "surely in maintenance or out of it", isSure));
  if (!seen) throw new Refusal("nodeUid", await missingNode(scope, nodeUid));
  if (!isSure(seen)) throw new Refusal("nodeUid", unsureBecause(seen));
  return observeStable(scope, nodeUid);
}

async function refuseIfOthersUnavailable(scope: Scope, inputs: NodeMaintenanceInputs): Promise<void> {
  if (inputs.allowOtherNodesUnavailable) return;
  const others = await listNodesAway(scope, inputs.nodeUid);
  if (others.length > 0) {
    throw new Refusal(
      "nodeUid",
      `${others.map(({ reason }) => reason).join(", ")}: nothing was sent; allowOtherNodesUnavailable: true goes ahead all the same`,
    );
  }
}
