import { asString, isObject, withoutUndefined } from "../core/data/values.ts";
import type { Answer, CallOptions, Effects, Http, MutatingCall } from "../core/http/call.ts";
import { failureWithin, ownFailure } from "../core/http/failure-within.ts";
import { path } from "../core/http/path.ts";
import type { Permit } from "../core/http/permit.ts";
import { failureOf, readObject } from "./answers.ts";

/*
 * The manager node's API of Aspire 5, one function per documented call (page "Manager Node API"). The page's early draft is in
 * draft-client.ts. The page also speaks of a manual re-balance of seeds, without a path: there is no function for it.
 */

/** The vendor's optional word on what was done. An empty answer is a good one. */
export interface Reply {
  /** What the manager said, if anything. */
  message?: string;
}

/** What kind of batch: `scan` finds items, `process` fetches them. */
export type BatchType = "scan" | "process";

/** Work that was handed out, in the vendor's spelling. */
export interface Batch {
  /** What `BatchAcknowledgement` takes. */
  id?: number | string;
  /** `scan` or `process`. */
  type?: string;
  /** Id of the connector. */
  connector?: string;
  /** The items. */
  entry?: BatchEntry[];
}

/** One item of a batch, in the vendor's spelling. */
export interface BatchEntry {
  _id: string;
  url?: string;
  type?: string;
  /** `A` available, `P` in progress, `C` completed. */
  status?: string;
  /** `add`, `update`, ... */
  action?: string;
  timestamp?: number;
  shouldScan?: boolean;
  shouldProcess?: boolean;
  crawlRetries?: number;
  isCrawlRootItem?: boolean;
  inCrawlRetries?: number;
  [field: string]: unknown;
}

/** What was handed out, if anything was. */
export interface ClaimedBatch extends Reply {
  /** Absent: there is no work. */
  batch?: Batch;
  /** All of them, where more than one came at once. */
  batches?: Batch[];
}

/** Which batch is asked for. */
export interface BatchRequest {
  worker: string;
  type: BatchType;
  tags?: readonly string[];
  items?: number;
}

/** Items that are available stay available, a batch that is acknowledged stays so, a seed is paused until the same time. */
const saysWhatShallBeSo: Effects = { repeat: "harmless", mayLandWithin: 10_000 };

/** What is known of the calls below before they are sent. None leaves anything that could be read back. */
export const effects = {
  release: saysWhatShallBeSo,
  acknowledge: saysWhatShallBeSo,
  crawlFailed: saysWhatShallBeSo,
  throttle: saysWhatShallBeSo,
  /** Each takes another batch. */
  claimBatch: { repeat: "never", mayLandWithin: 10_000 },
} satisfies Record<string, Effects>;

export const managerRole = "the ADMINISTRATOR or MANAGER role";
export const workerRole = "the ADMINISTRATOR or WORKER role";

/** `PUT /manager/release/worker/:id`. 404: the manager does not know this worker. */
export function releaseWorker(http: Http, id: string, permit: Permit, options: CallOptions): Promise<Reply> {
  const call = put(path`/manager/release/worker/${id}`, { needs: managerRole });
  return send(http, call, permit, options);
}

/** `PUT /manager/release/worker`, several at once. 404 does not say which worker it means. */
export function releaseWorkers(
  http: Http,
  ids: readonly string[],
  permit: Permit,
  options: CallOptions,
): Promise<Reply> {
  const call = put("/manager/release/worker", { body: { id: ids }, needs: managerRole });
  return send(http, call, permit, options);
}

/** `PUT /manager/release/seed/:id`. 404: the manager does not know this seed. */
export function releaseSeed(http: Http, id: string, permit: Permit, options: CallOptions): Promise<Reply> {
  const call = put(path`/manager/release/seed/${id}`, { needs: managerRole });
  return send(http, call, permit, options);
}

/** `PUT /manager/release/seed`, several at once. 404 does not say which seed it means. */
export function releaseSeeds(
  http: Http,
  ids: readonly string[],
  permit: Permit,
  options: CallOptions,
): Promise<Reply> {
  const call = put("/manager/release/seed", { body: { id: ids }, needs: managerRole });
  return send(http, call, permit, options);
}

