import pRetry from "p-retry";
import { parseLoosely, readBody, statusError } from "./answers.ts";
import { type Auth, authFor } from "./auth.ts";
import type { ResolvedConnection } from "./connection.ts";
import { BodyError, RedirectError, RequestError, StatusError, UnreachableError } from "./errors.ts";
import { type Query, queryString } from "./path.ts";
import { pause } from "./pause.ts";
import { redactor } from "./redact.ts";
import { longestChain, objection, redirectStatuses, remedy } from "./redirects.ts";
import { openTransport, type RawAnswer, type Transport } from "./transport.ts";
import { asString } from "./values.ts";

/** What a vendor's client asks of HTTP: one documented call. */
export interface Call {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Built with the `path` tag, so that ids are encoded. */
  path: string;
  query?: Query;
  /** Sent as JSON. */
  body?: unknown;
  /** How the body of a good answer is read: as JSON, as text, or (`any`) as JSON when it is, else as text. Default: any. */
  expect?: "json" | "text" | "any";
  /** Statuses beside 2xx that are values of this call, not failures. */
  values?: readonly number[];
  /** Statuses by which an endpoint says that it is not the one to ask, and has done nothing: the next one is asked. */
  elsewhere?: readonly number[];
  /** The vendor's role or permission for it, for 401 and 403. */
  needs?: string;
  /** True for a GET that changes something: it is then never repeated. Default: every method but GET changes something. */
  mutates?: boolean;
}

/** How a call is made. */
export interface CallOptions {
  signal: AbortSignal;
  /** `once`: one try. `brief` (default): reads are repeated for some seconds. `patient`: until the signal ends it. */
  patience?: "once" | "brief" | "patient";
  /** Told of each try that failed and will be repeated. */
  onTrouble?: (error: Error) => void;
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
  /** Where it came from, after redirects. */
  url: string;
}

/** One connection's way to its installation. The only layer that repeats a request (DESIGN rule 2). */
export interface Http {
  readonly connection: ResolvedConnection;
  call(call: Call, options: CallOptions): Promise<Answer>;
  /** A reading call whose answer may be as old as `maxAge` milliseconds: for previews, which ask the same of many resources. */
  recall(call: Call, options: CallOptions, maxAge: number): Promise<Answer>;
  /** Blanks this connection's credentials out of a text. */
  redact(text: string): string;
}

/** The same way, but reads may be answered from what was read within the last `maxAge` milliseconds. */
export function recalling(http: Http, maxAge: number): Http {
  return {
    ...http,
    call: (call, options) =>
      call.method === "GET" && !call.mutates ? http.recall(call, options, maxAge) : http.call(call, options),
  };
}

const retriedStatuses: readonly number[] = [408, 425, 429, 500, 502, 503, 504];
/** A server that asks for longer waits than this is asked again all the same. */
const longestRetryAfter = 60_000;

