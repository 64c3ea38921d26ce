import { messageOf, Refusal, RunFailed, WaitExpired } from "../../core/data/errors.ts";
import { intentResource } from "../../core/lifecycle/companion.ts";
import type { Before } from "../../core/lifecycle/intent.ts";
import { runResource } from "../../core/lifecycle/run.ts";
import type { Scope } from "../../core/work/scope.ts";
import { endUnknown, lookForAction } from "../action/evidence.ts";
import { type ActionHandle, isOurs, type Outcome } from "../action/handle.ts";
import { performAction } from "../action/perform.ts";
import { describeEnd, stopAction, stopOurs } from "../action/stop.ts";
import { join } from "../action/wait.ts";
import { hasEnded, listAllNodeActions } from "../client.ts";
import {
  foreseeMaintenance,
  forPreview,
  isUnsure,
  missingNode,
  observeMaintenance,
  unsureBecause,
} from "../node-maintenance/state.ts";
import { leftBehind } from "../node-removal.ts";
import { listNodes } from "../nodes-client.ts";
import { findLeader, handsOver, staysLeader } from "../roles.ts";
import { lookAtAction, lookAtNode, lookForLeader } from "../shared-looks.ts";
import { redis } from "../system.ts";
import type { NodeActionInputs, NodeActionOutputs } from "./inputs.ts";
import {
  isAlreadySo,
  isMaintenance,
  reachedMaintenance,
  whyNotSent,
  withoutSecondSnapshot,
} from "./maintenance.ts";

/** Time for a cancellation after the timeout. */
const cancelTime = 60_000;

/** What the run and its companion have in common. */
const identity = {
  system: redis,
  type: "NodeAction",
  id: ({ nodeUid, action }: NodeActionInputs) => `${nodeUid}/${action}`,
  subject: ({ nodeUid }: NodeActionInputs) => `redis node ${nodeUid}`,
  manner: ["onTimeout" as const],
};

/** Records, ahead of a `NodeAction`, which task of that action was there before it. */
export interface NodeActionIntentInputs extends NodeActionInputs {}

export interface NodeActionIntentOutputs {
  before: Before;
}

export const nodeActionIntent = intentResource<NodeActionInputs>(
  identity,
  async (scope, { nodeUid, action }) => {
    const last = await lookAtAction(scope, nodeUid, action);
    return { nodeUid, action, taskBefore: last ? last.taskId : null } satisfies ActionHandle;
  },
);

/** A handle may still be that of a run before this one, whose end has to be waited for: then nothing was sent for this one. */
type RunHandle = ActionHandle & { isEarlier?: boolean };

