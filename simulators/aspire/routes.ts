import { type Answer, type Exchange, empty, json, parseJson, Refusal } from "../core/exchange.ts";
import type { Route } from "../core/router.ts";
import type { AspireOptions } from "./options.ts";
import type { AspireState, Batch } from "./state.ts";

const managerRoles = ["ADMINISTRATOR", "MANAGER"];
const workerRoles = ["ADMINISTRATOR", "WORKER"];

/** The calls of the page "Manager Node API", or of its draft, as one manager serves them. */
export function aspireRoutes(state: AspireState, manager: number, options: AspireOptions): Route[] {
  const base = options.draft ? "/aspire_api/manager" : "/aspire/_api/manager";
  const releaseWorker = forIds("/release/worker", managerRoles, (id) => {
    const worker = state.workers.get(id);
    return worker && (() => state.releaseWorker(worker));
  });
  const releaseSeed = forIds("/release/seed", managerRoles, (id) => {
    const seed = seedOf(id);
    return seed && (() => seed.releases++);
  });
  const acknowledge = forIds("/batch/ack", workerRoles, (id, exchange) => {
    const type = exchange.query.get("type");
    if (!options.draft) requireType(type);
    const batch = state.batches.get(id);
    if (!batch || (type !== null && batch.type !== type)) return undefined;
    return () => batch.acknowledged++;
  });
  const claim: Route = {
    method: "GET",
    path: `${base}/batch`,
    roles: workerRoles,
    mutating: true,
    handle: claimBatch,
  };
  if (options.draft) return [...releaseWorker, ...releaseSeed, ...acknowledge, claim];
  return [
    ...releaseWorker,
    ...releaseSeed,
    ...acknowledge,
    claim,
    one("/crawlFailed/:id", (exchange) => {
      const seed = seedOf(exchange.params.id ?? "");
      return seed && (() => (seed.state = "failed"));
    }),
    one("/throttle/:id/:pauseSeedUntil", (exchange) => {
      const until = Number(exchange.params.pauseSeedUntil);
      if (!Number.isFinite(until))
        throw new Refusal(json(400, { message: "pauseSeedUntil is not a number" }));
      const seed = seedOf(exchange.params.id ?? "");
      return seed && (() => (seed.pausedUntil = until));
    }),
  ];

  /** The forms of a call that takes one or more ids. `find` gives what to do for an id, if it is known. */
  function forIds(
    path: string,
    roles: string[],
    find: (id: string, exchange: Exchange) => (() => void) | undefined,
  ): Route[] {
    const handle = (exchange: Exchange): Answer => {
      const ids = exchange.params.id === undefined ? readIds(exchange, options.draft) : [exchange.params.id];
      return perform(exchange, ids, (id) => find(id, exchange));
    };
    const single = { path: `${base}${path}/:id`, roles, handle };
    const forms: Route[] = [
      { method: "PUT", ...single },
      { method: "PUT", path: base + path, roles, handle },
    ];
    // The draft's GET acts like its PUT.
    return options.draft ? [...forms, { method: "GET", mutating: true, ...single }] : forms;
  }

  function one(path: string, find: (exchange: Exchange) => (() => void) | undefined): Route {
    const handle = (exchange: Exchange) =>
      perform(exchange, [exchange.params.id ?? ""], () => find(exchange));
    return { method: "PUT", path: base + path, roles: workerRoles, handle };
  }

  /** All or nothing with 404; all that are known, and the others named, with an error inside the 200. */
  function perform(
    exchange: Exchange,
    ids: string[],
    find: (id: string) => (() => void) | undefined,
  ): Answer {
    const found = ids.map((id) => ({ id, act: find(id) }));
    const unknown = found.filter((it) => !it.act).map((it) => it.id);
    const { unknownIds = "status" } = options;
    if (unknown.length > 0 && unknownIds === "status") {
      return json(404, { message: `not found: ${unknown.join(", ")}` });
    }
    for (const { act } of found) {
      act?.();
      if (act) exchange.acted();
    }
    if (unknown.length > 0) return json(200, errorDocument(unknownIds, unknown));
    if (options.answers === "empty") return empty(200);
    return json(200, options.answers === "object" ? {} : { message: `done for ${ids.join(", ")}` });
  }

  function seedOf(id: string) {
    const seed = state.seeds.get(id);
    return options.foreignSeeds === "notFound" && seed?.manager !== manager ? undefined : seed;
  }

  function claimBatch(exchange: Exchange): Answer {
    // The draft has 406 for input that is not valid, and no status for an empty queue.
    if (options.draft && !(Number(exchange.query.get("batches") ?? 1) > 0))
      return json(406, { message: "batches is not valid" });
    const type = exchange.query.get("type") ?? (options.draft ? "scan" : "");
    const worker = exchange.query.get("worker") ?? (options.draft ? "a worker" : "");
    const items = Number(exchange.query.get("items") ?? Number.POSITIVE_INFINITY);
    const batch =
      ["scan", "process"].includes(type) && worker !== "" && items > 0 && state.claim(type, worker, items);
    if (!batch) return json(options.draft ? 200 : 406, { message: "no batch of this type for this worker" });
    exchange.acted();
    return json(200, { batch: batchDocument(batch), message: "claimed" });
  }
}

/** The section's shape is not public. */
function errorDocument(shape: AspireOptions["unknownIds"], ids: string[]): Record<string, unknown> {
  const message = "not found";
  if (shape === "textIn200") return { error: `${message}: ${ids.join(", ")}` };
  if (shape === "objectIn200") return { error: { code: 404, message, ids } };
  if (shape === "nestedIn200") return Object.fromEntries(ids.map((id) => [id, { error: { message } }]));
  return { error: ids.map((id) => ({ id, status: 404, message })) };
}

function requireType(type: string | null): void {
  if (type !== "scan" && type !== "process")
    throw new Refusal(json(400, { message: "type must be scan or process" }));
}

/** `{ "id": "x" }` and `{ "id": ["x", "y"] }`; the draft also has `[{ "id": "x" }, ...]`. */
function readIds(exchange: Exchange, draft = false): string[] {
  const body = parseJson(exchange.text);
  const entries = Array.isArray(body) && draft ? body : [body];
  const ids = entries.flatMap((entry) =>
    typeof entry === "object" && entry !== null && "id" in entry ? entry.id : [entry],
  );
  if (ids.length > 0 && ids.every((id): id is string => typeof id === "string")) return ids;
  throw new Refusal(json(400, { message: "the body must name one or more ids" }));
}

function batchDocument({ id, type, items }: Batch) {
  const action = "add";
  const entry = items.map((item) => ({
    _id: item,
    url: `file:///${item}`,
    status: "A",
    action,
    timestamp: 1234567890,
  }));
  return { id, type, connector: "myConnectorId", entry };
}
