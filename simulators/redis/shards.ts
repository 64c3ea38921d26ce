import type { NodeLayout } from "./options.ts";

/** One shard of a database. */
export interface Shard {
  uid: number;
  bdbUid: number;
  role: "master" | "slave";
  /** Belongs to an Active-Active database: `evict_active_active_replica` speaks of it, else `evict_ha_replica`. */
  activeActive: boolean;
  /** Of a database without replication: it can be moved, and not be failed over. */
  isUnreplicated?: boolean;
  /** The node it lives on. */
  nodeUid: number;
}

/** The shards of a new cluster: databases 1 to 3 in turn, of which 3 is Active-Active; masters and replicas alternate. */
export function createShards(layout: NodeLayout[], perNode: number): Shard[] {
  const shards: Shard[] = [];
  for (const { uid: nodeUid, shards: count = perNode, masters } of layout) {
    for (let index = 0; index < count; index++) {
      const bdbUid = (index % 3) + 1;
      const isMaster = masters === undefined ? index % 2 === 0 : index < masters;
      const role = isMaster ? "master" : "slave";
      shards.push({ uid: shards.length + 1, bdbUid, role, activeActive: bdbUid === 3, nodeUid });
    }
  }
  return shards;
}

/** The documented parameters of maintenance_on that choose what moves. */
export interface Eviction {
  evictHaReplica: boolean;
  evictActiveActiveReplica: boolean;
  /** `undefined`: shards of all databases. */
  evictDbs: Set<string> | undefined;
}

/** @param parameters The body of the POST, defaults as documented. */
export function readEviction(parameters: Record<string, unknown>): Eviction {
  const keepsReplicas = parameters.keep_slave_shards === true;
  const databases = parameters.evict_dbs;
  return {
    evictHaReplica: !keepsReplicas && parameters.evict_ha_replica !== false,
    evictActiveActiveReplica: !keepsReplicas && parameters.evict_active_active_replica !== false,
    evictDbs: Array.isArray(databases) && databases.length > 0 ? new Set(databases.map(String)) : undefined,
  };
}

/** The shards that leave the node; those that stay as replicas are in `demoted` when they were masters. */
export function planEviction(shards: Shard[], eviction: Eviction): { leaving: Shard[]; demoted: Shard[] } {
  const leaving: Shard[] = [];
  const demoted: Shard[] = [];
  for (const shard of shards) {
    if (eviction.evictDbs && !eviction.evictDbs.has(String(shard.bdbUid))) continue;
    if (shard.activeActive ? eviction.evictActiveActiveReplica : eviction.evictHaReplica) leaving.push(shard);
    else if (shard.role === "master") demoted.push(shard);
  }
  return { leaving, demoted };
}

/** Makes a master a replica; a replica of the same database elsewhere takes over, if there is one. */
export function demote(shard: Shard, all: Shard[]): void {
  shard.role = "slave";
  const successor = all.find(
    (it) => it.bdbUid === shard.bdbUid && it.role === "slave" && it.nodeUid !== shard.nodeUid,
  );
  if (successor) successor.role = "master";
}
