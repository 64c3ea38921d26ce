import { advice } from "../../core/data/advice.ts";
import { clock } from "../../core/data/clock.ts";
import { RunFailed } from "../../core/data/errors.ts";
import type { Evidence } from "../../core/work/evidence.ts";
import type { Scope } from "../../core/work/scope.ts";
import { type ActionHandle, changedBy, isOurs } from "../action/handle.ts";
import { performAction } from "../action/perform.ts";
import { stopAction } from "../action/stop.ts";
import { hasEnded } from "../client.ts";
import { getNodeStatus } from "../nodes-client.ts";
import { isSoNow, settled, unlessSo } from "../verify.ts";
import type { NodeMaintenanceInputs } from "./inputs.ts";
import { offParameters } from "./parameters.ts";
import {
  isUnsure,
  type MaintenanceState,
  nodeThatIs,
  observeMaintenance,
  type Recorded,
  type Since,
  shardsMoving,
} from "./state.ts";

/** Milliseconds from one look to the next for an activation whose answer was lost. */
const lateLooks = 1_000;
/** How many stacked activations are undone in one go. */
const mostActivations = 5;

/**
 * Brings a node out of maintenance, from wherever it is on the way in or out, and answers with what was seen last. A node that
 * is gone (undefined) is out.
 */
export async function leave(
  scope: Scope,
  inputs: NodeMaintenanceInputs,
  { handle, taskId }: Recorded,
): Promise<MaintenanceState | undefined> {
  const { nodeUid } = inputs;
  const since: Since = { on: handle?.taskId ?? taskId };
  const out = nodeThatIs(
    scope,
    nodeUid,
    "out of maintenance",
    (state): state is MaintenanceState | undefined =>
      !state?.inMaintenance &&
      !state?.isHalfDone &&
      !state?.doubt &&
      (!state?.lastOn || hasEnded(state.lastOn)),
    () => since,
  );
  const intent = {
    nodeUid,
    action: "maintenance_off",
    parameters: offParameters(inputs),
    reached: async (): Promise<Evidence<true>> =>
      (await isSoNow(scope, out)) ? { landed: true } : { absent: true },
  };
  let state = await stopEntering(scope, nodeUid, handle, since);
  // A health that lags behind somebody else's maintenance_off: there is nothing to undo.
  if (state?.doubt && state.node.acceptServers === true) state = await settled(scope, out);
  const isIn = (sent: number) =>
    !out.isSo(state) || state?.runningOff !== undefined || (sent === 0 && isUnsure(state, handle));
  for (let sent = 0; state && isIn(sent); sent++) {
    // `completed` alone proves nothing: without its snapshot the node stays in maintenance (page "Maintenance mode").
    if (sent > 0) await expectStack(scope, inputs, state, out.describe(state), sent);
    const detail = shardsMoving(scope, state.node);
    const lastSeen = state.lastOff ?? null;
    const outcome = await performAction(scope, { ...intent, detail, lastSeen }).catch((error) =>
      unlessSo(scope, error, out),
    );
    since.off = outcome?.status === "completed" ? outcome.taskId : undefined;
    state = await settled(scope, out);
  }
  return state;
}

/**
 * As long as an activation goes on, it is cancelled first: a deactivation beside it would leave the node in maintenance. One whose answer
 * was lost may yet begin.
 */
async function stopEntering(
  scope: Scope,
  nodeUid: number,
  handle: ActionHandle | undefined,
  since: Since,
): Promise<MaintenanceState | undefined> {
  const { late } = scope.http.installation;
  const entering = { on: changedBy(nodeUid, "maintenance_on"), does: "maintenance_on" };
  for (let isExpected = handle !== undefined && !("failed" in handle); ; ) {
    await stopAction(scope, nodeUid, "maintenance_on", isExpected);
    const state = await observeMaintenance(scope, nodeUid, since);
    if (!state) return undefined;
    const { lastOn } = state;
    if (lastOn && handle && isOurs(lastOn, handle)) late.landed(entering);
    isExpected = lastOn !== undefined && !hasEnded(lastOn);
    const isLate = late.opposite({ on: entering.on, does: "maintenance_off" }) > 0;
    if (!isExpected && !isLate) return state;
    if (!isLate) continue;
    scope.progress(
      `node ${nodeUid}: waits, since an earlier maintenance_on whose answer was lost may yet take effect`,
    );
    await clock.pause(lateLooks, scope.signal);
  }
}

/**
 * "Maintenance mode activations stack": each one has to be undone (page "Maintenance mode"). The snapshot, which the last
 * deactivation deletes, tells a stack from a deactivation that had nothing to restore and did nothing.
 *
 * @throws RunFailed when there is no stack to be seen
 */
async function expectStack(
  scope: Scope,
  { nodeUid, snapshotName, skipShardsRestore }: NodeMaintenanceInputs,
  { node, doubt }: MaintenanceState,
  seen: string,
  sent: number,
): Promise<void> {
  if (node.acceptServers === true && doubt) {
    throw new RunFailed(
      `not seen: node ${nodeUid} out of maintenance; maintenance_off completed and the node takes shards, yet it is ${seen} (${scope.http.connection.endpoints[0]}); no more is sent: wait until the health says so too, and run ${advice.destroy} again`,
    );
  }
  const hasSnapshot = (await getNodeStatus(scope.http, nodeUid, scope))?.maintenanceSnapshot !== undefined;
  // By a name of one's own, a snapshot that does not exist looks like a stack: one request a time, then.
  const isStack = snapshotName === undefined && (hasSnapshot || skipShardsRestore === true);
  if (isStack && sent < mostActivations) {
    scope.warn(
      `node ${nodeUid} was activated more than once: maintenance_off completed, yet it is ${seen}; maintenance_off is sent again`,
    );
    return;
  }
  const snapshot = snapshotName === undefined ? "a maintenance snapshot" : `the snapshot ${snapshotName}`;
  const why = isStack
    ? `${sent} times were not enough; the next ${advice.destroy} goes on`
    : `${snapshot} to restore may be missing: set skipShardsRestore: true${snapshotName === undefined ? "" : " in place of snapshotName"}, do the next ${advice.up}, then delete it again`;
  throw new RunFailed(
    `not seen: node ${nodeUid} out of maintenance; maintenance_off completed, yet it is ${seen} (${scope.http.connection.endpoints[0]}); ${why}`,
  );
}
