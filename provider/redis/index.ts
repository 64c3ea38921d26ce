import type { ReadFunction } from "../core/lifecycle/read-function.ts";
import type { Spec } from "../core/lifecycle/resource.ts";
import { canMaintain } from "./can-maintain.ts";
import { getNodeActions, getNodes, getOneNode, getOneNodeAction } from "./functions.ts";
import { maintenanceStep } from "./maintenance-step.ts";
import { nodeAction, nodeActionIntent } from "./node-action/index.ts";
import { nodeMaintenance } from "./node-maintenance/index.ts";
import { nodeRemoval } from "./node-removal.ts";
import { replicaNode } from "./replica-node/index.ts";

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
// biome-ignore lint/suspicious/noExplicitAny: each function has arguments and a result of its own
export const functions: ReadFunction<any, any>[] = [
  getNodeActions,
  getOneNodeAction,
  getOneNode,
  getNodes,
  canMaintain,
];