export function openHttp(
  connection: ResolvedConnection,
  transport: Transport = openTransport(connection),
): Http {
  const redact = redactor(connection);
  const auth = authFor(connection, (url, form, signal) => postForm(connection, transport, url, form, signal));
  const order = [...connection.endpoints];
  const recent = new Map<string, { at: number; answer: Promise<Answer> }>();
  let ownHosts: Promise<string[]> | undefined;

  /** Tries the endpoints in turn, the one that last worked first. */
  async function attempt(call: Call, signal: AbortSignal): Promise<Answer> {
    const failures: Error[] = [];
    for (const endpoint of [...order]) {
      try {
        const answer = await follow(call, endpoint, signal);
        if (order[0] !== endpoint) order.sort((a, b) => Number(b === endpoint) - Number(a === endpoint));
        return answer;
      } catch (error) {
        failures.push(error as Error);
        if (!mayAskAnother(error, call)) throw failures.length === 1 ? error : summary(failures, call);
      }
    }
    throw failures.length === 1 ? failures[0] : summary(failures, call);
  }

  async function follow(call: Call, endpoint: string, signal: AbortSignal): Promise<Answer> {
    let url = endpoint + call.path + queryString(call.query);
    for (let hops = 0; hops <= longestChain; hops++) {
      const raw = await authorized(call, url, signal);
      if (!redirectStatuses.includes(raw.status)) return judge(call, url, raw);
      url = await nextHop(call, url, raw, signal);
    }
    throw new RedirectError(`${call.method} ${url}: redirected more than ${longestChain} times`, {
      method: call.method,
      url,
      effect: "no",
    });
  }

  async function authorized(call: Call, url: string, signal: AbortSignal): Promise<RawAnswer> {
    const credentials = await auth.headers(signal);
    const raw = await sendOnce(call, url, credentials, signal);
    // 401 says that nothing was done, so even a mutating request may be sent again with a fresh token.
    if (raw.status !== 401 || !auth.renew(credentials)) return raw;
    return sendOnce(call, url, await auth.headers(signal), signal);
  }

  function sendOnce(
    call: Call,
    url: string,
    credentials: Awaited<ReturnType<Auth["headers"]>>,
    signal: AbortSignal,
  ): Promise<RawAnswer> {
    const hasBody = call.body !== undefined;
    const headers = {
      accept: call.expect === "text" ? "text/plain, */*" : "application/json",
      "user-agent": "pulumi-clusterops",
      ...(hasBody && { "content-type": "application/json" }),
      ...credentials,
    };
    const body = hasBody ? JSON.stringify(call.body) : undefined;
    return transport({ method: call.method, url, headers, body, timeout: connection.requestTimeout, signal });
  }

  async function nextHop(call: Call, url: string, raw: RawAnswer, signal: AbortSignal): Promise<string> {
    const facts = { method: call.method, url, effect: "no" as const };
    const to = URL.parse(asString(raw.headers.location) ?? "", url);
    if (!to) throw new RedirectError(`${call.method} ${url}: ${raw.status} without a usable Location`, facts);
    if (mutates(call) && raw.status < 307) {
      throw new RedirectError(
        `${call.method} ${url}: ${raw.status} would turn the request into a GET; it was not followed`,
        facts,
      );
    }
    const hosts = objection(new URL(url), to, connection, []) ? await listOwnHosts(signal) : [];
    const problem = objection(new URL(url), to, connection, hosts);
    if (problem)
      throw new RedirectError(
        `${call.method} ${url}: ${problem}; it was not followed. To allow it: ${remedy(to, connection)}`,
        facts,
      );
    return to.href;
  }

  /** Asks each endpoint, without following redirects, for the hosts of the installation. */
  function listOwnHosts(signal: AbortSignal): Promise<string[]> {
    const list = connection.system.ownHosts;
    if (!list) return Promise.resolve([]);
    ownHosts ??= (async () => {
      for (const endpoint of order) {
        const raw = await authorized({ method: "GET", path: list.path }, endpoint + list.path, signal).catch(
          () => undefined,
        );
        if (raw?.status === 200) return list.read(parseLoosely(raw.text));
      }
      ownHosts = undefined;
      return [];
    })();
    return ownHosts;
  }

  function judge(call: Call, url: string, raw: RawAnswer): Answer {
    const effect = mutates(call) ? "maybe" : "no";
    if ((raw.status >= 200 && raw.status < 300) || call.values?.includes(raw.status)) {
      return { status: raw.status, headers: raw.headers, body: readBody(call, url, raw, effect), url };
    }
    throw statusError(call, url, raw, redact);
  }

  async function call(call: Call, { signal, patience = "brief", onTrouble }: CallOptions): Promise<Answer> {
    // What was read before a change is no answer after it.
    if (mutates(call)) recent.clear();
    const retries =
      mutates(call) || patience === "once" ? 0 : patience === "brief" ? 4 : Number.POSITIVE_INFINITY;
    try {
      return await pRetry(() => attempt(call, signal), {
        retries,
        signal,
        minTimeout: 200,
        maxTimeout: 5_000,
        randomize: true,
        shouldRetry: ({ error }) => isPassing(error),
        onFailedAttempt: async ({ error, retriesLeft }) => {
          if (retriesLeft === 0 || !isPassing(error)) return;
          onTrouble?.(error);
          const wait = error instanceof RequestError ? error.retryAfter : undefined;
          if (wait !== undefined) await pause(Math.min(wait, longestRetryAfter), signal);
        },
      });
    } catch (error) {
      if (error instanceof Error) error.message = redact(error.message);
      throw error;
    }
  }

  return {
    connection,
    call,
    redact,
    recall(request, options, maxAge) {
      const key = request.path + queryString(request.query);
      const kept = recent.get(key);
      if (kept && Date.now() - kept.at <= maxAge) return kept.answer;
      const answer = call(request, options);
      recent.set(key, { at: Date.now(), answer });
      answer.catch(() => recent.delete(key));
      return answer;
    },
  };
}

function mutates(call: Call): boolean {
  return call.mutates ?? call.method !== "GET";
}

/** Another endpoint may be asked when this one is certain to have done nothing, and is unreachable or not the one to ask. */
function mayAskAnother(error: unknown, call: Call): boolean {
  if (!(error instanceof RequestError)) return false;
  if (error instanceof StatusError) {
    if (call.elsewhere?.includes(error.status)) return true;
    return !mutates(call) && [502, 503, 504].includes(error.status);
  }
  return error.effect === "no";
}

/** Trouble that may be over at the next try. */
function isPassing(error: unknown): boolean {
  if (error instanceof StatusError) return retriedStatuses.includes(error.status);
  if (error instanceof UnreachableError) return !/certificate/.test(error.message);
  return error instanceof BodyError && !/larger than/.test(error.message);
}

function summary(failures: Error[], { method, path }: Call): Error {
  const requests = failures.filter((failure) => failure instanceof RequestError);
  const effect = requests.find(({ effect }) => effect !== "no")?.effect ?? "no";
  const last = failures.at(-1) as Error;
  if (last instanceof StatusError) return last;
  return new UnreachableError(
    failures.map(({ message }) => message).join("; "),
    { method, url: path, effect },
    { cause: last },
  );
}

async function postForm(
  connection: ResolvedConnection,
  transport: Transport,
  url: string,
  form: Record<string, string>,
  signal: AbortSignal,
): Promise<unknown> {
  const headers = { "content-type": "application/x-www-form-urlencoded", accept: "application/json" };
  const body = new URLSearchParams(form).toString();
  // Asking for a token changes nothing at the installation.
  const call: Call = {
    method: "POST",
    path: url,
    expect: "json",
    mutates: false,
    needs: "the OAuth 2 client and user of the connection",
  };
  const withoutEffect = (error: unknown) => {
    throw error instanceof UnreachableError
      ? new UnreachableError(error.message, { ...error, effect: "no" }, { cause: error })
      : error;
  };
  const raw = await transport({
    method: "POST",
    url,
    headers,
    body,
    timeout: connection.requestTimeout,
    signal,
  }).catch(withoutEffect);
  if (raw.status !== 200) throw statusError(call, url, raw, redactor(connection));
  return readBody(call, url, raw, "no");
}
