import { hasStatus } from "../core/errors.ts";
import type { CallOptions, Http } from "../core/http.ts";
import { path } from "../core/path.ts";
import { asArray, asBoolean, asNumber, asObject, asString, isObject, type Json } from "../core/values.ts";

/*
 * What the node actions act on: nodes, their status and the cluster's health (pages "Node requests", "Node status
 * requests" and the OpenAPI document of Redis Enterprise Software's REST API).
 */

/** One node: its configuration (`GET /v1/nodes`), completed by what its status and the cluster's health say. */
export interface Node {
  nodeUid: number;
  /** `active`, `decommissioning`, `down`, `provisioning`. Stays `active` in maintenance. */
  status: string;
  addr?: string;
  softwareVersion?: string;
  shardCount?: number;
  /** False on a node that takes no shards: in maintenance, or a quorum node. */
  acceptServers?: boolean;
  maxListeners?: number;
}

/** `GET /v1/nodes/{uid}/status`, in part. */
export interface NodeStatus {
  nodeUid: number;
  /** `master` or `slave`: whether the node leads the cluster. */
  role?: string;
  /** `active`, `down`, ... */
  nodeStatus?: string;
  /** Name of the snapshot that maintenance mode took. It may outlive the maintenance (RS122458). */
  maintenanceSnapshot?: string;
}

const readRight = "a role with view_all_nodes_info (every built-in role has it)";

/** `GET /v1/nodes`. */
export async function listNodes(http: Http, options: CallOptions): Promise<Node[]> {
  const { body } = await http.call(
    { method: "GET", path: "/v1/nodes", expect: "json", needs: readRight },
    options,
  );
  return readNodes(body);
}

/** `GET /v1/nodes/{uid}`. Undefined (404): the cluster has no such node. */
export async function getNode(http: Http, nodeUid: number, options: CallOptions): Promise<Node | undefined> {
  const call = { method: "GET", path: path`/v1/nodes/${nodeUid}`, expect: "json", needs: readRight } as const;
  try {
    return readNode((await http.call(call, options)).body, nodeUid);
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}

/** `GET /v1/nodes/{uid}/status`. Undefined (404): the cluster has no such node. */
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
    return readStatus((await http.call(call, options)).body, nodeUid);
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}

/** `GET /v1/nodes/status`: the status of all nodes, keyed by uid. */
export async function listNodeStatuses(http: Http, options: CallOptions): Promise<NodeStatus[]> {
  const { body } = await http.call(
    { method: "GET", path: "/v1/nodes/status", expect: "json", needs: readRight },
    options,
  );
  return Object.entries(asObject(body)).flatMap(([uid, item]) => readStatus(item, asNumber(uid)) ?? []);
}

/**
 * `GET /v4/cluster/health`: which nodes are in maintenance, said outright. Since 8.0.16; undefined (404) before.
 * The only unambiguous signal: elsewhere a plain quorum node looks the same.
 */
export async function listNodesInMaintenance(
  http: Http,
  options: CallOptions,
): Promise<Set<number> | undefined> {
  try {
    const { body } = await http.call(
      { method: "GET", path: "/v4/cluster/health", expect: "json", needs: "a role with view_cluster_info" },
      options,
    );
    const nodes = asArray(asObject(body).nodes).filter(isObject);
    if (!nodes.some((node) => asBoolean(node.in_maintenance) !== undefined)) return undefined;
    return new Set(
      nodes.filter((node) => asBoolean(node.in_maintenance)).flatMap((node) => asNumber(node.id) ?? []),
    );
  } catch (error) {
    if (hasStatus(error, 404)) return undefined;
    throw error;
  }
}

/** Hosts that the cluster lists as its own: its answer to a redirect towards the leader's internal address. */
export function readNodeHosts(body: unknown): string[] {
  return readNodes(body).flatMap(({ addr }) => addr ?? []);
}

function readNodes(body: unknown): Node[] {
  return asArray(body).flatMap((item) => readNode(item) ?? []);
}

function readNode(item: unknown, nodeUid?: number): Node | undefined {
  if (!isObject(item)) return undefined;
  const uid = nodeUid ?? asNumber(item.uid);
  if (uid === undefined) return undefined;
  return {
    nodeUid: uid,
    status: asString(item.status) ?? "unknown",
    addr: asString(item.addr),
    softwareVersion: asString(item.software_version),
    shardCount: asNumber(item.shard_count) ?? shardListLength(item),
    acceptServers: asBoolean(item.accept_servers),
    maxListeners: asNumber(item.max_listeners),
  };
}

function shardListLength({ shard_list: list }: Json): number | undefined {
  return Array.isArray(list) ? list.length : undefined;
}

function readStatus(item: unknown, nodeUid?: number): NodeStatus | undefined {
  if (!isObject(item) || nodeUid === undefined) return undefined;
  return {
    nodeUid,
    role: asString(item.role),
    nodeStatus: asString(item.node_status),
    maintenanceSnapshot: asString(asObject(item.maintenance_snapshot).name),
  };
}
