import { type Possibility, possibilityOf } from "../core/lifecycle/possible.ts";
import type { FunctionArgs, ReadFunction } from "../core/lifecycle/read-function.ts";
import { nodeMaintenance } from "./node-maintenance/index.ts";
import type { NodeMaintenanceInputs } from "./node-maintenance/inputs.ts";
import { forecastMaintenance } from "./node-maintenance/plan.ts";
import { redis } from "./system.ts";

/**
 * Whether a node could go into maintenance now: for health checks, and for pipelines that ask before they begin. From reads only; it
 * announces and reserves nothing.
 */
export interface CanMaintainArgs extends FunctionArgs {
  /** The node's uid, as `rladmin status nodes` shows it. @minimum 1 @asType integer */
  nodeUid: number;
  /** As the input of `NodeMaintenance`: other nodes that are away are no obstacle then. @default false */
  allowOtherNodesUnavailable?: boolean;
}

export interface CanMaintainResult extends Possibility {}

/** The plan of a NodeMaintenance, and the guards of the connection, as an answer. */
export const canMaintain: ReadFunction<CanMaintainArgs, CanMaintainResult> = {
  system: redis,
  name: "canMaintain",
  call: (scope, args, context) =>
    possibilityOf(nodeMaintenance, context, scope, { ...args }, (inputs) =>
      forecastMaintenance(scope, inputs as unknown as NodeMaintenanceInputs, undefined),
    ),
};
