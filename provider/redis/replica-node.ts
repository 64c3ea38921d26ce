import { Refusal } from "../core/errors.ts";
import type { CallOptions } from "../core/http.ts";
import { withLock } from "../core/lock.ts";
import { type CommonInputs, stateResource } from "../core/resource.ts";
import type { Scope } from "../core/scope.ts";
import { performAction } from "./action.ts";
import { join } from "./action-wait.ts";
import { getNodeAction, hasEnded, type NodeAction } from "./client.ts";
import { forPreview, missingNode } from "./maintenance-state.ts";
import { getNodeStatus, listNodeStatuses, type NodeStatus } from "./nodes-client.ts";
import { redis } from "./system.ts";
import { isSoNow, type Promised, unlessSo, verify } from "./verify.ts";

/** A node kept in the role of a replica: it does not lead the cluster (action `enslave_node`). */
export interface ReplicaNodeInputs extends CommonInputs {
  /** The node's uid, as `rladmin status nodes` shows it. @minimum 1 @asType integer */
  nodeUid: number;
}

export interface ReplicaNodeOutputs {
  /** The vendor's word: `slave`, or `replica`. */
  role?: string;
  /** The task of the last `enslave_node`, where there is one. */
  taskId?: string;
}

interface ReplicaState {
  status: NodeStatus;
  last?: NodeAction;
}

export const replicaNode = stateResource<ReplicaNodeInputs, ReplicaNodeOutputs, ReplicaState>({
  system: redis,
  type: "ReplicaNode",
  timeout: "10m",
  replaceOn: ["nodeUid"],
  id: ({ nodeUid }) => String(nodeUid),
  subject: ({ nodeUid }) => `redis node ${nodeUid}`,
  observe: (scope, inputs) => observe(scope, inputs),
  exists: ({ status, last }) => isReplica(status) || (last !== undefined && !hasEnded(last)),
  async converge(scope, { nodeUid }, observed) {
    if (!observed) throw new Refusal("nodeUid", await missingNode(scope, nodeUid));
    if (isReplica(observed.status)) return observed;
    return withLock(`${scope.http.connection.identity} node ${nodeUid} role`, scope.signal, async () => {
      const promised: Promised<ReplicaState | undefined, ReplicaState> = {
        what: `node ${nodeUid} as a replica`,
        look: (options) => observe(scope, { nodeUid }, options),
        isSo: (state): state is ReplicaState => state !== undefined && isReplica(state.status),
        describe: (state) => (state ? `role ${state.status.role ?? "unknown"}` : "the node is gone"),
        outputs: (state) => ({ role: state?.status.role }),
      };
      const { last } = observed;
      const intent = {
        nodeUid,
        action: "enslave_node",
        parameters: {},
        lastSeen: last ?? null,
        isDone: () => isSoNow(scope, promised),
      };
      const work = last && !hasEnded(last) ? join(scope, last) : performAction(scope, intent);
      await work.catch((error) => unlessSo(scope, error, promised));
      return verify(scope, promised);
    });
  },
  outputs: ({ status, last }, _inputs, recorded) => ({
    role: status.role,
    taskId: last?.taskId ?? recorded?.taskId,
  }),
  async preflight(scope, { nodeUid }) {
    const http = forPreview(scope);
    const status = (await listNodeStatuses(http, scope)).find((candidate) => candidate.nodeUid === nodeUid);
    if (!status)
      return { refusals: [{ property: "nodeUid", reason: await missingNode(scope, nodeUid, http) }] };
    if (isReplica(status))
      return { warnings: [`node ${nodeUid} is already a replica: nothing will be sent`] };
    return { plan: `node ${nodeUid}: enslave_node (role now: ${status.role ?? "unknown"})` };
  },
});

async function observe(
  { http, signal }: Scope,
  { nodeUid }: ReplicaNodeInputs,
  options: CallOptions = { signal },
): Promise<ReplicaState | undefined> {
  // First the action, then the role: one that ends between the two reads would else look as if it had done nothing.
  const last = await getNodeAction(http, nodeUid, "enslave_node", options);
  const status = await getNodeStatus(http, nodeUid, options);
  return status && { status, last };
}

/** The page's wording is "replica", the status says `slave`. */
function isReplica({ role }: NodeStatus): boolean {
  return role === "slave" || role === "replica";
}
