import type { DeltaUpdate, FactFinderOptions } from "./options.ts";

export interface DatabaseState {
  databaseVersion: number;
  deltaVersion: number;
  deltaErrorCount: number;
}

/** A channel as one node has it in memory. */
export interface LoadedChannel extends DatabaseState {
  imports: Record<string, number>;
  cacheFlush: number;
  /** A reload that is under way, and what it will have loaded. */
  loading: { at: number; databaseVersion: number; deltaVersion: number } | undefined;
}

/** A channel in the shared (intermediate) database. */
interface StoredChannel {
  databaseVersion: number;
  /** Delta updates since the last prune or import, on top of `deltaBase`. */
  deltas: DeltaUpdate[];
  deltaBase: number;
  changedAt: number;
  /** Imports completed on the director since its start, by type. */
  imports: Record<string, number>;
}

/** The result of one delta update on a node. */
export type DeltaResult = { delta: DeltaUpdate; success: boolean };

/** The shared database and what each node has loaded of it, without any HTTP. The director always has all of it. */
export class FactFinderCluster {
  readonly options: FactFinderOptions;
  private readonly now: () => number;
  private readonly stored = new Map<string, StoredChannel>();
  private readonly withPrune = new Set<{ channel: string; when: "before" | "after"; act(): void }>();

  constructor(options: FactFinderOptions, now: () => number) {
    this.options = options;
    this.now = now;
    for (const channel of options.channels ?? ["de", "en"]) {
      const { databaseVersion = 41, deltaVersion = 7 } = { ...options, ...options.versions?.[channel] };
      this.stored.set(channel, {
        databaseVersion,
        deltas: [],
        deltaBase: deltaVersion,
        changedAt: now(),
        imports: { DATA: 0, SUGGEST: 0 },
      });
    }
  }

  get channels(): string[] {
    return [...this.stored.keys()];
  }

  /** What a node that is in sync has. */
  current(channel: string): { databaseVersion: number; deltaVersion: number } {
    const stored = this.get(channel);
    return {
      databaseVersion: stored.databaseVersion,
      deltaVersion: stored.deltaBase + stored.deltas.length,
    };
  }

  /** "Deletes the delta updates table and increments the databaseVersion": every call once more. */
  prune(channel: string): void {
    this.happen(channel, "before");
    const stored = this.get(channel);
    const kept = this.options.deltaVersionAfterPrune === "kept";
    stored.deltaBase = kept ? stored.deltaBase + stored.deltas.length : 0;
    stored.deltas = [];
    stored.databaseVersion++;
    stored.changedAt = this.now();
    this.happen(channel, "after");
  }

  /** Runs something at the next prune. @returns a function that runs it now, unless it has already run. */
  nextPrune(channel: string, when: "before" | "after", work: () => void): () => void {
    const event = {
      channel,
      when,
      act: () => {
        if (this.withPrune.delete(event)) work();
      },
    };
    this.withPrune.add(event);
    return event.act;
  }

  private happen(channel: string, when: "before" | "after"): void {
    for (const event of [...this.withPrune])
      if (event.channel === channel && event.when === when) event.act();
  }

  /** An import has ended on the director: it is counted, and every worker has to reload. */
  endImport(channel: string, type: string): void {
    const stored = this.get(channel);
    stored.imports[type] = (stored.imports[type] ?? 0) + 1;
    stored.databaseVersion += this.options.importRaises ?? 1;
    stored.deltas = [];
    stored.deltaBase = 0;
    stored.changedAt = this.now();
  }

  /** What the director counts; workers do no imports. */
  importsOf(channel: string): Record<string, number> {
    return this.get(channel).imports;
  }

  /** Resets the counters that a restart of the director resets. */
  forgetImports(): void {
    for (const stored of this.stored.values())
      for (const type of Object.keys(stored.imports)) stored.imports[type] = 0;
  }

  addDeltas(channel: string, deltas: DeltaUpdate[]): void {
    const stored = this.get(channel);
    stored.deltas.push(...deltas);
    stored.changedAt = this.now();
  }

  load(channel: string): LoadedChannel {
    return {
      ...this.current(channel),
      deltaErrorCount: 0,
      imports: { DATA: 0, SUGGEST: 0 },
      cacheFlush: 0,
      loading: undefined,
    };
  }

  /** Updates a worker's channel to the present. */
  settle(channel: string, loaded: LoadedChannel, stuck: boolean): void {
    const { loading } = loaded;
    if (loading && this.now() >= loading.at) {
      loaded.loading = undefined;
      if (!stuck) this.take(loaded, loading);
    }
    const { clusterSyncMs } = this.options;
    if (clusterSyncMs === undefined || stuck || this.isInSync(channel, loaded)) return;
    if (this.now() >= this.get(channel).changedAt + clusterSyncMs) this.take(loaded, this.current(channel));
  }

  isInSync(channel: string, loaded: LoadedChannel): boolean {
    const { databaseVersion, deltaVersion } = this.current(channel);
    return loaded.databaseVersion === databaseVersion && loaded.deltaVersion === deltaVersion;
  }

  /** Whether only a reload helps (409 of sync). */
  isOutdated(channel: string, loaded: LoadedChannel): boolean {
    return loaded.databaseVersion !== this.get(channel).databaseVersion;
  }

  /** Applies the delta updates that are missing; rejected ones count as errors, and as applied. */
  applyDeltas(channel: string, loaded: LoadedChannel): DeltaResult[] {
    const stored = this.get(channel);
    const missing = stored.deltas.slice(Math.max(0, loaded.deltaVersion - stored.deltaBase));
    const results = missing.map((delta) => ({ delta, success: delta.rejection === undefined }));
    loaded.deltaErrorCount += results.filter((result) => !result.success).length;
    loaded.deltaVersion = this.current(channel).deltaVersion;
    return results;
  }

  /** Starts to load what is stored now. @returns whether it was not doing so already. */
  startReload(channel: string, loaded: LoadedChannel): boolean {
    const current = this.current(channel);
    if (loaded.loading?.databaseVersion === current.databaseVersion) return false;
    loaded.loading = { ...current, at: this.now() + (this.options.reloadMs ?? 200) };
    return true;
  }

  private take(loaded: LoadedChannel, version: { databaseVersion: number; deltaVersion: number }): void {
    if (loaded.databaseVersion !== version.databaseVersion) loaded.deltaErrorCount = 0;
    loaded.databaseVersion = version.databaseVersion;
    loaded.deltaVersion = version.deltaVersion;
  }

  private get(channel: string): StoredChannel {
    const stored = this.stored.get(channel);
    if (!stored) throw new Error(`there is no channel ${channel}`);
    return stored;
  }
}
