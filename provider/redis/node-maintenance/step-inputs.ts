import type { NodeMaintenanceInputs, NodeMaintenanceOutputs } from "./inputs.ts";

/**
 * One step of a rolling maintenance: a node enters maintenance mode, or leaves it again. Other than `NodeMaintenance` it does
 * not stand for a state: done once, it is done.
 */
export interface MaintenanceStepInputs extends NodeMaintenanceInputs {
  /** `enter` or `leave`. */
  phase: "enter" | "leave";
  /** Any values: when one of them changes, the step is done again. */
  triggers?: unknown[];
}

export interface MaintenanceStepOutputs extends NodeMaintenanceOutputs {}
