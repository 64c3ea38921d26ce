import { messageOf, Refusal, RunFailed, reworded, WaitExpired } from "../../core/data/errors.ts";
import { intentResource } from "../../core/lifecycle/companion.ts";
import type { IntentRecord } from "../../core/lifecycle/intent.ts";
import { runResource } from "../../core/lifecycle/run.ts";
import { deciding } from "../../core/work/deciding.ts";
import type { Scope } from "../../core/work/scope.ts";
import { countsAsOwn, isFirstWith, readBefore } from "../action/counting.ts";
import { letEarlierFinish } from "../action/earlier.ts";
import { endUnknown } from "../action/evidence.ts";
import type { ActionHandle, Outcome } from "../action/handle.ts";
import { type Intent, performAction } from "../action/perform.ts";
import { describeEnd, stopAction, stopOurs } from "../action/stop.ts";
import { factsOfNode } from "../facts.ts";
import { type MaintenanceState, missingNode, observeMaintenance } from "../node-maintenance/state.ts";
import { giveWayWithRemoval, isListed, leftBehind, removalOf } from "../node-removal.ts";
import { refuseBesideNodesAway, takesAway } from "../nodes-away.ts";
import { rememberWarnings, warnOfRisk } from "../plan-warnings.ts";
import { lookAtNode, lookForLeader } from "../shared-looks.ts";
import { redis } from "../system.ts";
import { alone } from "../turns.ts";
import type { NodeActionInputs, NodeActionOutputs } from "./inputs.ts";
import { concernsLeader, riskForLeader } from "./leader.ts";
import {
  giveWayWithMaintenance,
  goOnGivingWay,
  isAlreadySo,
  isMaintenance,
  reachedMaintenance,
  withoutSecondSnapshot,
} from "./maintenance.ts";
import { forecastAction } from "./plan.ts";

/** Time for a cancellation after the timeout. */
const cancelTime = 60_000;

/** What the run and its companion have in common. */
const identity = {
  system: redis,
  type: "NodeAction",
  id: ({ nodeUid, action }: NodeActionInputs) => `${nodeUid}/${action}`,
  subject: ({ nodeUid }: NodeActionInputs) => `redis node ${nodeUid}`,
  noRerunOn: ["onTimeout" as const, "allowOtherNodesUnavailable" as const],
};

/** Records, ahead of a `NodeAction`, which task of that action was there before it. */
export interface NodeActionIntentInputs extends NodeActionInputs {}

export interface NodeActionIntentOutputs {
  before: IntentRecord;
}

export const nodeActionIntent = intentResource<NodeActionInputs>(identity, async (scope, inputs) => ({
  ...(await readBefore(scope, inputs.nodeUid, inputs.action)),
}));

export const nodeAction = runResource<NodeActionInputs, NodeActionOutputs, ActionHandle>({
  ...identity,
  timeout: "30m",
  declares: ({ nodeUid, action }) => (action === "remove" ? removalOf(nodeUid) : `node ${nodeUid} ${action}`),
  async run(scope, inputs, unfinished, before) {
    const { nodeUid, action } = inputs;
    const earlier = unfinished?.handle;
    const isOwn = unfinished?.changed.length === 0 && !earlier?.isEarlier && earlier?.action === action;
    const ours = isOwn ? earlier : undefined;
    if ((await lookAtNode(scope, nodeUid)) === undefined && !(await isListed(scope, nodeUid))) {
      if (ours && action === "remove") return { taskId: ours.taskId, status: "completed" };
      throw new Refusal("nodeUid", await missingNode(scope, nodeUid));
    }
    // With other parameters or triggers it is another run.
    if (earlier && !ours) await letEarlierFinish(scope, earlier);
    const perform = async () => {
      if (earlier?.givesWayTo !== undefined) await goOnGivingWay(scope, inputs, earlier);
      return run(scope, inputs, ours, before);
    };
    return takesAway(action) || isMaintenance(action) ? alone(scope, nodeUid, action, perform) : perform();
  },
  async cancel(scope, inputs, handle) {
    const stopped = await stopOurs(scope, handle);
    if (handle.givesWayTo !== undefined)
      await goOnGivingWay(scope, inputs, handle).catch((error) => {
        if (!(error instanceof RunFailed)) throw error;
      });
    if (stopped && handle.action === "remove" && stopped.end?.status !== "completed")
      scope.warn(`node ${handle.nodeUid}: remove ${describeEnd(stopped.end)}; ${leftBehind(handle.nodeUid)}`);
  },
  plan: rememberWarnings(forecastAction),
  facts: factsOfNode,
});

