import { BodyError } from "../core/data/errors.ts";
import { asArray, asNumber, asString, isObject, type Json, withoutUndefined } from "../core/data/values.ts";
import type { Answer, CallOptions, Effects, Http, MutatingCall, ReadingCall } from "../core/http/call.ts";
import { path } from "../core/http/path.ts";
import type { Permit } from "../core/http/permit.ts";
import { blankTexts } from "../core/http/redact.ts";
import { act, readObject, refuseApiError, unknownChannel } from "./answers.ts";
import { type DeltaUpdateResult, readResults } from "./delta-results.ts";

/*
 * The cluster API of FACT-Finder NG, one function per documented call (https://docs.fact-finder.com/api-reference/cluster).
 * Each speaks to one node: director or worker.
 */

/** What a node has of a channel's worldmatch database. Every field may be missing: it is unknown then, never 0. */
export interface DatabaseState {
  /** Lower than the director's: the node has to reload the whole database. @asType integer */
  databaseVersion?: number;
  /** Delta updates applied on top of that database. @asType integer */
  deltaVersion?: number;
  /** Delta updates that were rejected while synchronising; a reload sets it to 0. @asType integer */
  deltaErrorCount?: number;
}

/** How often imports of one type have been completed on a node. */
export interface ImportCount {
  /** `DATA`, `SUGGEST`, `RECOMMENDATION`, `RANKING`, `CUSTOMER_SPECIFIC_PRICING`, `GEO`, `DATA_AND_PRICING`, ... */
  type?: string;
  /** Imports of that type. @asType integer */
  count?: number;
}

/** Imports completed on a node, by type: not whether one is running. */
export interface ImportState {
  /** One entry for each type; empty where the node tells none. */
  importCounts: ImportCount[];
}

/** Database, imports and cache of a channel on a node. */
export interface ClusterState {
  /** Completed cache flushes. @asType integer */
  cacheFlush?: number;
  /** What it has of the worldmatch database. */
  database?: DatabaseState;
  /** Imports completed, by type. */
  imports: ImportCount[];
}

/** What has to be known of the calls that change something before they are sent. */
export const effects = {
  /** "Increments the databaseVersion", every time. No page says how long a director may be at it: half a minute is allowed for. */
  prune: { repeat: "never", mayLandWithin: 35_000 },
  /** Delta updates are numbered, and a node that has caught up has nothing to do: a second call finds that out. */
  sync: { repeat: "harmless", mayLandWithin: 10_000 },
  /** Counters that are 0 stay so. */
  reset: { repeat: "harmless", mayLandWithin: 10_000 },
} satisfies Record<string, Effects>;

/**
 * `GET /rest/v5/cluster/{channel}/database/state`.
 *
 * @param onAnswer told of the endpoint that answered: a connection may list several, which may be different nodes
 */
export async function getDatabaseState(
  http: Http,
  channel: string,
  options: CallOptions,
  onAnswer?: (endpoint: string) => void,
): Promise<DatabaseState> {
  const call = get(path`/rest/v5/cluster/${channel}/database/state`);
  const { body, url } = await readObject(http, call, channel, options);
  onAnswer?.(url.slice(0, -call.path.length));
  return readDatabaseState(call, body);
}

/** `GET /rest/v5/cluster/{channel}/import/state`. */
export async function getImportState(
  http: Http,
  channel: string,
  options: CallOptions,
): Promise<ImportState> {
  const call = get(path`/rest/v5/cluster/${channel}/import/state`);
  const { body } = await readObject(http, call, channel, options);
  return { importCounts: readImportCounts(body.importCounts) };
}

/** `GET /rest/v5/cluster/{channel}/state`. New in v5. */
export async function getClusterState(
  http: Http,
  channel: string,
  options: CallOptions,
): Promise<ClusterState> {
  const call = get(path`/rest/v5/cluster/${channel}/state`);
  const { body } = await readObject(http, call, channel, options);
  return withoutUndefined({
    cacheFlush: asNumber(body.cacheFlush),
    database: isObject(body.database) ? readDatabaseState(call, body.database) : undefined,
    imports: readImportCounts(body.imports),
  });
}

/**
 * `POST /rest/v5/cluster/{channel}/database/prune`: deletes the delta updates table and increments the databaseVersion, every
 * time. The director only. Answers with the vendor's words, if any.
 *
 * @returns `isDirect`: the answer is JSON or empty, as documented, and not the text of something on the way
 */
export async function pruneDatabase(
  http: Http,
  channel: string,
  permit: Permit,
  options: CallOptions,
): Promise<{ words: string; isDirect: boolean }> {
  const call = post(path`/rest/v5/cluster/${channel}/database/prune`);
  // What a worker answers to it is not documented either.
  const suspicion = `${unknownChannel(channel)}, or it is not the director, which alone prunes`;
  const answer = await act(http, call, permit, options, { suspicion });
  const isDirect = answer.body === undefined || /\bjson\b/i.test(String(answer.headers["content-type"]));
  return { words: readWords(answer), isDirect };
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
  permit: Permit,
  options: CallOptions,
): Promise<DeltaUpdateResult[] | undefined> {
  const call = {
    ...post(path`/rest/v5/cluster/${channel}/database/sync`),
    query: { verbose: verbose || undefined },
    values: [409],
  };
  const judgement = { suspicion: unknownChannel(channel), refuse: refuseApiError };
  const { status, body } = await act(http, call, permit, options, judgement);
  return status === 409 ? undefined : readResults(blankTexts(body, http.redact));
}

/**
 * `POST /rest/v5/cluster/database/sync/full`: applies the delta updates that this node lacks, or reloads its databases from
 * Postgres; all channels. The good answer is empty: what was reached is in the state only.
 *
 * @returns the results that a server may send all the same, as those of a sync
 */
export async function syncDatabaseFull(
  http: Http,
  permit: Permit,
  options: CallOptions,
): Promise<DeltaUpdateResult[]> {
  const call = post("/rest/v5/cluster/database/sync/full");
  const { body } = await act(http, call, permit, options, { refuse: refuseApiError });
  return readResults(blankTexts(body, http.redact));
}

/** `POST /rest/v5/cluster/reset/config/version/counters`: sets the config version counters of this node to 0. */
export async function resetConfigVersionCounters(
  http: Http,
  permit: Permit,
  options: CallOptions,
): Promise<string> {
  const call = { ...post("/rest/v5/cluster/reset/config/version/counters"), needs: "the role ApiConfig" };
  return readWords(await act(http, call, permit, options));
}

/** Even reading needs it. */
const needs = "the role ApiImport";

function get(path: string): ReadingCall {
  return { method: "GET", path, expect: "json", needs };
}

function post(path: string): MutatingCall {
  return { mutates: true, method: "POST", path, needs };
}

/** @throws BodyError for a version that is told, but cannot be compared: rounded, it would equal others */
function readDatabaseState({ method, path }: ReadingCall, body: Json): DatabaseState {
  const { databaseVersion, deltaVersion, deltaErrorCount } = body;
  for (const [name, value] of Object.entries({ databaseVersion, deltaVersion })) {
    if (!/^-?\d+$/.test(String(value)) || asNumber(value) !== undefined) continue;
    const text = `${method} ${path}: the ${name} ${value} is beyond 2^53, so it cannot be compared`;
    throw new BodyError(text, { method, url: path, effect: "no" });
  }
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
