import { Refusal } from "../core/data/errors.ts";
import { type Forecast, handleOf, type Spec } from "../core/lifecycle/resource.ts";
import { runResource } from "../core/lifecycle/run.ts";
import type { Scope } from "../core/work/scope.ts";
import { nothingSent } from "../core/work/sent.ts";
import { seekAction } from "./action/evidence.ts";
import { type ActionHandle, attemptAt, isOurs } from "./action/handle.ts";
import { stillOpen } from "./action/stop.ts";
import { hasEnded } from "./client.ts";
import { factsOfNode } from "./facts.ts";
import { enter } from "./node-maintenance/enter.ts";
import { maintenanceOf } from "./node-maintenance/inputs.ts";
import { leave } from "./node-maintenance/leave.ts";
import { checkParameters } from "./node-maintenance/parameters.ts";
import {
  foreseeMaintenance,
  forPreview,
  isUnsure,
  type MaintenanceState,
  missingNode,
  observeMaintenance,
  outputsOf,
  shardsToMigrate,
  unsureBecause,
} from "./node-maintenance/state.ts";
import type { MaintenanceStepInputs, MaintenanceStepOutputs } from "./node-maintenance/step-inputs.ts";
import { rememberWarnings } from "./plan-warnings.ts";
import { findLeader, handsOver, staysLeader } from "./roles.ts";
import { redis } from "./system.ts";
import { alone, aloneToLeave } from "./turns.ts";

type Recorded = Partial<MaintenanceStepInputs & MaintenanceStepOutputs> | undefined;

/** @param recorded what the last operation has recorded: the task by which a node in maintenance is known to be this step's */
const stepAfter = (recorded: Recorded): Spec =>
  runResource<MaintenanceStepInputs, MaintenanceStepOutputs, ActionHandle>({
    system: redis,
    type: "MaintenanceStep",
    timeout: "30m",
    id: ({ nodeUid, phase }) => `${nodeUid}/${phase}`,
    subject: ({ nodeUid }) => `redis node ${nodeUid}`,
    // Not what a NodeMaintenance declares: a step that is done wants nothing any more.
    declares: ({ nodeUid, phase }) => `node ${nodeUid} ${phase} in a roll`,
    validate: checkParameters,
    // How a node enters or leaves takes effect the next time: in the middle of a roll, the nodes that are done stay done.
    noRerunOn: [
      "overwriteSnapshot",
      "evictHaReplica",
      "evictActiveActiveReplica",
      "evictDbs",
      "keepSlaveShards",
      "snapshotName",
      "skipShardsRestore",
      "allowOtherNodesUnavailable",
      "allowNodesInMaintenance",
      "demoteNode",
    ],
    async run(scope, inputs, _unfinished, before) {
      const handle = attemptAt("maintenance_on", handleOf(recorded) ?? before);
      await leaveOther(scope, inputs, handle);
      const own = handle?.nodeUid === inputs.nodeUid ? handle : undefined;
      if (inputs.phase === "leave")
        return aloneToLeave(scope, inputs.nodeUid, () => comeBack(scope, inputs, own));
      return alone(scope, inputs.nodeUid, "maintenance_on", async () => {
        const mayEnter = (state: MaintenanceState) =>
          refuseOthersMaintenance(scope, inputs, state, recorded, own);
        return outputsOf(await enter(scope, inputs, { handle: own, taskId: recorded?.taskId }, mayEnter));
      });
    },
    // What a roll has taken it gives back, whatever has changed meanwhile.
    facts: async (scope, inputs, known, how) =>
      inputs.phase === "leave" ? { facts: {} } : factsOfNode(scope, inputs, known, how),
    plan: rememberWarnings((scope: Scope, inputs: MaintenanceStepInputs, known: { recorded: Recorded }) =>
      forecast(scope, inputs, known.recorded),
    ),
  });

