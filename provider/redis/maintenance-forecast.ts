import { Refusal } from "../core/errors.ts";
import type { Forecast } from "../core/resource.ts";
import type { Scope } from "../core/scope.ts";
import { hasEnded } from "./client.ts";
import { checkVersion, onParameters } from "./maintenance-parameters.ts";
import { foreseeMaintenance, forPreview, listUnavailableOthers, missingNode } from "./maintenance-state.ts";
import type { NodeMaintenanceInputs, NodeMaintenanceOutputs } from "./node-maintenance.ts";
import { listNodes } from "./nodes-client.ts";

/** What a preview says of a node that is to enter maintenance, or whose parameters changed. */
export async function forecastMaintenance(
  scope: Scope,
  inputs: NodeMaintenanceInputs,
  recorded: Partial<NodeMaintenanceInputs & NodeMaintenanceOutputs> | undefined,
): Promise<Forecast> {
  const { nodeUid } = inputs;
  const http = forPreview(scope);
  const state = await foreseeMaintenance(scope, nodeUid, http);
  if (!state) return { refusals: [{ property: "nodeUid", reason: await missingNode(scope, nodeUid, http) }] };
  const { node, inMaintenance, lastOn } = state;
  try {
    checkVersion(inputs, node);
  } catch (error) {
    if (error instanceof Refusal) return { refusals: [{ property: error.property, reason: error.message }] };
    throw error;
  }
  if (lastOn && !hasEnded(lastOn))
    return { warnings: [`node ${nodeUid}: maintenance_on is already ${lastOn.status}: it will be joined`] };
  if (inMaintenance && recorded?.nodeUid === nodeUid) {
    const parametersChanged =
      JSON.stringify(onParameters(inputs, { isFresh: true })) !==
      JSON.stringify(onParameters(recorded as NodeMaintenanceInputs, { isFresh: true }));
    return parametersChanged
      ? { warnings: [`node ${nodeUid} is in maintenance: the changed parameters take effect the next time`] }
      : {};
  }
  if (inMaintenance)
    return { warnings: [`node ${nodeUid} is already in maintenance: it is adopted, nothing will be sent`] };
  const others = await listUnavailableOthers(scope, nodeUid, http);
  if (others.length > 0 && !inputs.allowOtherNodesUnavailable) {
    return {
      refusals: [
        {
          property: "nodeUid",
          reason: `${others.join(", ")}: set allowOtherNodesUnavailable: true to go ahead all the same`,
        },
      ],
    };
  }
  const free = (await listNodes(http, scope)).length - 1 - others.length;
  const shards = node.shardCount === undefined ? "" : `, ${node.shardCount} shards to migrate`;
  return {
    plan: `node ${nodeUid}: maintenance_on${shards}, ${free} other node${free === 1 ? "" : "s"} free`,
    warnings: others,
  };
}
