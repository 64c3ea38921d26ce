import type { Endpoint } from "../core/endpoint.ts";
import type { DatabaseState, FactFinderCluster, LoadedChannel } from "./cluster.ts";

/** A test's handle of one node: what it has loaded, and what may happen to it. Nothing here counts as a request. */
export class FactFinderNode {
  /** "director", "worker1", "worker2", ... */
  readonly name: string;
  readonly isDirector: boolean;
  /** Answers, but never changes. */
  stuck = false;
  /** Config version counter, which the reset sets to 0. */
  configVersion = 3;
  private readonly cluster: FactFinderCluster;
  private readonly loaded: Map<string, LoadedChannel>;
  private readonly endpoint: Endpoint;

  constructor(name: string, cluster: FactFinderCluster, endpoint: Endpoint) {
    this.name = name;
    this.isDirector = name === "director";
    this.cluster = cluster;
    this.endpoint = endpoint;
    this.loaded = new Map(cluster.channels.map((channel) => [channel, cluster.load(channel)]));
  }

  /** Base URL with the context path. */
  get url(): string {
    return this.endpoint.url;
  }

  /** What it has of a channel now; throws for an unknown one. */
  state(channel: string): DatabaseState {
    const { databaseVersion, deltaVersion, deltaErrorCount } = this.channel(channel) ?? missing(channel);
    return { databaseVersion, deltaVersion, deltaErrorCount };
  }

  /** Sets what it has, e.g. an older databaseVersion. */
  setState(channel: string, state: Partial<DatabaseState>): void {
    Object.assign(this.channel(channel) ?? missing(channel), state);
  }

  isInSync(channel: string): boolean {
    return this.cluster.isInSync(channel, this.channel(channel) ?? missing(channel));
  }

  /** Connections are refused until `comeUp`; what was loaded stays. */
  async goDown(): Promise<void> {
    await this.endpoint.stop();
  }

  async comeUp(): Promise<void> {
    await this.endpoint.start();
  }

  /** Cancels what it is loading. */
  dropReloads(): void {
    for (const loaded of this.loaded.values()) loaded.loading = undefined;
  }

  /** The live state of a channel, or `undefined` for an unknown one. */
  channel(channel: string): LoadedChannel | undefined {
    const loaded = this.loaded.get(channel);
    if (!loaded) return undefined;
    if (this.isDirector)
      Object.assign(loaded, this.cluster.current(channel), { imports: this.cluster.importsOf(channel) });
    else this.cluster.settle(channel, loaded, this.stuck);
    return loaded;
  }
}

function missing(channel: string): never {
  throw new Error(`there is no channel ${channel}`);
}
