import { BodyError, hasStatus } from "../core/data/errors.ts";
import { asNumber, asObject, asString, isObject, type Json } from "../core/data/values.ts";
import type { CallOptions, Effects, Http } from "../core/http/call.ts";
import { path } from "../core/http/path.ts";
import type { Permit } from "../core/http/permit.ts";
import { listIn, madeOnce, objectIn, wordAmong } from "./documented.ts";

/*
 * The node actions of Redis Enterprise Software's REST API, one function per documented call
 * (page "Node actions requests", REST API reference).
 */

/** One action of one node, with the vendor's spellings evened out: numbers as numbers, `remove_node` as `remove`. */
export interface ActionStatus {
  /** As in the URL, e.g. `maintenance_on`. */
  name: string;
  /** The node's uid. @asType integer */
  nodeUid: number;
  /** `queued`, `starting`, `running`, `cancelling`, `completed`, `failed`, `aborted`, `cancelled`, or another word. */
  status: string;
  /** Percent. May stand at 0 until the end. */
  progress?: number;
  /** Another one each time the action is started. */
  taskId?: string;
  /** `internal_error`, `insufficient_resources`, or another code. */
  errorCode?: string;
  /** In the cluster's words. */
  errorMessage?: string;
}

const goingOn: readonly string[] = ["queued", "starting", "running", "cancelling"];
/** Statuses after which nothing more happens. Any other word, known or not, means that it is still going on. */
const endedStatuses: readonly string[] = ["completed", "failed", "aborted", "cancelled"];

export function hasEnded({ status }: ActionStatus): boolean {
  return endedStatuses.includes(status);
}

/** Ended, and not `completed`. */
export function endedBadly(action: ActionStatus | undefined): boolean {
  return action !== undefined && hasEnded(action) && action.status !== "completed";
}

/** What has to be known of the calls that change something. */
export const effects = {
  // A second maintenance_on would stack on the first one; other actions are done once more.
  startNodeAction: { repeat: "never", mayLandWithin: 6_000 },
  cancelNodeAction: { repeat: "harmless", mayLandWithin: 6_000 },
} as const satisfies Record<string, Effects>;

const readRight = "a role with view_status_of_node_action (every built-in role has it)";
const read = (path: string) => ({ method: "GET", path, expect: "json", needs: readRight }) as const;

/** The actions of all nodes, and whether the list proves that there are no others. */
export interface ActionList {
  actions: readonly ActionStatus[];
  /** False when an entry could not be read, and for 404, which an older server may answer for any list. */
  isWhole: boolean;
  /** It was answered with 404. */
  isMissing?: boolean;
}

/** `GET /v1/nodes/actions`: the actions of all nodes. 404 (none known) is an empty list. */
export async function getActionList(http: Http, options: CallOptions): Promise<ActionList> {
  const needs = "a role with view_status_of_all_node_actions (every built-in role has it)";
  const call = { method: "GET", path: "/v1/nodes/actions", expect: "json", needs } as const;
  try {
    const answer = await http.call(call, options);
    return readAllActions(listIn(answer, "actions"));
  } catch (error) {
    if (hasStatus(error, 404)) return { actions: [], isWhole: false, isMissing: true };
    throw error;
  }
}

const readAllActions = madeOnce((list: readonly unknown[]): ActionList => {
  const actions = readActions(list);
  return { actions, isWhole: actions.length === list.length };
});

/** The same, for those who do not ask what is missing. */
export async function listAllNodeActions(http: Http, options: CallOptions): Promise<readonly ActionStatus[]> {
  return (await getActionList(http, options)).actions;
}

/** `GET /v1/nodes/{node_uid}/actions`: the actions of one node. 404 (none known) is an empty list. */
export async function listNodeActions(
  http: Http,
  nodeUid: number,
  options: CallOptions,
): Promise<ActionStatus[]> {
  const call = read(path`/v1/nodes/${nodeUid}/actions`);
  try {
    return readActions(listIn(await http.call(call, options), "actions"), nodeUid);
  } catch (error) {
    if (hasStatus(error, 404)) return [];
    throw error;
  }
}

