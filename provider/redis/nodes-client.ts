import { BodyError, hasStatus } from "../core/data/errors.ts";
import {
  asArray,
  asBoolean,
  asNumber,
  asObject,
  asString,
  isObject,
  type Json,
} from "../core/data/values.ts";
import type { CallOptions, Http } from "../core/http/http.ts";
import { path } from "../core/http/path.ts";
import { listIn, madeOnce, objectIn, wordAmong } from "./documented.ts";

/*
 * What the node actions act on: nodes, their status and the cluster's health (pages "Node requests", "Node status
 * requests" and the OpenAPI document of Redis Enterprise Software's REST API).
 */

/** One node: its configuration (`GET /v1/nodes`), completed by what its status and the cluster's health say. */
export interface Node {
  /** Its uid, as `rladmin status nodes` shows it. @asType integer */
  nodeUid: number;
  /** `active`, `decommissioning`, `down`, `provisioning`. Stays `active` in maintenance. */
  status: string;
  /** Its internal address. */
  addr?: string;
  /** E.g. `7.22.2-170`. */
  softwareVersion?: string;
  /** Shards on it. @asType integer */
  shardCount?: number;
  /** False on a node that takes no shards: in maintenance, or a quorum node. */
  acceptServers?: boolean;
  /** How many endpoints it may serve. Whether maintenance makes it 0 is not documented. @asType integer */
  maxListeners?: number;
}

/** `GET /v1/nodes/{uid}/status`, in part. */
export interface NodeStatus {
  nodeUid: number;
  /** `master` or `slave`: whether the node leads the cluster. Says nothing of the shards on it. */
  role?: string;
  /** Master shards on it. Undefined: not told, or told in a way that cannot be read. @asType integer */
  masterShards?: number;
  /** They are told, in a way that cannot be read. */
  isMastersUnread?: true;
  /** `active`, `down`, ... */
  nodeStatus?: string;
  /** Name of the snapshot that maintenance mode took. It may outlive the maintenance (RS122458). */
  maintenanceSnapshot?: string;
}

const readRight = "a role with view_all_nodes_info (every built-in role has it)";

/** `GET /v1/nodes`. Never empty: there is at least the node that answers. */
export async function listNodes(http: Http, options: CallOptions): Promise<readonly Node[]> {
  const answer = await http.call(
    { method: "GET", path: "/v1/nodes", expect: "json", needs: readRight },
    options,
  );
  const list = listIn(answer);
  const nodes = readNodes(list);
  // A node that is not listed counts as gone: one that is listed beyond recognition must not.
  if (nodes.length > 0 && nodes.length === list.length) return nodes;
  const { url } = answer;
  const what = nodes.length > 0 ? "lists a node without a uid" : "lists no node, not even its own";
  throw new BodyError(`GET ${url}: ${what}`, { method: "GET", url, effect: "no" });
}

/** `GET /v1/nodes/{uid}`. Undefined: the cluster has no such node, nor lists it: one 404 alone may be a proxy's. */
export async function getNode(http: Http, nodeUid: number, options: CallOptions): Promise<Node | undefined> {
  const call = { method: "GET", path: path`/v1/nodes/${nodeUid}`, expect: "json", needs: readRight } as const;
  try {
    return readNode(objectIn(await http.call(call, options)), nodeUid);
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
    return (await listNodes(http, options)).find((node) => node.nodeUid === nodeUid);
  }
}

/** `GET /v1/nodes/{uid}/status`. Undefined: the cluster has no such node, nor lists its status. */
export async function getNodeStatus(
  http: Http,
  nodeUid: number,
  options: CallOptions,
): Promise<NodeStatus | undefined> {
  const call = {
    method: "GET",
    path: path`/v1/nodes/${nodeUid}/status`,
    expect: "json",
    needs: readRight,
  } as const;
  try {
    return readStatus(objectIn(await http.call(call, options)), nodeUid);
  } catch (error) {
    if (!hasStatus(error, 404)) throw error;
    return (await listNodeStatuses(http, options)).find((status) => status.nodeUid === nodeUid);
  }
}

