import type { NodeLayout, RedisOptions } from "./options.ts";
import { createShards, demote, type Shard } from "./shards.ts";

export interface Snapshot {
  name: string;
  createdAt: number;
  maintenance: boolean;
  /** Where the node's shards were, and in which role. */
  placement: { uid: number; role: "master" | "slave" }[];
}

/** A node's state; what the cluster knows of it. */
export interface NodeState {
  uid: number;
  addr: string;
  status: "active" | "down" | "decommissioning";
  role: "master" | "slave";
  acceptServers: boolean;
  maxListeners: number;
  /** Activations stack: the node leaves maintenance when this is 0 again. */
  maintenanceDepth: number;
  snapshots: Snapshot[];
}

/** The cluster's state, without any HTTP and without time. */
export class Cluster {
  readonly options: RedisOptions;
  readonly nodes: Map<number, NodeState>;
  readonly shards: Shard[];
  leader: number;
  /** How many shards were failed over: a replica elsewhere took over from each. */
  failovers = 0;
  /** May change while the simulator runs. */
  insufficientResources: "failed" | "completed" | undefined;

  constructor(options: RedisOptions) {
    this.options = options;
    this.leader = options.leader ?? 1;
    this.insufficientResources = options.insufficientResources;
    const layout =
      options.layout ?? Array.from({ length: options.nodes ?? 3 }, (_, index) => ({ uid: index + 1 }));
    this.nodes = new Map(layout.map((node) => [node.uid, createNode(node, this.leader, options)]));
    this.shards = createShards(layout, options.shardsPerNode ?? 4);
  }

  shardsOn(nodeUid: number): Shard[] {
    return this.shards.filter((shard) => shard.nodeUid === nodeUid);
  }

  /** Other nodes that may take shards. */
  takers(nodeUid: number): NodeState[] {
    return [...this.nodes.values()].filter(
      (it) => it.uid !== nodeUid && it.acceptServers && it.status === "active",
    );
  }

  /** Whether the nodes that would still be up are a majority; does not look at other nodes' maintenance, as documented. */
  keepsQuorumWithout(nodeUid: number): boolean {
    const others = [...this.nodes.values()].filter((it) => it.uid !== nodeUid && it.status !== "down");
    return others.length * 2 > this.nodes.size;
  }

  /** Moves those of the shards that are still on the node, spread over the nodes that take any. */
  moveAway(shards: Shard[], nodeUid: number): void {
    const takers = this.takers(nodeUid);
    for (const shard of shards) {
      const taker = takers[shard.uid % takers.length];
      if (taker && shard.nodeUid === nodeUid) shard.nodeUid = taker.uid;
    }
  }

  /** The masters on a node become replicas; each is taken over elsewhere, where there is a replica. */
  failOver(nodeUid: number): void {
    for (const shard of this.shardsOn(nodeUid)) {
      if (shard.role !== "master" || shard.isUnreplicated) continue;
      demote(shard, this.shards);
      this.failovers++;
    }
  }

  removeNode(nodeUid: number): void {
    this.nodes.delete(nodeUid);
    if (this.leader === nodeUid) this.elect();
  }

  /** Another node becomes the leader; by default the first that is up. */
  elect(nodeUid?: number): void {
    const candidates = [...this.nodes.values()].filter(
      (it) => it.uid !== this.leader && it.status === "active",
    );
    const next = nodeUid ?? candidates[0]?.uid;
    if (next === undefined || next === this.leader) return;
    const old = this.nodes.get(this.leader);
    if (old) old.role = "slave";
    const leader = this.nodes.get(next);
    if (leader) leader.role = "master";
    this.leader = next;
  }
}

function createNode({ uid, addr }: NodeLayout, leader: number, options: RedisOptions): NodeState {
  const masters = options.masterNodes ?? [leader];
  return {
    uid,
    addr: addr ?? options.addrs?.[uid - 1] ?? (options.endpointPerNode ? "127.0.0.1" : `10.0.0.${uid}`),
    status: "active",
    role: masters.includes(uid) ? "master" : "slave",
    acceptServers: true,
    maxListeners: 100,
    maintenanceDepth: 0,
    snapshots: [],
  };
}
