import { isDeepStrictEqual } from "node:util";
import { clock } from "../../core/data/clock.ts";
import { Refusal } from "../../core/data/errors.ts";
import type { Forecast } from "../../core/lifecycle/resource.ts";
import type { Scope } from "../../core/work/scope.ts";
import { hasEnded } from "../client.ts";
import { forecastBeside, goingAnyway, isBeingRemoved, listNodesAway } from "../nodes-away.ts";
import { listNodes } from "../nodes-client.ts";
import { findLeader, handsOver, leadsAnyway, staysLeader } from "../roles.ts";
import type { NodeMaintenanceInputs, NodeMaintenanceOutputs } from "./inputs.ts";
import { checkVersion, drains, onParameters } from "./parameters.ts";
import { isEmpty } from "./signs.ts";
import {
  foreseeMaintenance,
  forPreview,
  isUnsure,
  type MaintenanceState,
  missingNode,
  shardsToMigrate,
  unsureBecause,
} from "./state.ts";

type Recorded = Partial<NodeMaintenanceInputs & NodeMaintenanceOutputs> | undefined;

/** What a preview says of a node that is to enter maintenance, or whose parameters changed. */
export async function forecastMaintenance(
  scope: Scope,
  inputs: NodeMaintenanceInputs,
  recorded: Recorded,
): Promise<Forecast> {
  const { nodeUid } = inputs;
  const http = forPreview(scope);
  const state = await foreseeMaintenance(scope, nodeUid, http, { on: recorded?.taskId });
  if (!state) return refusal("nodeUid", await missingNode(scope, nodeUid, http));
  const { node, inMaintenance, isHalfDone, lastOn, runningOff } = state;
  const leads = (await findLeader(http, scope)) === nodeUid;
  try {
    checkVersion(inputs, node);
  } catch (error) {
    if (error instanceof Refusal) return refusal(error.property, error.message);
    throw error;
  }
  if (runningOff)
    return {
      ...warning(`node ${nodeUid}: maintenance_off is ${runningOff.status}: maintenance_on follows its end`),
      isGuarded: true,
      isBlocked: "nodeUid",
    };
  if (lastOn && !hasEnded(lastOn))
    return warning(
      `node ${nodeUid}: maintenance_on is already ${lastOn.status}: it will be joined`,
      ...(leads ? [leadsAnyway(nodeUid)] : []),
    );
  if (isUnsure(state, undefined)) {
    const reason = unsureBecause(state);
    return state.mayLag ? { ...warning(reason), isBlocked: "nodeUid" } : refusal("nodeUid", reason);
  }
  if (inMaintenance && !isHalfDone) return forecastInMaintenance(inputs, recorded, state, leads);
  if (await isBeingRemoved(http, node, scope)) return refusal("nodeUid", goingAnyway(nodeUid));
  const others = await listNodesAway(scope, nodeUid, http);
  const inTheWay = others.filter((other) => !leavesFirst(scope, other.nodeUid, inputs, recorded));
  const beside = forecastBeside(scope, inTheWay, inputs);
  if (beside.refusals) return beside;
  const free = (await listNodes(http, scope)).length - 1 - inTheWay.length;
  const again = isHalfDone ? ` again (the last one ended ${lastOn?.status})` : "";
  return {
    plan: `node ${nodeUid}: maintenance_on${again}${shardsToMigrate(node)}, ${free} other node${free === 1 ? "" : "s"} free`,
    warnings: [
      ...(beside.warnings ?? []),
      ...(leads ? [inputs.demoteNode ? handsOver(nodeUid) : staysLeader(nodeUid)] : []),
    ],
  };
}

/** Nothing will be sent; what differs from what the inputs ask for is said. */
function forecastInMaintenance(
  inputs: NodeMaintenanceInputs,
  recorded: Recorded,
  { node }: MaintenanceState,
  leads: boolean,
): Forecast {
  const { nodeUid } = inputs;
  const leading = leads ? [leadsAnyway(nodeUid)] : [];
  if (recorded?.nodeUid === nodeUid) {
    const [before, after] = [recorded as NodeMaintenanceInputs, inputs].map((each) =>
      onParameters(each, { isFresh: true }),
    );
    return isDeepStrictEqual(before, after)
      ? {}
      : warning(`node ${nodeUid} is in maintenance: the changed parameters take effect the next time`);
  }
  return drains(inputs) && !isEmpty(node)
    ? warning(
        `node ${nodeUid} is already in maintenance, with ${node.shardCount ?? "an untold number of"} shards on it: nothing will be sent to move them`,
        ...leading,
      )
    : warning(`node ${nodeUid} is already in maintenance: it is adopted, nothing will be sent`, ...leading);
}

/** Milliseconds in which the engine checks a replacement for the second time. */
const countsFor = 60_000;

/**
 * Whether this other node will have left maintenance by then: where `nodeUid` changes, the old one is deleted first. The engine
 * checks a replacement twice, the second time without what is recorded.
 */
function leavesFirst(
  scope: Scope,
  other: number,
  { nodeUid }: NodeMaintenanceInputs,
  recorded: Recorded,
): boolean {
  const { installation } = scope.http;
  const replacements = installation.note("replacements of NodeMaintenance", () => new Map<string, number>());
  const key = `${other} by ${nodeUid}`;
  if (recorded?.nodeUid === other) {
    replacements.set(key, clock.elapsed());
    return true;
  }
  const saidAt = replacements.get(key);
  replacements.delete(key);
  return saidAt !== undefined && clock.elapsed() - saidAt < countsFor;
}

function refusal(property: string, reason: string): Forecast {
  return { refusals: [{ property, reason }] };
}

function warning(...warnings: string[]): Forecast {
  return { warnings };
}
