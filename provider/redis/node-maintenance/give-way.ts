import { RunFailed } from "../../core/data/errors.ts";
import type { Scope } from "../../core/work/scope.ts";
import type { ActionHandle } from "../action/handle.ts";
import { findRival, gaveWay, type Mine } from "../give-way.ts";
import { mostOthersAway } from "../nodes-away.ts";
import type { NodeMaintenanceInputs } from "./inputs.ts";
import { leave } from "./leave.ts";

/**
 * Of two nodes that were taken away at the same moment one comes back.
 *
 * @param ours our maintenance_on, and whether an earlier operation has sent it
 * @throws RunFailed where it is this one
 */
export async function giveWay(
  scope: Scope,
  inputs: NodeMaintenanceInputs,
  ours: Omit<Mine, "nodeUid">,
): Promise<void> {
  const { nodeUid } = inputs;
  const { taskId } = ours;
  const rival = await findRival(scope, { nodeUid, ...ours }, mostOthersAway(scope, inputs));
  if (!rival) return;
  scope.progress(`node ${nodeUid} gives way: ${rival.reason}`);
  const recorded: ActionHandle = { nodeUid, action: "maintenance_on", taskId };
  const handle = (scope.kept?.handle as ActionHandle | undefined) ?? recorded;
  // Whoever is cut off now goes on with that: once it is cancelled, the cluster may not tell any more which one came later.
  scope.keep({ ...handle, isGivingWay: true } satisfies ActionHandle, scope.kept?.outputs);
  await leave(scope, inputs, { handle, taskId });
  throw new RunFailed(`${gaveWay(rival)}: node ${nodeUid} was taken out of maintenance again`, {
    inMaintenance: false,
  });
}
