import { ClusteropsError, messageOf, RunFailed } from "../../core/data/errors.ts";
import type { Scope } from "../../core/work/scope.ts";
import { type ActionHandle, attemptAt } from "../action/handle.ts";
import { findRival, gaveWay } from "../give-way.ts";
import { mostOthersAway } from "../nodes-away.ts";
import type { NodeMaintenanceInputs } from "./inputs.ts";
import { leave } from "./leave.ts";

/** Our maintenance_on, as it is known. */
export interface Entered {
  taskId?: string;
  /** Whether an earlier operation has sent it, and what that has recorded. */
  isResumed?: boolean;
  handle?: ActionHandle;
}

/**
 * Of two nodes that were taken away at the same moment one comes back. Whoever is cut off in the middle goes on with that: what is recorded
 * is the way in, and for which node it is undone, and not the way out.
 *
 * @throws RunFailed where it is this one, once it is back
 */
export async function giveWay(
  scope: Scope,
  inputs: NodeMaintenanceInputs,
  { taskId, isResumed, handle: resumed }: Entered,
): Promise<void> {
  const { nodeUid } = inputs;
  const mine = { nodeUid, taskId, isResumed, givesWayTo: resumed?.givesWayTo };
  const rival = await findRival(scope, mine, mostOthersAway(scope, inputs));
  if (!rival) return;
  scope.progress(`node ${nodeUid} gives way: ${rival.reason}`);
  const { outputs, handle } = scope.kept ?? {};
  const sent: ActionHandle = attemptAt("maintenance_on", handle) ??
    resumed ?? { nodeUid, action: "maintenance_on", taskId };
  const keep = () => scope.keep({ ...sent, givesWayTo: rival.nodeUid } satisfies ActionHandle, outputs);
  keep();
  try {
    await leave(scope, inputs, { handle: sent, taskId });
  } catch (error) {
    keep();
    // A way out that fails has not brought the node back: it is no end.
    throw error instanceof RunFailed ? new ClusteropsError(messageOf(error), { cause: error }) : error;
  }
  const { givesWayTo: _, ...own } = sent;
  scope.keep(own, outputs);
  throw new RunFailed(`${gaveWay(rival)}: node ${nodeUid} was taken out of maintenance again`, {
    inMaintenance: false,
  });
}
