import type { Endpoint } from "../core/endpoint.ts";
import { RedisActionHandle } from "./action-handle.ts";
import type { Actions } from "./actions.ts";
import type { Cluster, NodeState } from "./cluster.ts";
import { enterMaintenance, leaveMaintenance } from "./maintenance.ts";
import type { Shard } from "./shards.ts";

/** A test's handle of one node: its state, and what someone else may do to it. Nothing here counts as a request. */
export class RedisNode {
  readonly uid: number;
  private readonly cluster: Cluster;
  private readonly actions: Actions;
  private readonly endpoint: Endpoint | undefined;
  private readonly now: () => number;

  constructor(
    uid: number,
    cluster: Cluster,
    actions: Actions,
    endpoint: Endpoint | undefined,
    now: () => number,
  ) {
    this.uid = uid;
    this.cluster = cluster;
    this.actions = actions;
    this.endpoint = endpoint;
    this.now = now;
  }

  /** False once it has been removed (or never was). */
  get exists(): boolean {
    this.actions.settle();
    return this.cluster.nodes.has(this.uid);
  }

  get inMaintenance(): boolean {
    return this.maintenanceDepth > 0;
  }

  /** How many times maintenance was turned on more often than off: activations stack. */
  get maintenanceDepth(): number {
    return this.state().maintenanceDepth;
  }

  get acceptServers(): boolean {
    return this.state().acceptServers;
  }

  get status(): string {
    return this.state().status;
  }

  get role(): "master" | "slave" {
    return this.state().role;
  }

  get shards(): readonly Shard[] {
    this.actions.settle();
    return this.cluster.shardsOn(this.uid);
  }

  get shardCount(): number {
    return this.shards.length;
  }

  get snapshotNames(): string[] {
    return this.state().snapshots.map((it) => it.name);
  }

  /** Its own base URL; only with `endpointPerNode`. */
  get url(): string | undefined {
    return this.endpoint?.url;
  }

  /** The last run of this action here. */
  action(name: string): RedisActionHandle {
    return new RedisActionHandle(this.uid, name, this.actions);
  }

  /** Someone else starts an action. */
  start(action: string, parameters: Record<string, unknown> = {}): RedisActionHandle {
    this.actions.start(this.state(), action, parameters);
    return this.action(action);
  }

  /** Someone else has put it into maintenance; its shards are elsewhere already. */
  putInMaintenance(): void {
    const node = this.state();
    enterMaintenance(this.cluster, node, false, this.now());
    this.cluster.moveAway(this.cluster.shardsOn(this.uid), this.uid);
  }

  /** Someone else has taken it out, however often it was put in. */
  takeOutOfMaintenance(): void {
    leaveMaintenance(this.cluster, this.state());
  }

  /** An ordinary failover of the cluster: replicas here become masters, and those that they replaced elsewhere replicas. */
  promoteShards(count = Number.POSITIVE_INFINITY): void {
    this.actions.settle();
    const replicas = this.cluster.shardsOn(this.uid).filter((it) => it.role === "slave");
    for (const shard of replicas.slice(0, count)) {
      const peer = this.cluster.shards.find(
        (it) => it.bdbUid === shard.bdbUid && it.role === "master" && it.nodeUid !== this.uid,
      );
      if (peer) peer.role = "slave";
      shard.role = "master";
    }
  }

  /** From now on its masters are those of databases without replication: they cannot be failed over. */
  loseReplicas(): void {
    for (const shard of this.shards) if (shard.role === "master") shard.isUnreplicated = true;
  }

  /** A snapshot made by hand: `snapshot_name` may name it. */
  addSnapshot(name: string): void {
    const placement = this.cluster.shardsOn(this.uid).map(({ uid, role }) => ({ uid, role }));
    this.state().snapshots.push({ name, createdAt: this.now(), maintenance: false, placement });
  }

  dropSnapshots(): void {
    this.state().snapshots = [];
  }

  /** Disappears from the cluster, as after a removal by someone else. */
  vanish(): void {
    this.actions.settle();
    this.cluster.removeNode(this.uid);
  }

  /** Takes it down: with a port of its own it refuses connections, and if it was the leader, another node becomes the leader. */
  async goDown(): Promise<void> {
    this.state().status = "down";
    if (this.cluster.leader === this.uid && this.endpoint) this.cluster.elect();
    await this.endpoint?.stop();
  }

  async comeUp(): Promise<void> {
    this.state().status = "active";
    await this.endpoint?.start();
  }

  private state(): NodeState {
    this.actions.settle();
    const node = this.cluster.nodes.get(this.uid);
    if (!node) throw new Error(`node ${this.uid} does not exist (any more)`);
    return node;
  }
}