/** `PUT /manager/batch/ack/:id?type=`. The draft page has no `type`. 404: no such batch. */
export function acknowledgeBatch(
  http: Http,
  id: string,
  type: BatchType | undefined,
  permit: Permit,
  options: CallOptions,
): Promise<Reply> {
  const call = put(path`/manager/batch/ack/${id}`, { query: { type }, needs: workerRole });
  return send(http, call, permit, options);
}

/** `PUT /manager/batch/ack?type=`, several at once. 404 does not say which batch it means. */
export function acknowledgeBatches(
  http: Http,
  ids: readonly string[],
  type: BatchType | undefined,
  permit: Permit,
  options: CallOptions,
): Promise<Reply> {
  const call = put("/manager/batch/ack", { query: { type }, body: { id: ids }, needs: workerRole });
  return send(http, call, permit, options);
}

/** `PUT /manager/crawlFailed/:id`. 404: the manager does not know this seed. */
export function markCrawlFailed(
  http: Http,
  seedId: string,
  permit: Permit,
  options: CallOptions,
): Promise<Reply> {
  const call = put(path`/manager/crawlFailed/${seedId}`, { needs: workerRole });
  return send(http, call, permit, options);
}

/**
 * `PUT /manager/throttle/:seedId/:pauseSeedUntil`. 404: the manager does not know this seed.
 *
 * @param pauseSeedUntil milliseconds since the epoch
 */
export function throttleSeed(
  http: Http,
  seedId: string,
  pauseSeedUntil: number,
  permit: Permit,
  options: CallOptions,
): Promise<Reply> {
  const call = put(path`/manager/throttle/${seedId}/${pauseSeedUntil}`, { needs: workerRole });
  return send(http, call, permit, options);
}

/**
 * `GET /manager/batch?worker=&type=&tags=&items=`. Takes work out of the manager's hands, so it is sent once, like a POST.
 * 406 ("not acceptable") is a value: there is no batch.
 */
export async function claimBatch(
  http: Http,
  { worker, type, tags, items }: BatchRequest,
  permit: Permit,
  options: CallOptions,
): Promise<ClaimedBatch> {
  // The page gives `tags` the type string: one value, so several are joined rather than the key repeated.
  const query = { worker, type, tags: tags?.length ? tags.join(",") : undefined, items };
  return readBatches(http, await http.send({ ...batchCall, query }, permit, options));
}

/** `GET /manager/batch`. */
export const batchCall = {
  method: "GET",
  path: "/manager/batch",
  mutates: true,
  values: [406],
  needs: workerRole,
} as const;

/**
 * The batches in an answer. One may come bare or in a list, as elsewhere in Aspire's REST API; none may be lost, since whatever
 * was handed out stays with the worker.
 */
export function readBatches(http: Http, answer: Answer): ClaimedBatch {
  if (answer.status === 406)
    return withoutUndefined({ message: asString(isObject(answer.body) ? answer.body.message : answer.body) });
  const body = readObject("GET", answer);
  const list = [body.batch, body.batches].flat().filter(isObject) as Batch[];
  const failure = failureOf(http, "GET", answer, ownFailure(body));
  // What came beside an error has been handed out all the same, and would be lost with it.
  if (failure && list.length === 0) throw failure;
  return withoutUndefined({
    batch: list[0],
    batches: list.length > 1 ? list : undefined,
    message: failure?.message ?? asString(body.message),
  });
}

function put(path: string, more: Partial<MutatingCall>): MutatingCall {
  return { ...more, mutates: true, method: "PUT", path };
}

/** Sends one call that changes something and reads the vendor's one kind of answer to it. */
export async function send(
  http: Http,
  call: MutatingCall,
  permit: Permit,
  options: CallOptions,
): Promise<Reply> {
  // Seeds and batches are in the memory of one manager (page "Manager Node"): another may know what this one does not.
  const answer = await http.send({ ...call, elsewhere: [404] }, permit, options);
  // "Success with errors": a call on several items may answer 200 and hold what became of each (REST API common page).
  const failure = failureOf(http, call.method, answer, failureWithin(answer.body));
  if (failure) throw failure;
  return withoutUndefined({ message: asString(readObject(call.method, answer).message) });
}
