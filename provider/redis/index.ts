import type { Spec } from "../core/resource.ts";
import { getNodeActions, getNodes, getOneNode, getOneNodeAction } from "./functions.ts";
import { nodeMaintenance } from "./node-maintenance.ts";

/** The resources of Redis Enterprise Software. */
export const resources: Spec[] = [nodeMaintenance];
/** Its functions. */
export const functions = [getNodeActions, getOneNodeAction, getOneNode, getNodes];