export const maintenanceStep: Spec = {
  ...stepAfter(undefined),
  apply: (scope, inputs, previous, how) =>
    stepAfter(previous as Recorded).apply(scope, inputs, previous, how),
  undoes: ({ phase }) => (phase === "enter" ? "its maintenance" : undefined),
  /** A roll that stopped half way left its node in maintenance: forgetting the step takes it out, if it is still ours. */
  async remove(scope, recorded) {
    const inputs = recorded as unknown as MaintenanceStepInputs & Partial<MaintenanceStepOutputs>;
    const { nodeUid, taskId } = inputs;
    const handle = attemptAt("maintenance_on", handleOf(recorded));
    await leaveOther(scope, inputs, handle);
    const own = handle?.nodeUid === nodeUid ? handle : undefined;
    if (scope.http.installation.declarations.declaredByAnother(maintenanceOf(nodeUid), "") !== undefined) {
      scope.warn(`node ${nodeUid} is left in maintenance, where a NodeMaintenance of this program wants it`);
      return;
    }
    await aloneToLeave(scope, nodeUid, async () => {
      const isExpected = own !== undefined || taskId !== undefined;
      const found = await seekAction(scope, nodeUid, "maintenance_on", isExpected);
      if ("open" in found && isExpected) throw stillOpen(nodeUid, "maintenance_on", found.open);
      const last = "landed" in found ? found.landed : undefined;
      const isRecorded = taskId !== undefined && last?.taskId === taskId;
      // Where the answer to the request was lost, its task is one that was not there before.
      if (isRecorded || (last && own && isOurs(last, own))) {
        await leave(scope, inputs, { handle: own, taskId });
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

/** What an attempt has begun on another node, before the step went to this one, is undone there first. */
async function leaveOther(
  scope: Scope,
  inputs: MaintenanceStepInputs,
  handle: ActionHandle | undefined,
): Promise<void> {
  if (handle === undefined || handle.nodeUid === inputs.nodeUid || handle.isOthers) return;
  const { nodeUid } = handle;
  await aloneToLeave(scope, nodeUid, () => leave(scope, { ...inputs, nodeUid }, { handle }));
  scope.forget();
}

async function comeBack(
  scope: Scope,
  inputs: MaintenanceStepInputs,
  handle: ActionHandle | undefined,
): Promise<MaintenanceStepOutputs> {
  const state = await leave(scope, inputs, { handle });
  if (!state) throw new Refusal("nodeUid", await missingNode(scope, inputs.nodeUid));
  return outputsOf(state);
}

/** A roll ends with `maintenance_off`: it must not end what somebody else has begun. @throws Refusal */
function refuseOthersMaintenance(
  scope: Scope,
  inputs: MaintenanceStepInputs,
  state: MaintenanceState,
  recorded: Recorded,
  handle: ActionHandle | undefined,
): void {
  const why = whyOthers(inputs, state, recorded, handle);
  if (why && !inputs.allowNodesInMaintenance)
    throw new Refusal(
      "nodeUid",
      `${why}, and not by this roll, which would end it; ${nothingSent(scope)}: ${takesOver}`,
    );
}

const takesOver = "allowNodesInMaintenance: true takes it over";

/** Why the node counts as being in maintenance for somebody else. Undefined: it is not in maintenance, or by this step. */
function whyOthers(
  { nodeUid }: MaintenanceStepInputs,
  state: MaintenanceState,
  recorded: Recorded,
  handle: ActionHandle | undefined,
): string | undefined {
  const { inMaintenance, lastOn, runningOff } = state;
  // What has begun by this very moment may be of a run of this step that was killed: it is joined, as anything that runs.
  if (!inMaintenance || runningOff || (lastOn && !hasEnded(lastOn))) return undefined;
  const isRecorded = lastOn?.taskId !== undefined && lastOn.taskId === recorded?.taskId;
  if (isRecorded || (handle && (lastOn === undefined || isOurs(lastOn, handle)))) return undefined;
  const since = lastOn?.taskId === undefined ? "" : ` (task ${lastOn.taskId})`;
  return `node ${nodeUid} is already in maintenance${since}`;
}

/** Without refusals for nodes that are away, be it this one: by the time of its turn they may have come back. */
async function forecast(scope: Scope, inputs: MaintenanceStepInputs, recorded: Recorded): Promise<Forecast> {
  const { nodeUid, phase, demoteNode } = inputs;
  const http = forPreview(scope);
  const state = await foreseeMaintenance(scope, nodeUid, http);
  const refusal = (reason: string): Forecast => ({ refusals: [{ property: "nodeUid", reason }] });
  if (!state) return refusal(await missingNode(scope, nodeUid, http));
  if (phase === "leave") return { plan: `node ${nodeUid}: maintenance_off`, isGuarded: false };
  if (isUnsure(state, undefined) && !state.mayLag) return refusal(unsureBecause(state));
  if (state.lastOn && !hasEnded(state.lastOn))
    return {
      warnings: [
        `node ${nodeUid}: maintenance_on is already ${state.lastOn.status}: it will be joined, and ends with this roll, whoever started it`,
      ],
    };
  if (!(recorded?.phase === "enter" && recorded.nodeUid === nodeUid)) {
    const why = whyOthers(inputs, state, undefined, undefined);
    // Whether it is by an earlier attempt of this very step only the operation sees, which knows the task.
    if (why)
      return {
        warnings: [
          `${why}: where that is not by this roll, it ${inputs.allowNodesInMaintenance ? "is taken over, and ends with it" : `is refused, unless ${takesOver}`}`,
        ],
      };
  }
  const leads = (await findLeader(http, scope)) === nodeUid;
  return {
    plan: `node ${nodeUid}: maintenance_on${shardsToMigrate(state.node)}`,
    ...(leads && { warnings: [demoteNode ? handsOver(nodeUid) : staysLeader(nodeUid)] }),
  };
}
