import type { NodeMaintenanceInputs, NodeMaintenanceOutputs } from "./inputs.ts";

/**
 * One step of a rolling maintenance: a node enters maintenance mode, or leaves it again. Other than `NodeMaintenance` it does
 * not stand for a state: done once, it is done.
 */
export interface MaintenanceStepInputs extends NodeMaintenanceInputs {
  /** `enter` or `leave`. */
  phase: "enter" | "leave";
  /**
   * Take over nodes that somebody else has put into maintenance: the roll then ends their maintenance, too. Without it a roll refuses
   * such a node. @default false
   */
  allowNodesInMaintenance?: boolean;
  /** Any values: when one of them changes, the step is done again. */
  triggers?: unknown[];
}

export interface MaintenanceStepOutputs extends NodeMaintenanceOutputs {}
