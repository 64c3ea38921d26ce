import { intentResource } from "../core/companion.ts";
import { messageOf, RunFailed, WaitExpired } from "../core/errors.ts";
import type { Before } from "../core/intent.ts";
import { type RunInputs, runResource } from "../core/run.ts";
import { inOvertime, type Scope } from "../core/scope.ts";
import { type ActionHandle, type Intent, isOurs, type Outcome, performAction, stopAction } from "./action.ts";
import { getNodeAction, hasEnded, listAllNodeActions } from "./client.ts";
import { forPreview, missingNode, observeMaintenance } from "./maintenance-state.ts";
import { getNode, listNodes } from "./nodes-client.ts";
import { redis } from "./system.ts";

/** One run of a node action that has no resource of its own (page "Node actions requests"). */
export interface NodeActionInputs extends RunInputs {
  /** The node's uid, as `rladmin status nodes` shows it. @minimum 1 @asType integer */
  nodeUid: number;
  /** As in the vendor's URL, e.g. `enslave_node`. @pattern ^[a-z][a-z0-9_]*$ */
  action: string;
  /** The request's body, in the vendor's spelling, e.g. `{ wait_for_persistence: true }`. Default: `{}`. */
  parameters?: { [name: string]: unknown };
  /** When `timeout` runs out: `leave` it running (the next `up` goes on waiting), or `cancel` it. @default leave */
  onTimeout?: "leave" | "cancel";
}

export interface NodeActionOutputs {
  taskId?: string;
  /** `completed` once it has ended well. */
  status?: string;
  /** Percent, as last reported. */
  progress?: number;
  errorCode?: string;
  errorMessage?: string;
}

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
    const last = await getNodeAction(scope.http, nodeUid, action, scope);
    return { action, taskBefore: last?.taskId ?? null } satisfies ActionHandle;
  },
);

export const nodeAction = runResource<NodeActionInputs, NodeActionOutputs, ActionHandle>({
  ...identity,
  timeout: "30m",
  async run(scope, inputs, unfinished, before) {
    const { nodeUid, action, parameters = {}, onTimeout } = inputs;
    if (!(await getNode(scope.http, nodeUid, scope))) throw new Error(await missingNode(scope, nodeUid));
    // With other parameters or triggers it is another run: the earlier one is let finish first, since one at a time is allowed.
    if (unfinished && unfinished.changed.length > 0) await letFinish(scope, nodeUid, unfinished.handle);
    const isSame = unfinished !== undefined && unfinished.changed.length === 0;
    if (!isSame && (await isAlreadySo(scope, inputs))) return { status: "completed" };
    const handle = isSame
      ? unfinished.handle
      : before && { action, taskBefore: before.taskId ?? before.taskBefore };
    try {
      return outputsOf(await performAction(scope, { nodeUid, action, parameters }, handle));
    } catch (error) {
      if (onTimeout !== "cancel" || !(error instanceof WaitExpired)) throw error;
      await stopAction(inOvertime(scope, cancelTime), nodeUid, action);
      throw new RunFailed(
        `${messageOf(error).replace(/; the next.*$/, "")}; it was cancelled (onTimeout: cancel)`,
        { status: "cancelled" },
      );
    }
  },
  async cancel(scope, { nodeUid }, handle) {
    const running = await getNodeAction(scope.http, nodeUid, handle.action, scope);
    if (running && !hasEnded(running) && isOurs(running, handle))
      await stopAction(scope, nodeUid, handle.action);
  },
  async preflight(scope, { nodeUid, action }) {
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
    return { plan: `node ${nodeUid}: ${action}` };
  },
});

/** Activations of maintenance mode stack, so one more is never sent; nor is leaving it when the node is not in it. */
async function isAlreadySo(scope: Scope, { nodeUid, action }: Intent | NodeActionInputs): Promise<boolean> {
  if (action !== "maintenance_on" && action !== "maintenance_off") return false;
  const state = await observeMaintenance(scope, nodeUid);
  if (!state) return false;
  const isGoingOn = state.runningOff !== undefined || (state.lastOn !== undefined && !hasEnded(state.lastOn));
  if (isGoingOn || state.isHalfDone || state.inMaintenance !== (action === "maintenance_on")) return false;
  scope.warn(
    `node ${nodeUid} is already ${state.inMaintenance ? "" : "not "}in maintenance: ${action} was not sent`,
  );
  return true;
}

async function letFinish(scope: Scope, nodeUid: number, handle: ActionHandle): Promise<void> {
  const running = await getNodeAction(scope.http, nodeUid, handle.action, scope);
  if (!running || hasEnded(running) || !isOurs(running, handle)) return;
  await performAction(scope, { nodeUid, action: handle.action, parameters: {} }, handle).catch((error) => {
    if (!(error instanceof RunFailed)) throw error;
    scope.warn(`the earlier run ended badly: ${error.message}`);
  });
  scope.forget();
}

function outputsOf({ taskId, status, progress, errorCode, errorMessage }: Outcome): NodeActionOutputs {
  if (status === undefined)
    throw new RunFailed(`the server no longer knows how the action ended (task ${taskId})`, { taskId });
  return { taskId, status, progress, errorCode, errorMessage };
}
