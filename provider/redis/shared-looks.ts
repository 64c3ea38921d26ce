import { clock } from "../core/data/clock.ts";
import { BodyError, hasStatus } from "../core/data/errors.ts";
import { anyOfEndpoints, namingSilence } from "../core/http/silences.ts";
import type { LookOptions } from "../core/work/poller.ts";
import type { Scope } from "../core/work/scope.ts";
import { findAction } from "./action/listed.ts";
import {
  type ActionList,
  type ActionStatus,
  getActionList,
  getNodeAction,
  listTasks,
  type TaskList,
} from "./client.ts";
import { ifTold } from "./documented.ts";
import { listNodes, type Node } from "./nodes-client.ts";
import { findLeader } from "./roles.ts";

/*
 * Looks that many resources share. Each is answered by a request that leaves after it was asked for, so nothing of it is old;
 * those who ask at the same moment, and those who wait on the same list, share one.
 */

const actionsPath = "/v1/nodes/actions";

/** Waits on the actions of one cluster, with the same credentials, share this. */
export function actionsKey({ http }: Scope): string {
  return `${http.id} ${actionsPath}`;
}

/** One look at all actions. Undefined: this server has no such list, and each action has to be asked for. */
export async function lookAtActions(scope: Scope, how: LookOptions): Promise<ActionList | undefined> {
  try {
    return await getActionList(scope.http, { ...how, patience: "patient" });
  } catch (error) {
    // The list of all nodes is the economical way, not the only one.
    if (hasStatus(error, 405) || error instanceof BodyError) return undefined;
    throw error;
  }
}

/** The action as it is now. Undefined: it neither runs nor has a status of its last run. */
export async function lookAtAction(
  scope: Scope,
  nodeUid: number,
  action: string,
): Promise<ActionStatus | undefined> {
  const list = await listedActions(scope);
  const listed = list && findAction(list.actions, nodeUid, action);
  if (listed ? listed.taskId !== undefined : list?.isWhole) return listed;
  // The list does not say which task it is, or may not say all: the documented word on one action is its own resource.
  return getNodeAction(scope.http, nodeUid, action, scope);
}

/** Whether the cluster's lists, of actions and of nodes, prove that the node is there and that this action of it has no record. */
export async function isListedAbsent(scope: Scope, nodeUid: number, action: string): Promise<boolean> {
  const [list, node] = await Promise.all([listedActions(scope), lookAtNode(scope, nodeUid)]);
  if (!list?.isWhole || !node) return false;
  return findAction(list.actions, nodeUid, action) === undefined;
}

/** The tasks of the cluster, with the times at which they were asked for. Undefined: it does not tell. */
export function lookAtTasks(scope: Scope): Promise<TaskList | undefined> {
  return shared(scope, "/v1/actions", (how) => ifTold(listTasks(scope.http, how)));
}

/** The node as the cluster lists it now. Undefined: the cluster has no such node. */
export async function lookAtNode(scope: Scope, nodeUid: number): Promise<Node | undefined> {
  const nodes = await shared(scope, "/v1/nodes", (how) => listNodes(scope.http, how));
  return nodes.find((node) => node.nodeUid === nodeUid);
}

function listedActions(scope: Scope): Promise<ActionList | undefined> {
  return shared(scope, actionsPath, (how) => lookAtActions(scope, how));
}

/** Which node leads the cluster now, for a warning. Undefined: it cannot be told. */
export function lookForLeader(scope: Scope): Promise<number | undefined> {
  return shared(scope, "/v1/nodes/status", (how) => findLeader(scope.http, how));
}

/** A look at this path that others who ask at about the same moment share. */
async function shared<T>(scope: Scope, path: string, look: (how: LookOptions) => Promise<T>): Promise<T> {
  const key = `${scope.http.id} ${path}`;
  const how: LookOptions = { signal: scope.signal, onTrouble: scope.noteTrouble };
  const ask = () =>
    scope.pollers.lend(key, async (next) => (await next(look, gathering(scope, key), how)).seen);
  // Which of them is asked is not known here: the request is made for many.
  const url = anyOfEndpoints(scope.http, path);
  return namingSilence({ url, signal: scope.signal, noteTrouble: scope.noteTrouble }, ask);
}

/**
 * Milliseconds to wait for others: hardly any for one alone, up to a quarter of a second when many come, since an engine
 * hands out a hundred resources over a second or two.
 */
function gathering({ http }: Scope, key: string): number {
  const asked = http.installation.note("looks asked for of late", () => new Map<string, number[]>());
  const now = clock.elapsed();
  const recent = [...(asked.get(key) ?? []).filter((time) => now - time < 1_000), now];
  asked.set(key, recent);
  return Math.min(20 * recent.length, 250);
}
