import { Simulator, start } from "../core/simulator.ts";
import { FactFinderCluster } from "./cluster.ts";
import { FactFinderNode } from "./node.ts";
import type { DeltaUpdate, FactFinderOptions } from "./options.ts";
import { factFinderRoutes, refuse } from "./routes.ts";

/** Starts a simulated FACT-Finder cluster; `close()` it when done. */
export function startFactFinder(options: FactFinderOptions = {}): Promise<FactFinderSimulator> {
  return start(new FactFinderSimulator(options));
}

/** FACT-Finder NG: one director and its workers, each on its own port. */
export class FactFinderSimulator extends Simulator {
  private readonly cluster: FactFinderCluster;
  private readonly contextPath: string;
  private readonly nodes: FactFinderNode[] = [];

  constructor(options: FactFinderOptions) {
    const contextPath = options.contextPath ?? "/fact-finder";
    const oauth2 = options.auth?.oauth2 && { path: `${contextPath}/oauth/token`, ...options.auth.oauth2 };
    super(
      { ...options, auth: options.auth && { ...options.auth, oauth2 } },
      { apiKeyHeader: "x-ff-api-key", refuse: (status, message) => refuse(status, message) },
    );
    this.contextPath = contextPath;
    this.cluster = new FactFinderCluster(options, () => this.clock.now());
  }

  async open(): Promise<void> {
    const pause = (ms: number) => this.clock.sleep(ms, this.closing.signal);
    const workers = Array.from(
      { length: this.cluster.options.workers ?? 2 },
      (_, index) => `worker${index + 1}`,
    );
    for (const name of ["director", ...workers]) {
      const routes = factFinderRoutes(this.cluster, () => this.node(name), this.contextPath, pause);
      this.nodes.push(
        new FactFinderNode(name, this.cluster, await this.listen(name, () => routes, this.contextPath)),
      );
    }
  }

  get director(): FactFinderNode {
    return this.node("director");
  }

  get workers(): FactFinderNode[] {
    return this.nodes.filter((node) => !node.isDirector);
  }

  /** @param number 1 for the first. */
  worker(number: number): FactFinderNode {
    return this.node(`worker${number}`);
  }

  /** Delta updates reach the director: workers are behind until they sync. */
  addDeltas(channel: string, deltas: DeltaUpdate[]): void {
    this.cluster.addDeltas(channel, deltas);
  }

  /** Someone else has pruned, or imported anew: workers have to reload. */
  prune(channel: string): void {
    this.cluster.prune(channel);
  }

  /** An import has ended: it raises the databaseVersion, and the director counts it. */
  endImport(channel: string, type = "DATA"): void {
    this.cluster.endImport(channel, type);
  }

  /**
   * An import ends together with the next prune of the channel: right before the prune is carried out, or right after it and before
   * its answer. If a fault keeps the request from the director, right after the fault.
   */
  endImportWithPrune(channel: string, when: "before" | "after" = "before", type = "DATA"): void {
    const end = this.cluster.nextPrune(channel, when, () => this.endImport(channel, type));
    const stop = this.watch(({ method, path }) => {
      if (method !== "POST" || !path.endsWith(`/${encodeURIComponent(channel)}/database/prune`)) return;
      stop();
      end();
    });
  }

  /** Cancels the reloads that are under way, and counts imports from 0 again. */
  protected override loseHistory(): void {
    this.cluster.forgetImports();
    for (const node of this.nodes) node.dropReloads();
  }

  private node(name: string): FactFinderNode {
    const found = this.nodes.find((node) => node.name === name);
    if (!found) throw new Error(`there is no ${name}`);
    return found;
  }
}
