import { Refusal } from "../core/data/errors.ts";
import { type Forecast, handleOf, type Spec } from "../core/lifecycle/resource.ts";
import { runResource } from "../core/lifecycle/run.ts";
import type { Scope } from "../core/work/scope.ts";
import { seekAction } from "./action/evidence.ts";
import { type ActionHandle, attemptAt, isOurs } from "./action/handle.ts";
import { stillOpen } from "./action/stop.ts";
import { enter } from "./node-maintenance/enter.ts";
import { leave } from "./node-maintenance/leave.ts";
import { checkParameters } from "./node-maintenance/parameters.ts";
import {
  foreseeMaintenance,
  forPreview,
  isUnsure,
  missingNode,
  observeMaintenance,
  outputsOf,
  shardsToMigrate,
  unsureBecause,
} from "./node-maintenance/state.ts";
import type { MaintenanceStepInputs, MaintenanceStepOutputs } from "./node-maintenance/step-inputs.ts";
import { findLeader, handsOver, staysLeader } from "./roles.ts";
import { redis } from "./system.ts";
import { alone, aloneToLeave } from "./turns.ts";

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
      ? alone(scope, `node ${inputs.nodeUid} maintenance_on`, async () =>
          outputsOf(
            await enter(scope, inputs, { handle: attemptAt("maintenance_on", unfinished?.handle ?? before) }),
          ),
        )
      : aloneToLeave(scope, inputs.nodeUid, () => comeBack(scope, inputs)),
  plan: forecast,
});

export const maintenanceStep: Spec = {
  ...step,
  undoes: ({ phase }) => (phase === "enter" ? "maintenance_on" : undefined),
  /** A roll that stopped half way left its node in maintenance: forgetting the step takes it out, if it is still ours. */
  async remove(scope, recorded) {
    const inputs = recorded as unknown as MaintenanceStepInputs & Partial<MaintenanceStepOutputs>;
    if (inputs.phase !== "enter") return;
    const { nodeUid, taskId } = inputs;
    const handle = attemptAt("maintenance_on", handleOf(recorded));
    await aloneToLeave(scope, nodeUid, async () => {
      const isExpected = handle !== undefined || taskId !== undefined;
      const found = await seekAction(scope, nodeUid, "maintenance_on", isExpected);
      if ("open" in found && isExpected) throw stillOpen(nodeUid, "maintenance_on", found.open);
      const last = "landed" in found ? found.landed : undefined;
      const isRecorded = taskId !== undefined && last?.taskId === taskId;
      // Where the answer to the request was lost, its task is one that was not there before.
      if (isRecorded || (last && handle && isOurs(last, handle))) {
        await leave(scope, inputs, { handle, taskId });
        return;
      }
      const state = await observeMaintenance(scope, nodeUid);
      if (!state?.inMaintenance) return;
      const why = last
        ? `since task ${last.taskId ?? "unknown"}, which is not known to be this step's`
        : "and the cluster no longer tells since which task";
      scope.warn(`node ${nodeUid} is in maintenance, ${why}: it is left there`);
    });
  },
};

async function comeBack(scope: Scope, inputs: MaintenanceStepInputs): Promise<MaintenanceStepOutputs> {
  const state = await leave(scope, inputs, {});
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
