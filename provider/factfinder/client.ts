import { mutates } from "../core/call.ts";
import { BodyError, hasStatus, messageOf, reworded, StatusError } from "../core/errors.ts";
import type { Answer, Call, CallOptions, Http } from "../core/http.ts";
import { path } from "../core/path.ts";
import { asArray, asNumber, asString, isObject, type Json, withoutUndefined } from "../core/values.ts";
import { type DeltaUpdateResult, readResults } from "./delta-results.ts";
import { inWords, readDescription } from "./error-description.ts";

/*
 * The cluster API of FACT-Finder NG, one function per documented call (https://docs.fact-finder.com/api-reference/cluster).
 * Each speaks to one node: director or worker.
 */

/** What a node has of a channel's worldmatch database. Every field may be missing: it is unknown then, never 0. */
export interface DatabaseState {
  /** Lower than the director's: the node has to reload the whole database. */
  databaseVersion?: number;
  /** Delta updates applied on top of that database. */
  deltaVersion?: number;
  /** Delta updates that were rejected while synchronising; a reload sets it to 0. */
  deltaErrorCount?: number;
}

/** How often imports of one type have been completed on a node. */
export interface ImportCount {
  /** `DATA`, `SUGGEST`, `RECOMMENDATION`, `RANKING`, `CUSTOMER_SPECIFIC_PRICING`, `GEO`, `DATA_AND_PRICING`, ... */
  type?: string;
  /** Imports of that type. */
  count?: number;
}

/** Imports completed on a node, by type: not whether one is running. */
export interface ImportState {
  /** One entry for each type; empty where the node tells none. */
  importCounts: ImportCount[];
}

/** Database, imports and cache of a channel on a node. */
export interface ClusterState {
  /** Completed cache flushes. */
  cacheFlush?: number;
  /** What it has of the worldmatch database. */
  database?: DatabaseState;
  /** Imports completed, by type. */
  imports: ImportCount[];
}

/** `GET /rest/v5/cluster/{channel}/database/state`. */
export async function getDatabaseState(
  http: Http,
  channel: string,
  options: CallOptions,
): Promise<DatabaseState> {
  const call = get(path`/rest/v5/cluster/${channel}/database/state`);
  return readDatabaseState(await readObject(http, call, channel, options));
}

/** `GET /rest/v5/cluster/{channel}/import/state`. */
export async function getImportState(
  http: Http,
  channel: string,
  options: CallOptions,
): Promise<ImportState> {
  const body = await readObject(http, get(path`/rest/v5/cluster/${channel}/import/state`), channel, options);
  return { importCounts: readImportCounts(body.importCounts) };
}

/** `GET /rest/v5/cluster/{channel}/state`. New in v5. */
export async function getClusterState(
  http: Http,
  channel: string,
  options: CallOptions,
): Promise<ClusterState> {
  const body = await readObject(http, get(path`/rest/v5/cluster/${channel}/state`), channel, options);
  return withoutUndefined({
    cacheFlush: asNumber(body.cacheFlush),
    database: isObject(body.database) ? readDatabaseState(body.database) : undefined,
    imports: readImportCounts(body.imports),
  });
}

/**
 * `POST /rest/v5/cluster/{channel}/database/prune`: deletes the delta updates table and increments the databaseVersion, every
 * time. The director only. Answers with the vendor's words, if any.
 */
export async function pruneDatabase(http: Http, channel: string, options: CallOptions): Promise<string> {
  const call = post(path`/rest/v5/cluster/${channel}/database/prune`);
  // What a worker answers to it is not documented either.
  const suspicion = `${unknownChannel(channel)}, or it is not the director, which alone prunes`;
  return readWords(await send(http, call, options, suspicion));
}

/**
 * `POST /rest/v5/cluster/{channel}/database/sync`: applies the delta updates that this node lacks.
 *
 * @returns one result per update, failed ones among them; undefined (409): the node's database is outdated, a reload is needed
 */
export async function syncDatabase(
  http: Http,
  channel: string,
  { verbose }: { verbose: boolean },
  options: CallOptions,
): Promise<DeltaUpdateResult[] | undefined> {
  const call = {
    ...post(path`/rest/v5/cluster/${channel}/database/sync`),
    query: { verbose: verbose || undefined },
    values: [409],
  };
  const { status, body } = await send(http, call, options, unknownChannel(channel));
  return status === 409 ? undefined : readResults(body);
}

