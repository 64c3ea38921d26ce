import { ClusteropsError } from "../core/data/errors.ts";
import { pathFailure, textFailure } from "../core/http/path.ts";
import type { FunctionArgs, ReadFunction } from "../core/lifecycle/read-function.ts";
import { type ActionStatus, getNodeAction, listAllNodeActions, listNodeActions } from "./client.ts";
import { missingNode } from "./node-maintenance/state.ts";
import { getNode, listNodes, type Node } from "./nodes-client.ts";
import { redis } from "./system.ts";

export interface GetNodeActionsArgs extends FunctionArgs {
  /** Only this node's actions. Default: all nodes'. @minimum 1 @asType integer */
  nodeUid?: number;
}

export interface GetNodeActionArgs extends FunctionArgs {
  /** The node's uid, as `rladmin status nodes` shows it. @minimum 1 @asType integer */
  nodeUid: number;
  /** As in the URL: `maintenance_on`, `maintenance_off`, `remove`, `enslave_node`, ... @minLength 1 */
  action: string;
}

export interface GetNodeArgs extends FunctionArgs {
  /** The node's uid, as `rladmin status nodes` shows it. @minimum 1 @asType integer */
  nodeUid: number;
}

export interface GetNodesArgs extends FunctionArgs {}

export interface GetNodeActionsResult {
  /** One entry for each action that is running, or of whose last run a status is kept. */
  actions: ActionStatus[];
}

export interface GetNodeActionResult extends ActionStatus {}

export interface GetNodeResult extends Node {}

export interface GetNodesResult {
  nodes: Node[];
}

/** `GET /v1/nodes/actions`, or `GET /v1/nodes/{node_uid}/actions`. */
export const getNodeActions: ReadFunction<GetNodeActionsArgs, GetNodeActionsResult> = {
  system: redis,
  name: "getNodeActions",
  call: async (scope, { nodeUid }) => ({
    actions:
      nodeUid === undefined
        ? [...(await listAllNodeActions(scope.http, scope))]
        : await listNodeActions(scope.http, nodeUid, scope),
  }),
};

/** `GET /v1/nodes/{node_uid}/actions/{action}`. An action of which nothing is known is an error. */
export const getOneNodeAction: ReadFunction<GetNodeActionArgs, GetNodeActionResult> = {
  system: redis,
  name: "getNodeAction",
  validate({ action }) {
    const reason = textFailure(action) ?? pathFailure(action);
    return reason ? [{ property: "action", reason: `${JSON.stringify(action)} ${reason}` }] : [];
  },
  async call(scope, { nodeUid, action }) {
    const found = await getNodeAction(scope.http, nodeUid, action, scope);
    if (found) return found;
    throw new ClusteropsError(
      `node ${nodeUid} has no action ${action}: it is not running, and no status of a last run is kept (404)`,
    );
  },
};

/** `GET /v1/nodes/{uid}`. */
export const getOneNode: ReadFunction<GetNodeArgs, GetNodeResult> = {
  system: redis,
  name: "getNode",
  async call(scope, { nodeUid }) {
    const node = await getNode(scope.http, nodeUid, scope);
    if (node) return node;
    throw new ClusteropsError(await missingNode(scope, nodeUid));
  },
};

/** `GET /v1/nodes`. */
export const getNodes: ReadFunction<GetNodesArgs, GetNodesResult> = {
  system: redis,
  name: "getNodes",
  call: async (scope) => ({ nodes: [...(await listNodes(scope.http, scope))] }),
};
