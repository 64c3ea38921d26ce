import type * as Pulumi from "@pulumi/pulumi";
import type {
  CanMaintainArgs,
  CanMaintainResult,
  GetNodeActionArgs,
  GetNodeActionsArgs,
  GetNodeArgs,
  GetNodesArgs,
  MaintenanceStepInputs,
  MaintenanceStepOutputs,
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
import { type Args, resourceClass } from "./dynamic.ts";
import { functionPair } from "./functions.ts";
import { isInstanceOf } from "./is-instance.ts";
import { pulumi } from "./pulumi.ts";

/** What each class takes. */
export type NodeMaintenanceArgs = Args<NodeMaintenanceInputs>;
export type NodeRemovalArgs = Args<NodeRemovalInputs>;
export type ReplicaNodeArgs = Args<ReplicaNodeInputs>;
export type NodeActionArgs = Args<NodeActionInputs>;

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

/** Keeps a node a replica, one that does not lead the cluster and has no master shards. Deleting it changes nothing. */
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

/** Whether a node could go into maintenance now, and what is in its way. From reads only. */
export const [canMaintain, canMaintainOutput] = functionPair<CanMaintainArgs, CanMaintainResult>(
  "redis:canMaintain",
);

/** One node entering or leaving maintenance mode, as a step of `RollingMaintenance`. */
class MaintenanceStep extends resourceClass<MaintenanceStepInputs, MaintenanceStepOutputs>(
  "redis",
  "MaintenanceStep",
) {}

/** What a rolling maintenance takes beside the inputs of `NodeMaintenance`, which go for each node. */
export interface RollingMaintenanceArgs extends Omit<Args<NodeMaintenanceInputs>, "nodeUid"> {
  /** The nodes, in the order in which they take their turn. */
  nodeUids: number[];
  /**
   * What is done while a node is in maintenance. Pass `opts` on to each resource, so that it waits for the node and is shown
   * under the component, and return all of them, so that the node stays in maintenance until they are done.
   */
  work?: (nodeUid: number, opts: Pulumi.CustomResourceOptions) => Pulumi.Resource[];
  /**
   * Take over nodes that somebody else has put into maintenance: the roll then ends their maintenance, too. Without it a roll refuses
   * such a node. Default: false.
   */
  allowNodesInMaintenance?: Pulumi.Input<boolean>;
  /** Any values: when one of them changes, the nodes take their turns again. */
  triggers?: Pulumi.Input<unknown[]>;
}

const token = "clusterops:redis:RollingMaintenance";

/**
 * Maintenance of one node after the other: into maintenance, the work, out again, then the next. A failure stops the roll and
 * leaves the remaining nodes untouched; the next `up` goes on where it stopped.
 */
export class RollingMaintenance extends pulumi.ComponentResource {
  /** Whether it is a resource of this class, made by whichever copy of this package. */
  static override readonly isInstance = isInstanceOf<RollingMaintenance>(
    [token],
    (asked) => asked === RollingMaintenance,
  );

  constructor(name: string, args: RollingMaintenanceArgs, opts?: Pulumi.ComponentResourceOptions) {
    super(token, name, {}, opts);
    const { nodeUids, work, ...inputs } = args;
    let previous: Pulumi.Resource[] = [];
    for (const nodeUid of nodeUids) {
      const after = (dependsOn: Pulumi.Resource[]): Pulumi.CustomResourceOptions => ({
        parent: this,
        dependsOn,
      });
      const enter = new MaintenanceStep(
        `${name}-node-${nodeUid}-in`,
        { ...inputs, nodeUid, phase: "enter" },
        after(previous),
      );
      const done = work?.(nodeUid, after([enter])) ?? [];
      const leave = new MaintenanceStep(
        `${name}-node-${nodeUid}-out`,
        { ...inputs, nodeUid, phase: "leave" },
        after([enter, ...done]),
      );
      previous = [leave];
    }
    this.registerOutputs({ nodeUids });
  }
}
