import type {
  GetNodeActionArgs,
  GetNodeActionsArgs,
  GetNodeArgs,
  GetNodesArgs,
  Node,
  NodeActionStatus,
  NodeMaintenanceInputs,
  NodeMaintenanceOutputs,
} from "../provider/index.ts";
import { resourceClass } from "./dynamic.ts";
import { functionPair } from "./functions.ts";

/** Keeps a node in maintenance mode: creating it moves its shards away, deleting it brings them back. */
export class NodeMaintenance extends resourceClass<NodeMaintenanceInputs, NodeMaintenanceOutputs>(
  "redis",
  "NodeMaintenance",
) {}

/** The actions of all nodes, or of one. */
export const [getNodeActions, getNodeActionsOutput] = functionPair<
  GetNodeActionsArgs,
  { actions: NodeActionStatus[] }
>("redis:getNodeActions");

/** One action of one node. An action of which nothing is known is an error. */
export const [getNodeAction, getNodeActionOutput] = functionPair<GetNodeActionArgs, NodeActionStatus>(
  "redis:getNodeAction",
);

/** One node. A node that does not exist is an error that names those that do. */
export const [getNode, getNodeOutput] = functionPair<GetNodeArgs, Node>("redis:getNode");

/** All nodes of the cluster. */
export const [getNodes, getNodesOutput] = functionPair<GetNodesArgs, { nodes: Node[] }>("redis:getNodes");
