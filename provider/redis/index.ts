import type { Spec } from "../core/resource.ts";
import { getNodeActions, getNodes, getOneNode, getOneNodeAction } from "./functions.ts";
import { maintenanceStep } from "./maintenance-step.ts";
import { nodeAction, nodeActionIntent } from "./node-action.ts";
import { nodeMaintenance } from "./node-maintenance.ts";
import { nodeRemoval } from "./node-removal.ts";
import { replicaNode } from "./replica-node.ts";

/** The resources of Redis Enterprise Software. */
export const resources: Spec[] = [
  nodeMaintenance,
  nodeRemoval,
  replicaNode,
  nodeAction,
  nodeActionIntent,
  maintenanceStep,
];
/** Its functions. */
export const functions = [getNodeActions, getOneNodeAction, getOneNode, getNodes];