/**
 * `POST /rest/v5/cluster/database/sync/full`: applies the delta updates that this node lacks, or reloads its databases from
 * Postgres; all channels. The good answer is empty: what was reached is in the state only.
 *
 * @returns the results that a server may send all the same, as those of a sync
 */
export async function syncDatabaseFull(http: Http, options: CallOptions): Promise<DeltaUpdateResult[]> {
  return readResults((await send(http, post("/rest/v5/cluster/database/sync/full"), options)).body);
}

/** `POST /rest/v5/cluster/reset/config/version/counters`: sets the config version counters of this node to 0. */
export async function resetConfigVersionCounters(http: Http, options: CallOptions): Promise<string> {
  const call = { ...post("/rest/v5/cluster/reset/config/version/counters"), needs: "the role ApiConfig" };
  return readWords(await send(http, call, options));
}

/** Even reading needs it. */
const needs = "the role ApiImport";

function get(path: string): Call {
  return { method: "GET", path, expect: "json", needs };
}

function post(path: string): Call {
  return { method: "POST", path, needs };
}

/** No 404 is documented: a channel that does not exist shows as 400, 403 or 500, which of them is not said. */
function unknownChannel(channel: string): string {
  return `the channel ${JSON.stringify(channel)} may not exist there`;
}

/** @param suspicion what a refusal may mean beside its words */
async function send(http: Http, call: Call, options: CallOptions, suspicion?: string): Promise<Answer> {
  try {
    const answer = await http.call(call, options);
    refuseHtml(call, answer);
    refuseError(call, answer);
    return answer;
  } catch (error) {
    const hint = hasStatus(error, 404)
      ? "is the context path, e.g. /fact-finder, part of the endpoint?"
      : hasStatus(error, 400, 403, 500) && suspicion;
    throw hint ? reworded(error, `${messageOf(error)}; ${hint}`) : error;
  }
}

/** A page of a proxy or a login form comes with a 200 too, and says nothing about what was done. */
function refuseHtml({ method }: Call, { body, status, url }: Answer): void {
  if (typeof body !== "string" || !/^\s*</.test(body)) return;
  throw new BodyError(
    `${method} ${url}: answered ${status} with an HTML page, which says nothing of the job`,
    {
      method,
      url,
      effect: "maybe",
    },
  );
}

/** What looks like an ApiError (`{error, errorDescription, stacktrace}`) is one, whatever the status in front of it. */
function refuseError(call: Call, { body, status, url }: Answer): void {
  if (!isObject(body) || "success" in body || !body.error || status === 409) return;
  const error = readDescription(body);
  if (!error) return;
  const { method } = call;
  throw new StatusError(`${method} ${url}: ${status} with an error: ${inWords(error)}`, {
    method,
    url,
    status,
    effect: mutates(call) ? "maybe" : "no",
  });
}

async function readObject(http: Http, call: Call, channel: string, options: CallOptions): Promise<Json> {
  const { body, status, url } = await send(http, call, options, unknownChannel(channel));
  if (isObject(body)) return body;
  throw new BodyError(`GET ${url}: answered ${status} with something else than the documented object`, {
    method: "GET",
    url,
    effect: "no",
  });
}

function readDatabaseState(body: Json): DatabaseState {
  const { databaseVersion, deltaVersion, deltaErrorCount } = body;
  return withoutUndefined({
    databaseVersion: asNumber(databaseVersion),
    deltaVersion: asNumber(deltaVersion),
    deltaErrorCount: asNumber(deltaErrorCount),
  });
}

function readImportCounts(list: unknown): ImportCount[] {
  return asArray(list)
    .filter(isObject)
    .map(({ type, count }) => withoutUndefined({ type: asString(type), count: asNumber(count) }));
}

/** The schema says "string": quoted, plain and empty are all taken. */
function readWords({ body }: Answer): string {
  return asString(body) ?? (body === undefined || body === "" ? "" : JSON.stringify(body));
}
