import { handleOf } from "../../core/lifecycle/resource.ts";
import { stateResource } from "../../core/lifecycle/state-resource.ts";
import { type ActionHandle, attemptAt } from "../action/handle.ts";
import { isAtRest } from "../action/listed.ts";
import { hasEnded } from "../client.ts";
import { factsOfNode } from "../facts.ts";
import { nodeIn } from "../import-id.ts";
import { rememberWarnings } from "../plan-warnings.ts";
import { redis } from "../system.ts";
import { alone, aloneToLeave, isLeaving } from "../turns.ts";
import { enter, hasEntered, isToHandOver } from "./enter.ts";
import { maintenanceOf, type NodeMaintenanceInputs, type NodeMaintenanceOutputs } from "./inputs.ts";
import { leave } from "./leave.ts";
import { checkParameters } from "./parameters.ts";
import { forecastMaintenance } from "./plan.ts";
import {
  foreseeMaintenance,
  isUnsure,
  type MaintenanceState,
  observeMaintenance,
  outputsOf,
} from "./state.ts";

export const nodeMaintenance = stateResource<NodeMaintenanceInputs, NodeMaintenanceOutputs, MaintenanceState>(
  {
    system: redis,
    type: "NodeMaintenance",
    timeout: "30m",
    replaceOn: ["nodeUid"],
    id: ({ nodeUid }) => String(nodeUid),
    subject: ({ nodeUid }) => `redis node ${nodeUid}`,
    validate: checkParameters,
    observe: (scope, { nodeUid }, recorded) => observeMaintenance(scope, nodeUid, { on: recorded?.taskId }),
    async observeShared(scope, { nodeUid }, recorded) {
      const state = await foreseeMaintenance(scope, nodeUid, scope.http, { on: recorded.taskId });
      if (!state || attemptOf(recorded)) return undefined;
      const { inMaintenance, isHalfDone, doubt, lastOn, runningOff } = state;
      const isOpen = doubt !== undefined || isHalfDone || runningOff !== undefined || !isAtRest(lastOn);
      return isOpen || inMaintenance !== recorded.inMaintenance ? undefined : state;
    },
    exists(state, inputs) {
      const { inMaintenance, isHalfDone, lastOn } = state;
      const isGoingOn = lastOn !== undefined && !hasEnded(lastOn);
      const attempt = attemptOf({ ...inputs });
      // One look that does not find what was sent does not prove that it does not go on: `up` and `destroy` look for longer.
      const isLost = lastOn === undefined && attempt !== undefined && !("failed" in attempt);
      return inMaintenance || isHalfDone || isGoingOn || isLost || isUnsure(state, attempt);
    },
    async converge(scope, inputs, observed, recorded) {
      const handle = attemptOf(recorded);
      // What was cut off may not have looked whether somebody has taken another node away at the same moment.
      const mayBeLater = handle !== undefined && !("failed" in handle);
      const isDone = hasEntered(observed, inputs) && !isToHandOver(inputs, handle) && !mayBeLater;
      if (isDone && !isLeaving(scope, inputs.nodeUid)) return observed;
      return alone(scope, inputs.nodeUid, "maintenance_on", () =>
        enter(scope, inputs, { handle, taskId: recorded?.taskId }),
      );
    },
    async remove(scope, inputs, recorded) {
      const { taskId } = recorded;
      await aloneToLeave(scope, inputs.nodeUid, () =>
        leave(scope, inputs, { handle: attemptOf(recorded), taskId }),
      );
    },
    declares: ({ nodeUid }) => maintenanceOf(nodeUid),
    undoes: () => "its maintenance",
    inputsOf: nodeIn,
    outputs: (state, _inputs, recorded) => ({
      ...outputsOf(state),
      // What cannot be told is not told anew.
      ...(state.doubt !== undefined && recorded && { inMaintenance: recorded.inMaintenance }),
      taskId: state.lastOn?.taskId ?? recorded?.taskId,
    }),
    plan: rememberWarnings(forecastMaintenance),
    facts: factsOfNode,
  },
);

/** What an earlier attempt at entering left, that failed or was not finished. */
function attemptOf(recorded: object | undefined): ActionHandle | undefined {
  return attemptAt("maintenance_on", handleOf(recorded));
}
