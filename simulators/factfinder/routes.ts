import { type Answer, type Exchange, empty, json, Refusal, text } from "../core/exchange.ts";
import type { Route } from "../core/router.ts";
import type { DatabaseState, DeltaResult, FactFinderCluster, LoadedChannel } from "./cluster.ts";
import type { FactFinderNode } from "./node.ts";

const errors = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  409: "Conflict",
  500: "Internal Server Error",
};

/** The calls of the page "Cluster" as one node serves them. Even reading needs ApiImport. */
export function factFinderRoutes(
  cluster: FactFinderCluster,
  node: () => FactFinderNode,
  contextPath: string,
  pause: (ms: number) => Promise<void>,
): Route[] {
  const { options } = cluster;
  const base = `${contextPath}/rest/v5/cluster`;
  return [
    read("/:channel/database/state", databaseDocument),
    read("/:channel/import/state", (loaded) => {
      const { importStateStatus: status } = options;
      if (status) throw new Refusal(refuse(status, "there is no such call"));
      return without({ importCounts: importList(loaded) });
    }),
    read("/:channel/state", ({ cacheFlush, ...loaded }) =>
      without({ cacheFlush, database: databaseDocument(loaded), imports: importList(loaded) }),
    ),
    act("/:channel/database/sync", (exchange) => {
      const channel = exchange.params.channel ?? "";
      return sync(exchange, channel, loadedOf(exchange));
    }),
    act("/:channel/database/prune", (exchange) => {
      loadedOf(exchange);
      if (!node().isDirector && options.pruneOnWorker !== "accept") {
        return refuse(400, "prune is only allowed on the director");
      }
      cluster.prune(exchange.params.channel ?? "");
      exchange.acted();
      return words("Delta updates were pruned");
    }),
    act("/database/sync/full", syncFull),
    {
      ...act("/reset/config/version/counters", (exchange) => {
        node().configVersion = 0;
        exchange.acted();
        return words("Config version counters were reset");
      }),
      roles: ["ApiConfig"],
    },
  ];

  function read(path: string, document: (loaded: LoadedChannel) => unknown): Route {
    const handle = (exchange: Exchange) => json(200, document(loadedOf(exchange)));
    return { method: "GET", path: base + path, roles: ["ApiImport"], handle };
  }

  function act(path: string, handle: Route["handle"]): Route {
    return { method: "POST", path: base + path, roles: ["ApiImport"], handle };
  }

  function loadedOf(exchange: Exchange): LoadedChannel {
    const loaded = node().channel(exchange.params.channel ?? "");
    if (loaded) return loaded;
    const trace =
      exchange.query.get("verbose") === "true"
        ? { stacktrace: ["at simulated.Channel(Channel.java:1)"] }
        : {};
    throw new Refusal(
      refuse(options.unknownChannelStatus ?? 400, `Unknown channel '${exchange.params.channel}'`, trace),
    );
  }

  /** Delta updates only; an older database has to be reloaded first. */
  function sync(exchange: Exchange, channel: string, loaded: LoadedChannel): Answer {
    if (node().stuck) return json(200, []);
    if (cluster.isOutdated(channel, loaded)) {
      return refuse(409, "The worldmatch database is outdated and an import (LOAD_ONLY) is necessary.");
    }
    if (!cluster.isInSync(channel, loaded)) exchange.acted();
    const results = cluster.applyDeltas(channel, loaded);
    const verbose = exchange.query.get("verbose") === "true";
    return json(
      200,
      results.map((result) => resultDocument(result, verbose)),
    );
  }

  /** Delta updates where they are enough, else a reload, for all channels of this node; 200 without a body. */
  async function syncFull(exchange: Exchange): Promise<Answer> {
    let reloads = false;
    for (const channel of cluster.channels) {
      const loaded = node().channel(channel);
      if (!loaded || node().stuck || cluster.isInSync(channel, loaded)) continue;
      if (!cluster.isOutdated(channel, loaded)) {
        cluster.applyDeltas(channel, loaded);
        exchange.acted();
      } else {
        reloads = true;
        if (cluster.startReload(channel, loaded)) exchange.acted();
      }
    }
    if (reloads && options.reload !== "asynchronous") await pause(options.reloadMs ?? 200);
    return empty(200);
  }

  function databaseDocument({ databaseVersion, deltaErrorCount, deltaVersion }: DatabaseState) {
    return without({ databaseVersion, deltaErrorCount, deltaVersion });
  }

  /** The document without what this node leaves out. */
  function without(document: Record<string, unknown>): Record<string, unknown> {
    const omitted: string[] = [...(options.omitFields ?? []), ...(options.omitFieldsOf?.[node().name] ?? [])];
    return Object.fromEntries(Object.entries(document).filter(([name]) => !omitted.includes(name)));
  }

  function words(body: string): Answer {
    if (options.stringBody === "empty") return empty(200);
    return options.stringBody === "plain" ? text(200, body) : json(200, body);
  }
}

/** ApiError: only `error` is required. */
export function refuse(status: keyof typeof errors, errorDescription: string, more = {}): Answer {
  return json(status, { error: errors[status], errorDescription, ...more });
}

function importList(loaded: Pick<LoadedChannel, "imports">) {
  return Object.entries(loaded.imports).map(([type, count]) => ({ count, type }));
}

/** DeltaUpdateResult: warnings and the error are ErrorDescriptions; record and stacktrace come with verbose only. */
function resultDocument({ delta, success }: DeltaResult, verbose: boolean): Record<string, unknown> {
  const described = (description: { name: string; description?: string }) => ({
    ...description,
    ...(verbose && { stacktrace: ["at simulated.DeltaUpdate(DeltaUpdate.java:1)"] }),
  });
  const error = described({ name: "FieldConstraintException", description: delta.rejection });
  const warnings = (delta.warnings ?? []).map(described);
  return { success, warnings, ...(verbose && { record: delta.record }), ...(!success && { error }) };
}
