import { Refusal } from "../core/data/errors.ts";
import type { Objection } from "../core/guards/judge.ts";
import type { CallOptions, Http } from "../core/http/http.ts";
import type { Forecast } from "../core/lifecycle/resource.ts";
import type { Way } from "../core/work/installation.ts";
import { letPass } from "../core/work/once.ts";
import type { Scope } from "../core/work/scope.ts";
import { nothingSent } from "../core/work/sent.ts";
import { changedBy } from "./action/handle.ts";
import { findAction } from "./action/listed.ts";
import { type ActionStatus, hasEnded, listAllNodeActions } from "./client.ts";
import { ifTold } from "./documented.ts";
import { readHealth } from "./health.ts";
import { bothActions, tasksIfOpen } from "./node-maintenance/order.ts";
import { judge, type MaintenanceState } from "./node-maintenance/state.ts";
import { listNodeStatuses, listNodes, type Node } from "./nodes-client.ts";
import { warnOfRisk } from "./plan-warnings.ts";
import { hasTurn } from "./turns.ts";

/** How a node is away, or is going. */
export type Absence =
  | "in maintenance"
  | "maybe in maintenance"
  | "half in maintenance"
  | "entering maintenance"
  | "leaving maintenance"
  | "being removed"
  | "handing over"
  | "down";

/** A node that is away, or is going. */
export interface NodeAway {
  nodeUid: number;
  how: Absence;
  /** E.g. `node 1 is in maintenance`. */
  reason: string;
}

/** What all that takes a node away asks of the others. */
export interface BesideOthers {
  nodeUid: number;
  allowOtherNodesUnavailable?: boolean;
}

/** Actions that take their node away. */
const takingAway: readonly string[] = ["maintenance_on", "remove", "decommission"];

export function takesAway(action: string): boolean {
  return takingAway.includes(action);
}

/**
 * Nothing takes a node away, fails shards over or hands the leadership over while another node is away, unless that is allowed: then
 * it is said.
 *
 * @param why what does not happen meanwhile, for the message
 * @throws Refusal
 */
export async function refuseBesideNodesAway(scope: Scope, inputs: BesideOthers, why = ""): Promise<void> {
  await letOthersLeave(scope, inputs);
  refuseBeside(scope, inputs, await listNodesAway(scope, inputs.nodeUid), why);
}

/**
 * A request whose answer was lost may yet take another node away: until it no longer can, nothing that is seen of the others counts.
 *
 * @throws DecideAnew
 */
export async function letOthersLeave(scope: Scope, inputs: BesideOthers): Promise<void> {
  if (mostOthersAway(scope, inputs) === Number.POSITIVE_INFINITY) return;
  const { nodeUid } = inputs;
  const { late } = scope.http.installation;
  const ofOthers = takingAway.map((action) => ({ action, own: changedBy(nodeUid, action) }));
  const wait = late.longest(({ on, does }) =>
    ofOthers.some(({ action, own }) => does === action && on !== own),
  );
  await letPass(scope, `node ${nodeUid}`, wait);
}

/** The same where they have been looked at. @throws GuardRefusal where too many would be away */
export function refuseBeside(scope: Scope, inputs: BesideOthers, away: readonly NodeAway[], why = ""): void {
  if (away.length === 0) return;
  if (!inputs.allowOtherNodesUnavailable)
    throw new Refusal(
      "nodeUid",
      `${reasonsOf(away)}: ${why}${nothingSent(scope)}; allowOtherNodesUnavailable: true goes ahead all the same`,
    );
  const tooMany = tooManyAway(scope, inputs, away);
  if (tooMany) scope.requests.guard?.object(tooMany);
  for (const { reason } of away) warnOfRisk(scope, reason);
}

/** What a guard says of so many nodes away at once. It only forbids: it makes no `allowOtherNodesUnavailable` superfluous. */
function tooManyAway(
  { requests }: Scope,
  { nodeUid }: BesideOthers,
  away: readonly NodeAway[],
): Objection | undefined {
  const limit = requests.guard?.maxNodesAway;
  const count = away.length + 1;
  if (!limit || count <= limit.most) return undefined;
  return {
    property: limit.at,
    reason: `${reasonsOf(away)}: with node ${nodeUid} ${count} nodes would be away at once, and ${limit.most} may be`,
  };
}

/** How many others may be away beside the node, when of those that were taken away at the same moment each looks once more. */
export function mostOthersAway(
  { requests }: Scope,
  { allowOtherNodesUnavailable }: Pick<BesideOthers, "allowOtherNodesUnavailable">,
): number {
  if (!allowOtherNodesUnavailable) return 0;
  const limit = requests.guard?.maxNodesAway;
  return limit && !requests.guard?.isOverridden ? limit.most - 1 : Number.POSITIVE_INFINITY;
}

/** Of these nothing is left once the operation that does it has ended. */
const passing: readonly Absence[] = ["leaving maintenance", "being removed", "handing over"];