/** `GET /v1/nodes/status`: the status of all nodes, keyed by uid. */
export async function listNodeStatuses(http: Http, options: CallOptions): Promise<readonly NodeStatus[]> {
  const answer = await http.call(
    { method: "GET", path: "/v1/nodes/status", expect: "json", needs: readRight },
    options,
  );
  return readStatuses(objectIn(answer));
}

const readStatuses = madeOnce((body: Json): readonly NodeStatus[] =>
  Object.entries(body).flatMap(([key, item]) => {
    const uid = asNumber(key);
    return uid === undefined || !isObject(item) ? [] : [readStatus(item, uid)];
  }),
);

/**
 * `GET /v4/cluster/health`: whether each node is in maintenance, said outright. Since 8.0.16; undefined (404) before. Documented
 * with 503 too: readHealth (health.ts) does without it then.
 */
export async function getMaintenanceByHealth(
  http: Http,
  options: CallOptions,
): Promise<ReadonlyMap<number, boolean> | undefined> {
  const needs = "a role with view_cluster_info";
  try {
    const answer = await http.call(
      { method: "GET", path: "/v4/cluster/health", expect: "json", needs },
      options,
    );
    const said = readHealth(objectIn(answer));
    if (said.size > 0) return said;
    const { url } = answer;
    const message = `GET ${url}: tells of no node whether it is in maintenance`;
    throw new BodyError(message, { method: "GET", url, effect: "no" });
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}

const readHealth = madeOnce((body: Json): ReadonlyMap<number, boolean> => {
  const said = asArray(body.nodes).flatMap((item): [number, boolean][] => {
    const { id, in_maintenance } = asObject(item);
    const [uid, isIn] = [asNumber(id), asFlag(in_maintenance)];
    return uid === undefined || isIn === undefined ? [] : [[uid, isIn]];
  });
  return new Map(said);
});

/** Hosts that the cluster lists as its own: its answer to a redirect towards the leader's internal address. */
export function readNodeHosts(body: unknown): string[] {
  return readNodes(asArray(body)).flatMap(({ addr }) => addr ?? []);
}

const readNodes = madeOnce((list: readonly unknown[]): readonly Node[] =>
  list.flatMap((item) => readNode(item) ?? []),
);

const nodeStatuses: readonly string[] = ["active", "decommissioning", "down", "provisioning"];

function readNode(item: unknown, nodeUid?: number): Node | undefined {
  if (!isObject(item)) return undefined;
  const uid = nodeUid ?? asNumber(item.uid);
  if (uid === undefined) return undefined;
  return {
    nodeUid: uid,
    status: wordAmong(nodeStatuses, asString(item.status) ?? "unknown"),
    addr: asString(item.addr),
    softwareVersion: asString(item.software_version),
    shardCount: asNumber(item.shard_count) ?? shardListLength(item),
    acceptServers: asFlag(item.accept_servers),
    maxListeners: asNumber(item.max_listeners),
  };
}

function shardListLength({ shard_list: list }: Json): number | undefined {
  return Array.isArray(list) ? list.length : undefined;
}

function readStatus(item: Json, nodeUid: number): NodeStatus {
  const masterShards = asCount(item.master_shards);
  const isTold = item.master_shards !== undefined && item.master_shards !== null;
  return {
    nodeUid,
    role: asString(item.role),
    masterShards,
    ...(isTold && masterShards === undefined && { isMastersUnread: true }),
    nodeStatus: asString(item.node_status),
    maintenanceSnapshot: snapshotName(item.maintenance_snapshot),
  };
}

/** The documented sample has lists, which are empty there: a number is taken too. */
function asCount(value: unknown): number | undefined {
  if (Array.isArray(value)) return value.length;
  const count = asNumber(value);
  return count !== undefined && count >= 0 ? count : undefined;
}

/** A snapshot counts by being there: what it is called is for people. */
function snapshotName(snapshot: unknown): string | undefined {
  if (!isObject(snapshot)) return asString(snapshot);
  return Object.keys(snapshot).length > 0 ? (asString(snapshot.name) ?? "without a name") : undefined;
}

/** A boolean is documented; no live answer is known. */
function asFlag(value: unknown): boolean | undefined {
  if (value === 0 || value === 1) return value === 1;
  return asBoolean(typeof value === "string" ? value.trim().toLowerCase() : value);
}
