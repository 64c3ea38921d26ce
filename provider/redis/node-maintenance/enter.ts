import { advice } from "../../core/data/advice.ts";
import { Refusal } from "../../core/data/errors.ts";
import type { Evidence } from "../../core/work/evidence.ts";
import type { Scope } from "../../core/work/scope.ts";
import { waitFor } from "../../core/work/wait.ts";
import { endUnknown, seekAction } from "../action/evidence.ts";
import { type ActionHandle, isOurs } from "../action/handle.ts";
import { performAction } from "../action/perform.ts";
import { join } from "../action/wait.ts";
import { type ActionStatus, endedBadly, hasEnded } from "../client.ts";
import { goingAnyway, isBeingRemoved, letOthersLeave, listNodesAway, refuseBeside } from "../nodes-away.ts";
import { getNodeStatus, type NodeStatus } from "../nodes-client.ts";
import { warnOfRisk } from "../plan-warnings.ts";
import {
  byHand,
  describeRole,
  findLeader,
  handsOver,
  isFollower,
  leadsAnyway,
  staysLeader,
  tellLeader,
} from "../roles.ts";
import { settled, unlessSo, verify } from "../verify.ts";
import { giveWay } from "./give-way.ts";
import type { NodeMaintenanceInputs } from "./inputs.ts";
import { checkVersion, drains, onParameters } from "./parameters.ts";
import { isEmpty } from "./signs.ts";
import {
  isUnsure,
  type MaintenanceState,
  missingNode,
  nodeThatIs,
  observeMaintenance,
  type Recorded,
  type Since,
  shardsMoving,
  unsureBecause,
} from "./state.ts";

/**
 * Brings a node into maintenance. Sends `maintenance_on` only to a node that is surely not in it, or was left half-way.
 *
 * @param mayEnter throws where what is seen stands in the way
 */
export async function enter(
  scope: Scope,
  inputs: NodeMaintenanceInputs,
  { handle, taskId }: Recorded,
  mayEnter?: (state: MaintenanceState) => void,
): Promise<MaintenanceState> {
  const { nodeUid } = inputs;
  const since = (): Since => {
    const kept = scope.kept?.handle as ActionHandle | undefined;
    return { on: kept ? kept.taskId : (handle?.taskId ?? taskId) };
  };
  const state = await observeSurely(scope, nodeUid, handle, since);
  mayEnter?.(state);
  const { node, inMaintenance, isHalfDone, lastOn } = state;
  // Whoever was cut off between its request and its look at the others looks now: the other one relies on it.
  const isOwn = handle !== undefined && !("failed" in handle) && !handle.isOthers;
  const isCutOff = isOwn && lastOn !== undefined && isOurs(lastOn, handle);
  const isUndone = isOwn && handle.givesWayTo !== undefined && (lastOn === undefined || isCutOff);
  const isStillOn = inMaintenance || (lastOn !== undefined && !hasEnded(lastOn));
  if ((isCutOff || isUndone) && isStillOn)
    await giveWay(scope, inputs, { taskId: lastOn?.taskId ?? handle.taskId, isResumed: true, handle });
  const drained = drains(inputs);
  const promised = {
    ...nodeThatIs(
      scope,
      nodeUid,
      drained ? "in maintenance with its shards moved" : "in maintenance",
      (seen): seen is MaintenanceState => isIn(seen, inputs),
      since,
    ),
    advice: (seen: MaintenanceState | undefined) =>
      seen?.inMaintenance
        ? `make room on the other nodes and ${advice.replace}, or set evictHaReplica: false, which leaves replicas in place`
        : "",
  };
  // An activation that ended badly may be sent again (the page says so, with the snapshot that it left); any other state
  // that looks like maintenance is somebody's: a second activation would stack on it.
  const detail = shardsMoving(scope, node);
  let leads: boolean | undefined;
  if (lastOn && !hasEnded(lastOn)) {
    const ours = handle && isOurs(lastOn, handle) ? handle : undefined;
    if (ours?.parameters?.demote_node) leads = await announceHandOver(scope, nodeUid);
    else if ((await findLeader(scope.http, scope)) === nodeUid) warnOfRisk(scope, leadsAnyway(nodeUid));
    const theirs: ActionHandle = { nodeUid, action: "maintenance_on", isOthers: true };
    await join(scope, lastOn, ours ?? theirs, { detail }).catch(acceptWhereReached);
  } else if (!inMaintenance || isHalfDone) {
    checkVersion(inputs, node);
    // Whoever gives it less time than it takes to fail would never be told why.
    if (isCutOff && endedBadly(lastOn)) scope.warn(`${endedUnseen(lastOn)}; it is run again`);
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
      reached,
      async mayBegin() {
        await letOthersLeave(scope, inputs);
        const [isGoing, away] = await Promise.all([
          isBeingRemoved(scope.http, node, scope),
          listNodesAway(scope, nodeUid),
        ]);
        if (isGoing) throw new Refusal("nodeUid", goingAnyway(nodeUid));
        refuseBeside(scope, inputs, away);
        leads = (await findLeader(scope.http, scope)) === nodeUid;
        if (leads) warnOfRisk(scope, inputs.demoteNode ? handsOver(nodeUid) : staysLeader(nodeUid));
      },
      giveWay: (started) => giveWay(scope, inputs, started),
    }).catch(acceptWhereReached);
  }
  const entered = await verify(scope, promised);
  if (isToHandOver(inputs, scope.kept?.handle ?? handle)) await verifyHandedOver(scope, nodeUid);
  if (leads && inputs.demoteNode) await tellLeader(scope, nodeUid);
  return entered;

  /** Whether the node has entered meanwhile; in doubt nothing is sent, once reports no longer lag. */
  async function reached(): Promise<Evidence<true>> {
    const isSure = (seen: MaintenanceState | undefined): seen is MaintenanceState => !isUnsure(seen, handle);
    const seen = await settled(
      scope,
      nodeThatIs(scope, nodeUid, "surely in maintenance or out", isSure, since),
    );
    if (isIn(seen, inputs)) return { landed: true };
    return seen && !isSure(seen) ? { open: unsureBecause(seen) } : { absent: true };
  }

  /** Only an empty node proves that nothing was left undone. */
  function acceptWhereReached(error: unknown): Promise<void> {
    if (!drained) throw error;
    return unlessSo(scope, error, promised);
  }
}

