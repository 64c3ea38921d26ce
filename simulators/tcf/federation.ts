import type { TcfOptions } from "./options.ts";

/** One cluster, as the federation's state store knows it. */
export interface ClusterState {
  id: string;
  name: string;
  status: string;
  /** Where a change that is under way leads, and when. */
  next: { status: string; at: number; from: string } | undefined;
  /** No instance answers. */
  dead: boolean;
  /** `/tcf/clusters` fails here. */
  listUnavailable: boolean;
  /** Storage instances that are stopped: while there are any, a coordinator finds the cluster unhealthy. Its endpoints still answer. */
  storagesDown: number;
}

/** One entry of `/tcf/clusters`, in the page's order. */
export interface ListEntry {
  status: string;
  name: string;
  id: string;
}

/** Why a call answered 500. */
export class FederationError extends Error {}

/** The state store and the rules of a federation, without any HTTP. */
export class Federation {
  readonly clusters: [ClusterState, ClusterState];
  private readonly options: TcfOptions;
  private readonly now: () => number;
  /** When the coordinator first found the active cluster unhealthy. */
  private suspectSince: number | undefined;
  /** When the roles are to be swapped back, as by a coordinator. */
  private takeBackAt: number | undefined;

  constructor(options: TcfOptions, now: () => number) {
    this.options = options;
    this.now = now;
    const [first, second] = options.clusters ?? [
      { id: "cluster_1", name: "cluster1" },
      { id: "cluster_2", name: "cluster2" },
    ];
    const fresh = { next: undefined, dead: false, listUnavailable: false, storagesDown: 0 };
    this.clusters = [
      { id: first.id, name: first.name, status: first.status ?? "active", ...fresh },
      { id: second.id, name: second.name, status: second.status ?? "passive", ...fresh },
    ];
  }

  /** Updates both clusters to the present. */
  settle(): void {
    for (const cluster of this.clusters) {
      if (!cluster.next || this.now() < cluster.next.at) continue;
      cluster.status = cluster.next.status;
      cluster.next = undefined;
    }
    this.coordinate();
  }

  /** What a cluster lists: itself first where ids are relative to it. */
  listSeenBy(cluster: ClusterState): ListEntry[] {
    const [first, second] = this.clusters;
    if (this.options.ids === "absolute")
      return this.clusters.map(({ status, name, id }) => ({ status, name, id }));
    const other = this.otherThan(cluster);
    return [
      { status: cluster.status, name: cluster.name, id: first.id },
      { status: other.status, name: other.name, id: second.id },
    ];
  }

  /** Both roles are swapped at once, as a coordinator does it. */
  swap(): void {
    for (const cluster of this.clusters) {
      cluster.status = cluster.status === "active" ? "passive" : "active";
      cluster.next = undefined;
    }
    this.suspectSince = undefined;
    this.takeBackAt = undefined;
  }

  /** A coordinator will swap the roles so many milliseconds from now. */
  swapIn(milliseconds: number): void {
    this.takeBackAt = this.now() + milliseconds;
  }

  /**
   * What the coordinator does: when the active cluster has failed its health checks and the passive one has not, it swaps them.
   * Computed at the next read, as of the time it was due.
   */
  private coordinate(): void {
    if (this.takeBackAt !== undefined && this.now() >= this.takeBackAt) this.swap();
    const { coordinator } = this.options;
    if (!coordinator) return;
    const active = this.clusters.find(({ status }) => status === "active");
    const isWell = ({ dead, storagesDown }: ClusterState) => !dead && storagesDown === 0;
    const isSuspect = active !== undefined && !isWell(active) && isWell(this.otherThan(active));
    if (!isSuspect) this.suspectSince = undefined;
    else this.suspectSince ??= this.now();
    const { healthCheckDelay = 2, maxSuspectCounts = 3 } = coordinator;
    const patience = healthCheckDelay * maxSuspectCounts * 1_000;
    if (this.suspectSince !== undefined && this.now() - this.suspectSince >= patience) this.swap();
  }

  /** Whether anything changed; promoting an active cluster changes nothing. */
  promote(cluster: ClusterState): boolean {
    this.settle();
    const other = this.otherThan(cluster);
    if (goal(cluster) === "active") return false;
    if (other.dead) {
      other.status = this.options.statusAfterFailover ?? "passive";
      other.next = undefined;
    } else if (goal(other) === "active") {
      const rule = this.options.promoteWhileOtherActive ?? "refuse";
      if (rule === "refuse") throw new FederationError(`cluster ${other.name} is active`);
      if (rule === "autoDemote") this.lead(other, "passive");
    }
    this.lead(cluster, "active");
    return true;
  }

  demote(cluster: ClusterState): boolean {
    this.settle();
    if (goal(cluster) === "passive") return false;
    this.lead(cluster, "passive");
    return true;
  }

  /** "Swaps the states to the opposite": sent twice it is undone. */
  toggle(cluster: ClusterState): boolean {
    this.settle();
    const other = this.otherThan(cluster);
    if (other.dead) throw new FederationError(`cluster ${other.name} is unreachable`);
    for (const it of this.clusters) this.lead(it, goal(it) === "active" ? "passive" : "active");
    return true;
  }

  /** Reverts every change that is under way. */
  undoSwitches(): void {
    this.settle();
    for (const cluster of this.clusters) {
      if (cluster.next) cluster.status = cluster.next.from;
      cluster.next = undefined;
    }
  }

  otherThan(cluster: ClusterState): ClusterState {
    return this.clusters[0] === cluster ? this.clusters[1] : this.clusters[0];
  }

  private lead(cluster: ClusterState, status: string): void {
    const { switchMs = 0, switchWord = "switching" } = this.options;
    if (switchMs === 0) {
      cluster.status = status;
      return;
    }
    const from = cluster.next?.from ?? cluster.status;
    cluster.status = switchWord;
    cluster.next = { status, at: this.now() + switchMs, from };
  }
}

/** The state that a cluster has, or is changing to. */
function goal(cluster: ClusterState): string {
  return cluster.next?.status ?? cluster.status;
}
