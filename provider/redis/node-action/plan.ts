import type { Forecast } from "../../core/lifecycle/resource.ts";
import type { Scope } from "../../core/work/scope.ts";
import { foreseeCounted } from "../action/counting.ts";
import type { ActionHandle } from "../action/handle.ts";
import { findRunning } from "../action/listed.ts";
import { givesBack } from "../action/perform.ts";
import { listAllNodeActions } from "../client.ts";
import {
  foreseeMaintenance,
  forPreview,
  isUnsure,
  missingNode,
  unsureBecause,
} from "../node-maintenance/state.ts";
import { forecastBeside, listNodesAway, type NodeAway, takesAway } from "../nodes-away.ts";
import { listNodes } from "../nodes-client.ts";
import { findLeader } from "../roles.ts";
import { undocumented } from "./documented-actions.ts";
import type { NodeActionInputs } from "./inputs.ts";
import { concernsLeader, riskForLeader } from "./leader.ts";
import { isMaintenance, whyNotSent } from "./maintenance.ts";

/** What a preview says of an action that is to run. */
export async function forecastAction(
  scope: Scope,
  inputs: NodeActionInputs,
  {
    recorded,
    before,
  }: { recorded: Partial<NodeActionInputs> | undefined; before: Partial<ActionHandle> | undefined },
): Promise<Forecast> {
  const { nodeUid, action } = inputs;
  const http = forPreview(scope);
  const [nodes, actions] = await Promise.all([listNodes(http, scope), listAllNodeActions(http, scope)]);
  if (!nodes.some((node) => node.nodeUid === nodeUid)) {
    return { refusals: [{ property: "nodeUid", reason: await missingNode(scope, nodeUid, http) }] };
  }
  const running = findRunning(actions, nodeUid, action);
  if (running)
    return { warnings: [`node ${nodeUid}: ${action} is already ${running.status}: it will be joined`] };
  const counted =
    recorded === undefined && before && (await foreseeCounted(scope, { nodeUid, action, ...before }));
  if (counted) return { warnings: [counted] };
  const state = isMaintenance(action) ? await foreseeMaintenance(scope, nodeUid, http) : undefined;
  const isSo = whyNotSent(state, action);
  if (isSo) return { warnings: [`${isSo}: nothing will be sent`] };
  if (action === "maintenance_on" && state && isUnsure(state, undefined)) {
    const reason = unsureBecause(state);
    return state.mayLag ? { warnings: [reason] } : { refusals: [{ property: "nodeUid", reason }] };
  }
  const beside = takesAway(action)
    ? forecastBeside(scope, await othersAway(scope, inputs, recorded), inputs)
    : {};
  if (beside.refusals) return beside;
  const risk = concernsLeader(action) && riskForLeader(inputs, await findLeader(http, scope));
  const unknown = undocumented(action);
  const warnings = [...(unknown ? [unknown] : []), ...(beside.warnings ?? []), ...(risk ? [risk] : [])];
  return {
    plan: `node ${nodeUid}: ${action}`,
    ...(warnings.length > 0 && { warnings }),
    isGuarded: !givesBack(action),
  };
}

/** Without the node on which an earlier run of this resource is let finish first. */
async function othersAway(
  scope: Scope,
  { nodeUid }: NodeActionInputs,
  recorded: Partial<NodeActionInputs> | undefined,
): Promise<NodeAway[]> {
  const away = await listNodesAway(scope, nodeUid, forPreview(scope));
  return away.filter((other) => other.nodeUid !== recorded?.nodeUid);
}