export const nodeAction = runResource<NodeActionInputs, NodeActionOutputs, RunHandle>({
  ...identity,
  timeout: "30m",
  async run(scope, inputs, unfinished, before) {
    const { nodeUid, action, onTimeout } = inputs;
    const ours = unfinished?.changed.length === 0 && !unfinished.handle.isEarlier && unfinished.handle;
    const exists = async () => (await lookAtNode(scope, nodeUid)) !== undefined;
    if (!(await exists())) {
      if (ours && action === "remove") return { taskId: ours.taskId, status: "completed" };
      throw new Refusal("nodeUid", await missingNode(scope, nodeUid));
    }
    // With other parameters or triggers it is another run: the earlier one is let finish first, since one at a time is allowed.
    if (unfinished && !ours) await letFinish(scope, unfinished.handle);
    const state = isMaintenance(action) ? await observeMaintenance(scope, nodeUid) : undefined;
    if (!ours && isAlreadySo(scope, inputs, state)) return { status: "completed" };
    const handle = ours || (before && { nodeUid, action, ...followed(before) });
    if (!ours && concernsLeader(action)) {
      const risk = riskForLeader(inputs, await lookForLeader(scope));
      if (risk) scope.warn(risk);
    }
    try {
      const intent = {
        nodeUid,
        action,
        parameters: withoutSecondSnapshot(scope, inputs, state),
        ...(isMaintenance(action) && {
          reached: () => reachedMaintenance(scope, inputs),
          lastSeen: (action === "maintenance_on" ? state?.lastOn : state?.lastOff) ?? null,
        }),
        isResumed: ours !== false && ours !== undefined,
      };
      const outcome = await performAction(scope, intent, handle);
      if (outcome.status !== undefined) return outputsOf(outcome);
      // The status of a removal goes with its node.
      if (action === "remove" && !(await exists())) return outputsOf({ ...outcome, status: "completed" });
      const kept = (scope.kept?.handle as RunHandle | undefined) ?? {
        nodeUid,
        action,
        taskId: outcome.taskId,
      };
      throw endUnknown(scope, kept, `it tells of no ${action} of node ${nodeUid}`);
    } catch (error) {
      if (onTimeout !== "cancel" || !(error instanceof WaitExpired)) throw error;
      const end = await stopAction(scope.overtime(cancelTime), nodeUid, action, true);
      if (end?.status === "completed") return outputsOf(end);
      const why = messageOf(error).replace(/; the next.*$/, "");
      throw new RunFailed(`${why}; by onTimeout: cancel it ${describeEnd(end)}`, {
        ...(end && outputsOf(end)),
      });
    }
  },
  async cancel(scope, _inputs, handle) {
    const stopped = await stopOurs(scope, handle);
    if (stopped && handle.action === "remove" && stopped.end?.status !== "completed")
      scope.warn(`node ${handle.nodeUid}: remove ${describeEnd(stopped.end)}; ${leftBehind(handle.nodeUid)}`);
  },
  async plan(scope, inputs) {
    const { nodeUid, action } = inputs;
    const http = forPreview(scope);
    const [nodes, actions] = await Promise.all([listNodes(http, scope), listAllNodeActions(http, scope)]);
    if (!nodes.some((node) => node.nodeUid === nodeUid)) {
      return { refusals: [{ property: "nodeUid", reason: await missingNode(scope, nodeUid, http) }] };
    }
    const running = actions.find(
      (item) => item.nodeUid === nodeUid && item.name === action && !hasEnded(item),
    );
    if (running)
      return { warnings: [`node ${nodeUid}: ${action} is already ${running.status}: it will be joined`] };
    const state = isMaintenance(action) ? await foreseeMaintenance(scope, nodeUid, http) : undefined;
    const isSo = whyNotSent(state, action);
    if (isSo) return { warnings: [`${isSo}: nothing will be sent`] };
    if (action === "maintenance_on" && state && isUnsure(state, undefined)) {
      const reason = unsureBecause(state);
      return state.mayLag ? { warnings: [reason] } : { refusals: [{ property: "nodeUid", reason }] };
    }
    const risk = concernsLeader(action) && riskForLeader(inputs, await findLeader(http, scope));
    return { plan: `node ${nodeUid}: ${action}`, ...(risk && { warnings: [risk] }) };
  },
});

/** What came before this run: the failed one, and what came before that; or what the companion saw. */
function followed({ taskId, taskBefore }: Partial<RunHandle>): Partial<RunHandle> {
  return taskId === undefined ? { taskBefore } : { taskBefore: taskId, olderTask: taskBefore };
}

/** Actions that mean something else for the node that leads the cluster. */
function concernsLeader(action: string): boolean {
  return action === "enslave_node" || action === "maintenance_on";
}

/** What is to be said before one of them, if the node is the leader. */
function riskForLeader(
  { nodeUid, action, parameters = {} }: NodeActionInputs,
  leader: number | undefined,
): string | undefined {
  if (leader !== nodeUid) return undefined;
  if (parameters.demote_node === true) return handsOver(nodeUid);
  const input = "parameters: { demote_node: true }";
  if (action === "maintenance_on") return staysLeader(nodeUid, input);
  return `node ${nodeUid} leads the cluster: enslave_node fails its shards over and leaves it the leader; ${input} hands the leadership over`;
}

/** Should the time run out here, the earlier run's handle is what is recorded, with its mark. */
async function letFinish(scope: Scope, handle: RunHandle): Promise<void> {
  const found = await lookForAction(scope.http, handle.nodeUid, handle.action, scope);
  const running = "landed" in found ? found.landed : undefined;
  if (!running || hasEnded(running) || !isOurs(running, handle)) return;
  const aside: Scope = Object.create(scope, {
    keep: { value: (kept: RunHandle) => scope.keep({ ...kept, isEarlier: true }) },
  });
  await join(aside, running, handle).catch((error) => {
    if (!(error instanceof RunFailed)) throw error;
    scope.warn(`the earlier run ended badly: ${error.message.replace(/; the next.*$/, "")}`);
  });
  scope.forget();
}

function outputsOf({ taskId, status, progress, errorCode, errorMessage }: Outcome): NodeActionOutputs {
  return { taskId, status, progress, errorCode, errorMessage };
}