/** @param ours of an unfinished attempt at this very run; `before` of what came before it */
async function run(
  scope: Scope,
  inputs: NodeActionInputs,
  ours: ActionHandle | undefined,
  before: Partial<ActionHandle> | undefined,
): Promise<NodeActionOutputs> {
  const { nodeUid, action, onTimeout } = inputs;
  const state = isMaintenance(action) ? await observeMaintenance(scope, nodeUid) : undefined;
  if (!ours && isAlreadySo(scope, inputs, state)) return { status: "completed" };
  const isFirst = before !== undefined && isFirstWith(scope, before);
  const handle = ours ?? (before && { nodeUid, action, ...followed(before) });
  try {
    const outcome = await performAction(
      scope,
      intentOf(scope, inputs, state, { handle, isResumed: ours !== undefined, isFirst }),
      handle,
    );
    if (outcome.status !== undefined) return outputsOf({ ...outcome, status: outcome.status });
    // The status of a removal goes with its node.
    if (action === "remove" && !(await isListed(scope, nodeUid)))
      return outputsOf({ ...outcome, status: "completed" });
    const kept = scope.kept?.handle as ActionHandle | undefined;
    throw endUnknown(
      scope,
      kept ?? { nodeUid, action, taskId: outcome.taskId },
      `it tells of no ${action} of node ${nodeUid}`,
    );
  } catch (error) {
    const kept = scope.kept?.handle as ActionHandle | undefined;
    const isOver = error instanceof WaitExpired && onTimeout === "cancel";
    // What was only waited for is somebody else's, and what gives way is about to be undone.
    if (!isOver || !kept || kept.isOthers || kept.givesWayTo !== undefined) throw error;
    return cancelled(scope.overtime(cancelTime), inputs, kept, error);
  }
}

function intentOf(
  scope: Scope,
  inputs: NodeActionInputs,
  state: MaintenanceState | undefined,
  { handle, isResumed, isFirst }: { handle?: ActionHandle; isResumed: boolean; isFirst: boolean },
): Intent {
  const { nodeUid, action } = inputs;
  return {
    nodeUid,
    action,
    parameters: withoutSecondSnapshot(scope, inputs, state),
    ...(isMaintenance(action) && {
      reached: () => reachedMaintenance(scope, inputs),
      lastSeen: (action === "maintenance_on" ? state?.lastOn : state?.lastOff) ?? null,
    }),
    isResumed,
    isFirst,
    counts: async (ended) => !isFirst && countsAsOwn(scope, ended, handle ?? {}),
    async mayBegin() {
      if (takesAway(action)) await refuseBesideNodesAway(scope, inputs);
      const risk = concernsLeader(action) && riskForLeader(inputs, await lookForLeader(scope));
      if (risk) warnOfRisk(scope, risk);
    },
    ...(takesAway(action) && {
      giveWay: (started) =>
        isMaintenance(action)
          ? giveWayWithMaintenance(scope, inputs, { ...started, handle: isResumed ? handle : undefined })
          : giveWayWithRemoval(scope, inputs, started),
    }),
  };
}

/** What came of an action that was cancelled since its time ran out. A status that went with the request to cancel it tells nothing. */
async function cancelled(
  scope: Scope,
  inputs: NodeActionInputs,
  kept: ActionHandle,
  error: WaitExpired,
): Promise<NodeActionOutputs> {
  const { nodeUid, action } = inputs;
  // In its own time: a request to cancel that was turned away is sent again.
  const why = messageOf(error).replace(/; the next.*$/, "");
  const end = await deciding(scope, (decision) => stopAction(decision, nodeUid, action, true)).catch(
    (failure) => {
      throw reworded(failure, `${why}; by onTimeout: cancel it was to be cancelled: ${messageOf(failure)}`);
    },
  );
  if (end?.status === "completed") return outputsOf(end);
  if (end) throw new RunFailed(`${why}; by onTimeout: cancel it ${describeEnd(end)}`, { ...outputsOf(end) });
  const isReached =
    action === "remove"
      ? !(await isListed(scope, nodeUid))
      : isMaintenance(action) && "landed" in (await reachedMaintenance(scope, inputs));
  if (isReached) return { taskId: kept.taskId, status: "completed" };
  throw endUnknown(scope, kept, "its status is gone since it was to be cancelled (onTimeout)");
}

/** What came before this run: the failed one, and what came before that; or what the companion saw. */
function followed({ taskId, taskBefore, seenAt }: Partial<ActionHandle>): Partial<ActionHandle> {
  return taskId === undefined ? { taskBefore, seenAt } : { taskBefore: taskId, olderTask: taskBefore };
}

function outputsOf({
  taskId,
  status,
  progress,
  errorCode,
  errorMessage,
}: Outcome & { status: string }): NodeActionOutputs {
  return { taskId, status, progress, errorCode, errorMessage };
}
