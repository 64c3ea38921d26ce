import { stateResource } from "../../core/lifecycle/state-resource.ts";
import { factsOfNode } from "../facts.ts";
import { nodeIn } from "../import-id.ts";
import { rememberWarnings } from "../plan-warnings.ts";
import { isReplica, roleOutputs } from "../roles.ts";
import { redis } from "../system.ts";
import { becomeReplica, isOpen } from "./converge.ts";
import type { ReplicaNodeInputs, ReplicaNodeOutputs } from "./inputs.ts";
import { forecastReplica, foreseeReplica } from "./plan.ts";
import { isRunning, observeReplica, observeReplicaInLists, type ReplicaState } from "./state.ts";

export const replicaNode = stateResource<ReplicaNodeInputs, ReplicaNodeOutputs, ReplicaState>({
  system: redis,
  type: "ReplicaNode",
  timeout: "10m",
  replaceOn: ["nodeUid"],
  id: ({ nodeUid }) => String(nodeUid),
  subject: ({ nodeUid }) => `redis node ${nodeUid}`,
  observe: (scope, { nodeUid }) => observeReplica(scope, nodeUid),
  observeShared: async (scope, { nodeUid }, recorded) =>
    isOpen({ ...recorded }) ? undefined : observeReplicaInLists(scope, nodeUid),
  // What was asked for stays recorded, whatever became of it, or the next `up` would ask for it again.
  inputsOf: nodeIn,
  exists: (state, inputs) => isReplica(state.status) || isRunning(state) || isOpen({ ...inputs }),
  // Once it was a replica, whatever it is next is drift, which is repaired.
  settles: (state) => isReplica(state.status) && !isRunning(state),
  converge: becomeReplica,
  outputs: ({ status, last }, _inputs, recorded) => ({
    ...roleOutputs(status),
    taskId: last?.taskId ?? recorded?.taskId,
  }),
  plan: rememberWarnings(forecastReplica),
  facts: factsOfNode,
  foresee: foreseeReplica,
});