/** The same for a preview. An `up` that looks ahead meets operations of its own: it takes its turn after them, and looks again. */
export function forecastBeside(
  scope: Scope,
  others: readonly NodeAway[],
  inputs: BesideOthers,
  why = "",
): Pick<Forecast, "warnings" | "refusals"> {
  const away = others.filter(({ nodeUid, how }) => !(passing.includes(how) && hasTurn(scope, nodeUid)));
  if (away.length === 0) return {};
  if (inputs.allowOtherNodesUnavailable) {
    const tooMany = tooManyAway(scope, inputs, away);
    const said = tooMany && scope.requests.guard?.foresee(tooMany);
    if (said && "refusal" in said) return { refusals: [said.refusal] };
    return { warnings: [...away.map(({ reason }) => reason), ...(said ? [said.warning] : [])] };
  }
  return { refusals: [{ property: "nodeUid", reason: `${reasonsOf(away)}: ${why}${allowance}` }] };
}

const allowance = "set allowOtherNodesUnavailable: true to go ahead all the same";

function reasonsOf(away: readonly NodeAway[]): string {
  return away.map(({ reason }) => reason).join(", ");
}

/**
 * The other nodes (all of them, where there is no `nodeUid`) that cannot do without this one: in maintenance, going there, being removed, handing their shards over, or down. The
 * server's own check "does not consider if other nodes are already in maintenance mode" (page "Maintenance mode").
 */
export async function listNodesAway(
  scope: Scope,
  nodeUid: number | undefined,
  http: Way = scope.http,
): Promise<NodeAway[]> {
  const [nodes, health, actions] = await Promise.all([
    listNodes(http, scope),
    readHealth(http, scope),
    listAllNodeActions(http, scope),
  ]);
  const others = nodes.filter((node) => node.nodeUid !== nodeUid);
  const isUntold = ({ nodeUid: uid, acceptServers }: Node) =>
    acceptServers === false && !health.said?.has(uid);
  const statuses = others.some(isUntold) ? await ifTold(listNodeStatuses(http, scope)) : [];
  const bothOf = ({ nodeUid: uid }: Node) => bothActions(actions, uid);
  const tasks = await tasksIfOpen(
    http,
    health,
    others.map((other) => [other, bothOf(other)]),
    scope,
  );
  return others.flatMap((other) => {
    const uid = other.nodeUid;
    // The same reading as of one's own node: what is in doubt there is not free here.
    const state = judge(other, {
      health: health.said?.has(uid) || health.trouble ? health : {},
      status: statuses?.find((status) => status.nodeUid === uid),
      ...bothOf(other),
      tasks,
    });
    const found = absenceOf(state, (name) => findAction(actions, uid, name));
    return found ? [{ nodeUid: uid, how: found[0], reason: `node ${uid} ${found[1]}` }] : [];
  });
}

/** How it is away, and in words. */
function absenceOf(
  { node, inMaintenance, isHalfDone, hint, mayBeQuorum, lastOn, runningOff }: MaintenanceState,
  action: (name: string) => ActionStatus | undefined,
): [Absence, string] | undefined {
  const isGoingOn = (name: string) => isRunning(action(name));
  if (isGoingOn("remove") || isGoingOn("decommission") || node.status === "decommissioning")
    return ["being removed", "is being removed"];
  if (isGoingOn("maintenance_on")) return ["entering maintenance", "is going into maintenance"];
  if (runningOff) return ["leaving maintenance", "is coming out of maintenance"];
  if (node.status !== "down" && isGoingOn("enslave_node"))
    return ["handing over", "is handing its shards over (enslave_node)"];
  // A deliberate quorum node takes no shards either, and is not away; nor is a node for not saying whether it takes any.
  if (hint !== undefined && !mayBeQuorum && node.acceptServers !== undefined)
    return ["maybe in maintenance", `may be in maintenance: ${hint}`];
  if (isHalfDone && !inMaintenance)
    return ["half in maintenance", `may be half in maintenance: maintenance_on ended ${lastOn?.status}`];
  if (inMaintenance) return ["in maintenance", "is in maintenance"];
  return node.status === "down" ? ["down", "is down"] : undefined;
}

/** Whether the node itself is on its way out of the cluster. */
export async function isBeingRemoved(
  http: Http,
  { nodeUid, status }: Node,
  options: CallOptions,
): Promise<boolean> {
  const actions = await listAllNodeActions(http, options);
  return status === "decommissioning" || isRunning(findAction(actions, nodeUid, "remove"));
}

/** Why a node that is being removed is not taken into maintenance. */
export function goingAnyway(nodeUid: number): string {
  return `node ${nodeUid} is being removed: its shards leave it anyway, and no maintenance_on is sent`;
}

function isRunning(action: ActionStatus | undefined): boolean {
  return action !== undefined && !hasEnded(action);
}
