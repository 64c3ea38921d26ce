import { Refusal } from "../core/errors.ts";
import type { Forecast, Spec } from "../core/resource.ts";
import { runResource } from "../core/run.ts";
import type { Scope } from "../core/scope.ts";
import { attemptAt } from "./action.ts";
import type { ActionHandle } from "./action-wait.ts";
import { getNodeAction } from "./client.ts";
import { enter } from "./maintenance-enter.ts";
import { leave } from "./maintenance-leave.ts";
import { checkParameters } from "./maintenance-parameters.ts";
import {
  foreseeMaintenance,
  forPreview,
  isUnsure,
  missingNode,
  observeMaintenance,
  outputsOf,
  shardsToMigrate,
  unsureBecause,
} from "./maintenance-state.ts";
import {
  alone,
  aloneToLeave,
  type NodeMaintenanceInputs,
  type NodeMaintenanceOutputs,
} from "./node-maintenance.ts";
import { findLeader, handsOver, staysLeader } from "./roles.ts";
import { redis } from "./system.ts";

/**
 * One step of a rolling maintenance: a node enters maintenance mode, or leaves it again. Other than `NodeMaintenance` it does
 * not stand for a state: done once, it is done.
 */
export interface MaintenanceStepInputs extends NodeMaintenanceInputs {
  /** `enter` or `leave`. */
  phase: "enter" | "leave";
  /** Any values: when one of them changes, the step is done again. */
  triggers?: unknown[];
}

export interface MaintenanceStepOutputs extends NodeMaintenanceOutputs {}

const step = runResource<MaintenanceStepInputs, MaintenanceStepOutputs, ActionHandle>({
  system: redis,
  type: "MaintenanceStep",
  timeout: "30m",
  id: ({ nodeUid, phase }) => `${nodeUid}/${phase}`,
  subject: ({ nodeUid }) => `redis node ${nodeUid}`,
  validate: checkParameters,
  // How a node enters or leaves takes effect the next time: in the middle of a roll, the nodes that are done stay done.
  manner: [
    "overwriteSnapshot",
    "evictHaReplica",
    "evictActiveActiveReplica",
    "evictDbs",
    "keepSlaveShards",
    "snapshotName",
    "skipShardsRestore",
    "allowOtherNodesUnavailable",
    "demoteNode",
  ],
  run: (scope, inputs, unfinished, before) =>
    inputs.phase === "enter"
      ? alone(scope, async () =>
          outputsOf(await enter(scope, inputs, attemptAt("maintenance_on", unfinished?.handle ?? before))),
        )
      : aloneToLeave(scope, inputs.nodeUid, () => comeBack(scope, inputs)),
  preflight: forecast,
});

export const maintenanceStep: Spec = {
  ...step,
  /** A roll that stopped half way left its node in maintenance: forgetting the step takes it out, if it is still ours. */
  async remove(scope, recorded) {
    const inputs = recorded as unknown as MaintenanceStepInputs & Partial<MaintenanceStepOutputs>;
    if (inputs.phase !== "enter") return;
    await aloneToLeave(scope, inputs.nodeUid, async () => {
      const state = await observeMaintenance(scope, inputs.nodeUid);
      // A second look: by one 404, which a proxy can answer too, the step is not forgotten with its node still in maintenance.
      const last =
        state?.lastOn ?? (await getNodeAction(scope.http, inputs.nodeUid, "maintenance_on", scope));
      if (state?.inMaintenance && (!last || inputs.taskId === undefined)) {
        scope.warn(
          `node ${inputs.nodeUid} is in maintenance, and the cluster no longer tells since which task: it is left there`,
        );
      }
      if (state && inputs.taskId !== undefined && last?.taskId === inputs.taskId) await leave(scope, inputs);
    });
  },
};

async function comeBack(scope: Scope, inputs: MaintenanceStepInputs): Promise<MaintenanceStepOutputs> {
  const state = await leave(scope, inputs);
  if (!state) throw new Refusal("nodeUid", await missingNode(scope, inputs.nodeUid));
  return outputsOf(state);
}

/** Without refusals for other nodes: by the time it is this one's turn they will have come back. */
async function forecast(
  scope: Scope,
  { nodeUid, phase, demoteNode }: MaintenanceStepInputs,
): Promise<Forecast> {
  const http = forPreview(scope);
  const state = await foreseeMaintenance(scope, nodeUid, http);
  if (!state) return { refusals: [{ property: "nodeUid", reason: await missingNode(scope, nodeUid, http) }] };
  if (phase === "leave") return { plan: `node ${nodeUid}: maintenance_off` };
  if (isUnsure(state, undefined) && !state.mayLag)
    return { refusals: [{ property: "nodeUid", reason: unsureBecause(state) }] };
  const leads = (await findLeader(http, scope)) === nodeUid;
  return {
    plan: `node ${nodeUid}: maintenance_on${shardsToMigrate(state.node)}`,
    ...(leads && { warnings: [demoteNode ? handsOver(nodeUid) : staysLeader(nodeUid)] }),
  };
}
