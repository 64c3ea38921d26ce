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
}

/** Why a call answered 500. */
export class FederationError extends Error {}

/** The state store and the rules of a federation, without any HTTP. */
export class Federation {
  readonly clusters: [ClusterState, ClusterState];
  private readonly options: TcfOptions;
  private readonly now: () => number;

  constructor(options: TcfOptions, now: () => number) {
    this.options = options;
    this.now = now;
    const [first, second] = options.clusters ?? [
      { id: "cluster_1", name: "cluster1" },
      { id: "cluster_2", name: "cluster2" },
    ];
    const fresh = { next: undefined, dead: false, listUnavailable: false };
    this.clusters = [
      { id: first.id, name: first.name, status: first.status ?? "active", ...fresh },
      { id: second.id, name: second.name, status: second.status ?? "passive", ...fresh },
    ];
  }

  /** Brings both clusters to where they are now. */
  settle(): void {
    for (const cluster of this.clusters) {
      if (!cluster.next || this.now() < cluster.next.at) continue;
      cluster.status = cluster.next.status;
      cluster.next = undefined;
    }
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

  /** Every change that is under way ends where it began. */
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

/** Where a cluster is, or is going. */
function goal(cluster: ClusterState): string {
  return cluster.next?.status ?? cluster.status;
}