/** How an activation ended that an earlier operation no longer waited for. */
function endedUnseen({ status, errorCode, errorMessage, taskId }: ActionStatus): string {
  const why = [errorCode, errorMessage].filter(Boolean).join(": ");
  return `maintenance_on ended ${status}${why && `: ${why}`} (task ${taskId ?? "unknown"}) after the last ${advice.up} had stopped waiting`;
}

/** Says of a leader that is resumed on its way that it hands the leadership over. */
async function announceHandOver(scope: Scope, nodeUid: number): Promise<boolean> {
  if ((await findLeader(scope.http, scope)) !== nodeUid) return false;
  warnOfRisk(scope, handsOver(nodeUid));
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
    // A role that is no longer told has not been handed over.
    isSo: (status): status is NodeStatus | undefined => status !== undefined && isFollower(status),
    describe: (status) => `${status ? describeRole(status) : "no status told"}, in maintenance`,
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
async function observeStable(scope: Scope, nodeUid: number, since: () => Since): Promise<MaintenanceState> {
  return waitFor<MaintenanceState | undefined, MaintenanceState>(scope, {
    what: `node ${nodeUid} maintenance_off, started by somebody else`,
    look: (how) => observeMaintenance(scope, nodeUid, since(), { ...how, patience: "patient" }),
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
  since: () => Since,
): Promise<MaintenanceState> {
  const state = await observeStable(scope, nodeUid, since);
  // Our own may be queued, and not told of for a moment: one 404 does not permit a second one.
  const isLost = state.lastOn === undefined && handle?.taskId !== undefined && !("failed" in handle);
  const found = isLost ? await seekAction(scope, nodeUid, "maintenance_on", true) : undefined;
  if (found && "open" in found) throw endUnknown(scope, handle as ActionHandle, found.open);
  if (!isUnsure(state, handle) && !found) return state;
  const isSure = (seen: MaintenanceState | undefined): seen is MaintenanceState => !isUnsure(seen, handle);
  const sure = nodeThatIs(scope, nodeUid, "surely in maintenance or out of it", isSure, since);
  const seen = await settled(scope, sure);
  if (!seen) throw new Refusal("nodeUid", await missingNode(scope, nodeUid));
  if (!isSure(seen)) throw new Refusal("nodeUid", unsureBecause(seen));
  return observeStable(scope, nodeUid, since);
}
