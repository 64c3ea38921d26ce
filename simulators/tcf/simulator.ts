import type { Endpoint } from "../core/endpoint.ts";
import { Simulator, start } from "../core/simulator.ts";
import { type ClusterState, Federation } from "./federation.ts";
import type { TcfOptions } from "./options.ts";
import { refuse, tcfRoutes } from "./routes.ts";

/** Starts a simulated federation of two clusters; `close()` it when done. */
export function startTcf(options: TcfOptions = {}): Promise<TcfSimulator> {
  return start(new TcfSimulator(options));
}

/** Tarantool Clusters Federation: what roles.tcf-worker serves on every instance of both clusters. */
export class TcfSimulator extends Simulator {
  private readonly tcfOptions: TcfOptions;
  private readonly federation: Federation;
  private readonly handles = new Map<ClusterState, TcfCluster>();

  constructor(options: TcfOptions) {
    super(options, { refuse: (status, message) => refuse(status, message) });
    this.tcfOptions = options;
    this.federation = new Federation(options, () => this.clock.now());
  }

  async open(): Promise<void> {
    const pause = (ms: number) => this.clock.sleep(ms, this.closing.signal);
    for (const [index, cluster] of this.federation.clusters.entries()) {
      const routes = tcfRoutes(this.federation, cluster, this.tcfOptions, pause);
      const instances: Endpoint[] = [];
      for (let instance = 0; instance < (this.tcfOptions.clusters?.[index]?.instances ?? 1); instance++) {
        instances.push(await this.listen(`${cluster.id}/${instance}`, () => routes));
      }
      this.handles.set(cluster, new TcfCluster(this.federation, cluster, instances));
    }
  }

  /** Both clusters, in the order of the list. */
  get clusters(): TcfCluster[] {
    return [...this.handles.values()];
  }

  /** @param idOrName The vendor's list has both, and they differ: `cluster_1`, `cluster1`. */
  cluster(idOrName: string): TcfCluster {
    const found = this.clusters.find((it) => it.id === idOrName || it.name === idOrName);
    if (!found) throw new Error(`there is no cluster ${idOrName}`);
    return found;
  }

  /** Ids of the clusters that are active now. */
  get activeIds(): string[] {
    return this.clusters.filter((it) => it.status === "active").map((it) => it.id);
  }

  /** Names of the clusters that are active now. */
  get activeNames(): string[] {
    return this.clusters.filter((it) => it.status === "active").map((it) => it.name);
  }

  /** Changes of state that were under way are undone. */
  protected override loseHistory(): void {
    this.federation.undoSwitches();
  }

  /** A coordinator's failover: both roles are swapped at once. With two passive clusters nothing happens. */
  failOver(): void {
    this.federation.settle();
    if (this.activeIds.length > 0) this.federation.swap();
  }

  /** A coordinator swaps the roles so many milliseconds from now: a switch that was just made is taken back. */
  failOverIn(milliseconds: number): void {
    this.federation.swapIn(milliseconds);
  }
}

/** A test's handle of one cluster: its state, and what someone else may do to it. Nothing here counts as a request. */
export class TcfCluster {
  private readonly federation: Federation;
  private readonly state: ClusterState;
  private readonly instances: Endpoint[];
  private readonly down = new Set<number>();

  constructor(federation: Federation, state: ClusterState, instances: Endpoint[]) {
    this.federation = federation;
    this.state = state;
    this.instances = instances;
  }

  get id(): string {
    return this.state.id;
  }

  get name(): string {
    return this.state.name;
  }

  /** Base URLs of its instances. */
  get endpoints(): string[] {
    return this.instances.map((it) => it.url);
  }

  get status(): string {
    this.federation.settle();
    return this.state.status;
  }

  /** Sets the status, regardless of the other cluster: both may be active, both passive, or the status unknown. */
  set status(word: string) {
    this.state.status = word;
    this.state.next = undefined;
  }

  /** `GET /tcf/clusters` answers 500 here. */
  set listUnavailable(unavailable: boolean) {
    this.state.listUnavailable = unavailable;
  }

  /**
   * Stops a storage instance: all endpoints still answer, and a coordinator (option `coordinator`) finds the cluster unhealthy,
   * as in the vendor's recorded stand.
   */
  stopStorage(): void {
    this.federation.settle();
    this.state.storagesDown++;
    this.federation.settle();
  }

  startStorage(): void {
    this.federation.settle();
    this.state.storagesDown = Math.max(0, this.state.storagesDown - 1);
    this.federation.settle();
  }

  /** Connections to this instance are refused, or to all of them. */
  async goDown(instance?: number): Promise<void> {
    for (const index of this.chosen(instance)) this.down.add(index);
    this.state.dead = this.down.size === this.instances.length;
    await Promise.all([...this.down].map((index) => this.instances[index]?.stop()));
  }

  async comeUp(instance?: number): Promise<void> {
    for (const index of this.chosen(instance)) this.down.delete(index);
    this.state.dead = false;
    await Promise.all(this.chosen(instance).map((index) => this.instances[index]?.start()));
  }

  private chosen(instance: number | undefined): number[] {
    return instance === undefined ? [...this.instances.keys()] : [instance];
  }
}
