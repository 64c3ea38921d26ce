import semver from "semver";
import type { ActionRun } from "./action-run.ts";
import type { Cluster, NodeState, Snapshot } from "./cluster.ts";
import type { RedisOptions } from "./options.ts";
import type { Shard } from "./shards.ts";

/** `GET /v1/nodes/{uid}` (objects/node). It has no field for maintenance. */
export function nodeDocument(cluster: Cluster, node: NodeState): Record<string, unknown> {
  const shards = cluster.shardsOn(node.uid).map((shard) => shard.uid);
  return {
    uid: node.uid,
    addr: node.addr,
    accept_servers: node.acceptServers,
    max_listeners: node.maxListeners,
    max_redis_servers: 100,
    shard_count: shards.length,
    shard_list: shards,
    software_version: softwareVersion(cluster),
    status: node.status,
    total_memory: 6219673600,
    uptime: 86400,
  };
}

/** `GET /v1/nodes/{uid}/status` (requests/nodes/status): the snapshot shows here while there is one. */
export function statusDocument(cluster: Cluster, node: NodeState): Record<string, unknown> {
  const shards = cluster.shardsOn(node.uid);
  const snapshot = node.snapshots.findLast((it) => it.maintenance);
  return {
    cores: 8,
    free_provisional_ram: node.acceptServers ? 3504422912 : 0,
    free_ram: 3504422912,
    hostname: `node${node.uid}`,
    ...(snapshot && { maintenance_snapshot: snapshotDocument(node, snapshot) }),
    ...shardLists(shards, cluster.options),
    node_overbooking_depth: 0,
    node_status: node.status,
    role: node.role,
    software_version: softwareVersion(cluster),
    software_version_sha: "6c37b1483b5fb6110c8055c1526aa58eec1d29d3519e92310859101419248831",
    total_memory: 6219673600,
    total_provisional_ram: node.acceptServers ? 6219673600 : 0,
  };
}

function shardLists(shards: Shard[], { statusShards = "numbers" }: RedisOptions): Record<string, unknown> {
  if (statusShards === "none") return {};
  const write = (role: Shard["role"]) => {
    const uids = shards.filter((it) => it.role === role).map((it) => it.uid);
    if (statusShards === "count") return uids.length;
    return statusShards === "strings" ? uids.map(String) : uids;
  };
  return { master_shards: write("master"), slave_shards: write("slave") };
}

/** One entry of `GET /v1/nodes/{uid}/snapshots`. */
export function snapshotDocument(node: NodeState, snapshot: Snapshot): Record<string, unknown> {
  const created = new Date(snapshot.createdAt).toISOString().slice(0, 19).replace("T", " ");
  return { created_time: created, name: snapshot.name, node_uid: String(node.uid) };
}

/** `GET /v4/cluster/health`, since 8.0.16: the only unambiguous sign of maintenance. */
export function healthDocument(cluster: Cluster, now: number): Record<string, unknown> {
  const nodes = [...cluster.nodes.values()].map((node) => ({
    id: String(node.uid),
    in_maintenance: node.maintenanceDepth > 0,
    observed_at: Math.floor(now / 1000),
    quorum_only: !node.acceptServers,
    status: node.status === "down" ? "down" : "active",
  }));
  return { status: nodes.some((node) => node.status === "down") ? "warning" : "active", nodes };
}

/** One entry of an action list; `remove` is called `remove_node` there. */
export function listedAction(run: ActionRun, options: RedisOptions): Record<string, unknown> {
  return {
    name: run.action === "remove" ? "remove_node" : run.action,
    node_uid: String(run.nodeUid),
    status: run.status,
    progress: writeProgress(run, options),
    ...(options.taskIdInLists && { task_id: run.taskId }),
    ...failureFields(run),
  };
}

/** One entry of `GET /v1/actions`, where live clusters write every number as text. */
export function clusterAction(run: ActionRun): Record<string, unknown> {
  return {
    action_uid: run.taskId,
    creation_time: String(Math.floor(run.createdAt / 1000)),
    name: run.action === "remove" ? "remove_node" : run.action,
    node_uid: String(run.nodeUid),
    progress: String(Math.floor(run.progress)),
    status: run.status,
    task_id: run.taskId,
    ...failureFields(run),
  };
}

/** `GET /v1/nodes/{uid}/actions/{action}`: the documented sample has status and task id only. */
export function singleAction(run: ActionRun, options: RedisOptions): Record<string, unknown> {
  return {
    status: run.status,
    ...((options.progressInSingle ?? true) && { progress: writeProgress(run, options) }),
    task_id: run.taskId,
    ...failureFields(run),
  };
}

export function softwareVersion(cluster: Cluster): string {
  return cluster.options.softwareVersion ?? "8.2.0-25";
}

/** Whether the version has `GET /v4/cluster/health`. */
export function hasHealth(cluster: Cluster): boolean {
  return semver.gte(semver.coerce(softwareVersion(cluster)) ?? "0.0.0", "8.0.16");
}

function failureFields(run: ActionRun): Record<string, unknown> {
  return run.failure ? { error_code: run.failure.errorCode, error_message: run.failure.errorMessage } : {};
}

function writeProgress(run: ActionRun, options: RedisOptions): number | string {
  if (options.progressAs === "string") return String(Math.floor(run.progress));
  return options.progressAs === "int" ? Math.floor(run.progress) : Math.round(run.progress * 10) / 10;
}