/** `GET /v1/nodes/{node_uid}/actions/{action}`. Undefined (404): it neither runs nor has a status of its last run. */
export async function getNodeAction(
  http: Http,
  nodeUid: number,
  action: string,
  options: CallOptions,
): Promise<ActionStatus | undefined> {
  const call = read(path`/v1/nodes/${nodeUid}/actions/${action}`);
  try {
    return readOne(objectIn(await http.call(call, options)), nodeUid, action);
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}

/** One action as the list of the whole cluster tells it. */
export interface TaskStatus extends ActionStatus {
  /** When it was asked for, in milliseconds since the epoch, to the second, by the cluster's clock. */
  createdAt?: number;
}

/** The tasks of a cluster, and what time it was there, in milliseconds since the epoch. */
export interface TaskList {
  tasks: readonly TaskStatus[];
  now?: number;
}

/** `GET /v1/actions`: the only list that tells when an action was asked for. Undefined (404): this server has none. */
export async function listTasks(http: Http, options: CallOptions): Promise<TaskList | undefined> {
  const call = {
    method: "GET",
    path: "/v1/actions",
    expect: "json",
    needs: "a role with view_all_actions",
  } as const;
  try {
    const answer = await http.call(call, options);
    const tasks = listIn(answer, "actions").flatMap((item) => {
      const seconds = isObject(item) ? asNumber(item.creation_time) : undefined;
      return readActions([item]).map((action) => ({
        ...action,
        ...(seconds !== undefined && { createdAt: seconds * 1_000 }),
      }));
    });
    const now = Date.parse(String(answer.headers.date));
    return { tasks, ...(!Number.isNaN(now) && { now }) };
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}

/** `POST /v1/nodes/{node_uid}/actions/{action}`. The body may be empty; where it is not, it holds `task_id` and `status`. */
export async function startNodeAction(
  http: Http,
  nodeUid: number,
  action: string,
  parameters: Record<string, unknown>,
  permit: Permit,
  options: CallOptions,
): Promise<ActionStatus> {
  // Node removal "must include json data" (release notes 5.4.2): an empty object at least.
  const call = {
    method: "POST",
    mutates: true,
    path: path`/v1/nodes/${nodeUid}/actions/${action}`,
    body: parameters,
    needs: "the admin role (start_node_action)",
  } as const;
  const { body, url } = await http.send(call, permit, options);
  if (typeof body === "string" && body.startsWith("<")) {
    // A page of some gateway on the way: whether the request went on to the cluster, it does not say.
    throw new BodyError(`POST ${url}: answered with HTML`, { method: "POST", url, effect: "maybe" });
  }
  return readAction({ status: "queued", ...asObject(body) }, nodeUid, action);
}

/**
 * `DELETE /v1/nodes/{node_uid}/actions/{action}`: cancels a queued or running action, or removes the status of one that has
 * ended. False (404): unknown or not running. True means "will be cancelled when possible", not that it has ended.
 */
export async function cancelNodeAction(
  http: Http,
  nodeUid: number,
  action: string,
  permit: Permit,
  options: CallOptions,
): Promise<boolean> {
  const call = {
    method: "DELETE",
    mutates: true,
    path: path`/v1/nodes/${nodeUid}/actions/${action}`,
    needs: "the admin role (cancel_node_action)",
  } as const;
  try {
    await http.send(call, permit, options);
    return true;
  } catch (error) {
    if (hasStatus(error, 404)) return false;
    throw error;
  }
}

/** Lists say `remove_node` where the URL says `remove`. For all nodes there is no sample: a bare list is taken, too (documented.ts). */
function readActions(list: readonly unknown[], onNode?: number): ActionStatus[] {
  return list.flatMap((item) => {
    if (!isObject(item)) return [];
    const name = asString(item.name)?.replace(/^remove_node$/, "remove");
    const nodeUid = onNode ?? asNumber(item.node_uid);
    return name === undefined || nodeUid === undefined ? [] : [readAction(item, nodeUid, name)];
  });
}

/** One action, also where it is wrapped as in the lists. `{}` tells of none, as 404 does: a claim like that one. */
function readOne(body: Json, nodeUid: number, name: string): ActionStatus | undefined {
  const items = [body.actions ?? body].flat().filter(isObject);
  const listed = readActions(items, nodeUid).find((item) => item.name === name);
  const [only = {}] = items.filter(
    (item) => item === body || (items.length === 1 && item.name === undefined),
  );
  return listed ?? (Object.keys(only).length > 0 ? readAction(only, nodeUid, name) : undefined);
}

function readAction(item: Json, nodeUid: number, name: string): ActionStatus {
  return {
    name,
    nodeUid,
    // Without a word nothing is known to have ended.
    status: statusOf(item) ?? "unknown",
    progress: asNumber(item.progress),
    taskId: asString(item.task_id) ?? asString(item.action_uid),
    errorCode: asString(item.error_code),
    errorMessage: asString(item.error_message),
  };
}

/** In the page's own spelling, whatever the case, and with one l or two. */
function statusOf({ status }: Json): string | undefined {
  const said = asString(status)
    ?.trim()
    .replace(/^cancel(?=(ed|ing)$)/i, "cancell");
  return said === undefined ? undefined : wordAmong([...goingOn, ...endedStatuses], said);
}
