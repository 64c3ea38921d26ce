import { RunFailed } from "../../core/data/errors.ts";
import type { Scope } from "../../core/work/scope.ts";
import type { ActionHandle } from "../action/handle.ts";
import { findRival, gaveWay } from "../give-way.ts";
import { mostOthersAway } from "../nodes-away.ts";
import type { NodeMaintenanceInputs } from "./inputs.ts";
import { leave } from "./leave.ts";

/**
 * Of two nodes that were taken away at the same moment one comes back.
 *
 * @param taskId of our maintenance_on
 * @throws RunFailed where it is this one
 */
export async function giveWay(
  scope: Scope,
  inputs: NodeMaintenanceInputs,
  taskId: string | undefined,
): Promise<void> {
  const { nodeUid } = inputs;
  const rival = await findRival(scope, { nodeUid, taskId }, mostOthersAway(scope, inputs));
  if (!rival) return;
  scope.progress(`node ${nodeUid} gives way: ${rival.reason}`);
  await leave(scope, inputs, { handle: scope.kept?.handle as ActionHandle | undefined, taskId });
  throw new RunFailed(`${gaveWay(rival)}: node ${nodeUid} was taken out of maintenance again`, {
    inMaintenance: false,
  });
}
