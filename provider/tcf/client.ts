import { isDeepStrictEqual } from "node:util";
import { BodyError, type RequestFacts, StatusError } from "../core/data/errors.ts";
import { asObject, asString, isObject } from "../core/data/values.ts";
import { explanation } from "../core/http/answers.ts";
import type { Answer, CallOptions, Effects, Http } from "../core/http/call.ts";
import { failureWithin } from "../core/http/failure-within.ts";
import type { Permit } from "../core/http/permit.ts";
import { excerpt } from "../core/http/redact.ts";

/*
 * The HTTP API of a TCF-worker, one function per documented call
 * (https://www.tarantool.io/ru/clustersfederation/doc/latest/references/http_reference_tcf_worker).
 */

/** One entry of the federation's list. */
export interface Cluster {
  /** E.g. `cluster_1`. */
  id: string;
  /** E.g. `cluster1`: not the same as the id. */
  name: string;
  /** `active`, `passive`, or another word, as it was said. */
  status: string;
}

/** `500 {"error": "..."}`: the page's one way of saying that a call failed, whatever the reason. The same body with a 200 says no less. */
export class TcfError extends StatusError {}

/** A 200 whose body is not what the page shows. */
class UnexpectedBody extends BodyError {
  readonly #body: unknown;

  constructor(message: string, { body, ...facts }: RequestFacts & { body: unknown }) {
    super(message, facts);
    this.#body = body;
  }

  isLike(body: unknown): boolean {
    return isDeepStrictEqual(this.#body, body);
  }
}

const readRight = "the Keycloak role info, toggle or admin (TCF 0.9.0 and later)";
const switchRight = "the Keycloak role toggle or admin (TCF 0.9.0 and later)";
const longestWord = 100;

/** `GET /tcf/status`: the state of the cluster that is asked: `active`, `passive`, or another word, as it was said. */
export async function getStatus(http: Http, options: CallOptions): Promise<string> {
  const answer = await http.call({ method: "GET", path: "/tcf/status", needs: readRight }, options);
  const word = asString(answer.body) ?? asString(asObject(answer.body).status);
  if (word === undefined || word.length > longestWord || isPage(word) || /[\r\n]/.test(word)) {
    throw unexpected(answer, "GET", "the word of a state, such as active");
  }
  return plainly(word);
}

/**
 * `GET /tcf/is_active`: 200 is active, 418 is passive, and both are answers.
 *
 * @param failed what came of another call: whoever answers that and this one with the same 200 is not the worker
 */
export async function isActive(http: Http, options: CallOptions, failed?: unknown): Promise<boolean> {
  const answer = await http.call(
    { method: "GET", path: "/tcf/is_active", values: [418], needs: readRight },
    options,
  );
  // Only the status counts here, and a proxy's own page has the status 200 too.
  const isForeign = answer.status === 200 && failed instanceof UnexpectedBody && failed.isLike(answer.body);
  if (![200, 418].includes(answer.status) || isPage(answer.body) || isForeign) {
    throw unexpected(answer, "GET", "200 (active) or 418 (passive)");
  }
  return answer.status === 200;
}

/** `GET /tcf/clusters`: both clusters. The list does not say which of them is asked. */
export async function listClusters(http: Http, options: CallOptions): Promise<Cluster[]> {
  const answer = await http.call(
    { method: "GET", path: "/tcf/clusters", expect: "json", needs: readRight },
    options,
  );
  if (!Array.isArray(answer.body)) throw unexpected(answer, "GET", "a list of clusters");
  return answer.body.flatMap(readCluster);
}

/** `POST /tcf/promote`: raises the cluster that is asked to active. */
export function promote(http: Http, permit: Permit, options: CallOptions): Promise<void> {
  return post(http, "/tcf/promote", permit, options);
}

/** `POST /tcf/demote`: lowers the cluster that is asked to passive. (The page's example of it posts to promote.) */
export function demote(http: Http, permit: Permit, options: CallOptions): Promise<void> {
  return post(http, "/tcf/demote", permit, options);
}

/** `POST /tcf/toggle`: swaps the states of both clusters. Sent twice it is undone. */
export function toggle(http: Http, permit: Permit, options: CallOptions): Promise<void> {
  return post(http, "/tcf/toggle", permit, options);
}

/** What a second call would do, and how late one may take effect. */
export const effects = {
  promote: { repeat: "harmless", mayLandWithin: 10_000 },
  demote: { repeat: "harmless", mayLandWithin: 10_000 },
  toggle: { repeat: "never", mayLandWithin: 10_000 },
} satisfies Record<string, Effects>;

async function post(http: Http, path: string, permit: Permit, options: CallOptions): Promise<void> {
  const call = { method: "POST", mutates: true, path, values: [500], needs: switchRight } as const;
  const answer = await http.send(call, permit, options);
  if (answer.status === 500 || failureWithin(answer.body) !== undefined) throw failure(http, answer);
  // What success answers is not documented. A page is what a proxy answers in the worker's place.
  if (isPage(answer.body)) throw unexpected(answer, "POST", "the worker's own answer", "maybe");
}

function failure(http: Http, { url, body, status }: Answer): StatusError {
  const reason = asString(asObject(body).error);
  const message =
    `POST ${url}: ${status === 500 ? 500 : `${status} with an error:`} ${reason === undefined ? otherWords(body, http.redact) : excerpt(reason, http.redact)}`.trim();
  const facts = { method: "POST", url, status, effect: "maybe" } as const;
  return reason === undefined ? new StatusError(message, facts) : new TcfError(message, facts);
}

/** What somebody else on the way may have to say, whatever its shape. */
function otherWords(body: unknown, redact: (text: string) => string): string {
  if (body === undefined) return "";
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const { code, message } = explanation(text, redact);
  return [code, message].filter(Boolean).join(": ") || excerpt(text, redact);
}

function unexpected(
  { url, status, body }: Answer,
  method: string,
  documented: string,
  effect: "no" | "maybe" = "no",
): BodyError {
  const what = body === undefined ? "an empty body" : isPage(body) ? "HTML" : "something else";
  return new UnexpectedBody(
    `${method} ${url}: answered ${status} with ${what} where ${documented} is documented`,
    { method, url, effect, body },
  );
}

function isPage(body: unknown): boolean {
  return typeof body === "string" && /^\s*</.test(body);
}

/** The two documented words are known in any case; another one stays as it was said. */
function plainly(word: string): string {
  const said = word.trim();
  return /^(active|passive)$/i.test(said) ? said.toLowerCase() : said;
}

function readCluster(item: unknown): Cluster[] {
  if (!isObject(item)) return [];
  const [id, name] = [asString(item.id), asString(item.name)];
  const known = id ?? name;
  if (known === undefined) return [];
  // Without a word nothing is known of it.
  return [{ id: known, name: name ?? known, status: plainly(asString(item.status) ?? "unknown") }];
}
