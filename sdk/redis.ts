import type {
  GetNodeActionArgs,
  GetNodeActionsArgs,
  GetNodeArgs,
  GetNodesArgs,
  Node,
  NodeActionInputs,
  NodeActionOutputs,
  NodeActionStatus,
  NodeMaintenanceInputs,
  NodeMaintenanceOutputs,
  NodeRemovalInputs,
  NodeRemovalOutputs,
  ReplicaNodeInputs,
  ReplicaNodeOutputs,
} from "../provider/index.ts";
import { resourceClass } from "./dynamic.ts";
import { functionPair } from "./functions.ts";

/** Keeps a node in maintenance mode: creating it moves its shards away, deleting it brings them back. */
export class NodeMaintenance extends resourceClass<NodeMaintenanceInputs, NodeMaintenanceOutputs>(
  "redis",
  "NodeMaintenance",
) {}

/** Removes a node from its cluster: one-way, and done when the cluster no longer lists it. */
export class NodeRemoval extends resourceClass<NodeRemovalInputs, NodeRemovalOutputs>(
  "redis",
  "NodeRemoval",
) {}

/** Keeps a node a replica, one that does not lead the cluster. Deleting it changes nothing. */
export class ReplicaNode extends resourceClass<ReplicaNodeInputs, ReplicaNodeOutputs>(
  "redis",
  "ReplicaNode",
) {}

/** Runs a node action that has no resource of its own, once; and again when its inputs or `triggers` change. */
export class NodeAction extends resourceClass<NodeActionInputs, NodeActionOutputs>("redis", "NodeAction") {}

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
