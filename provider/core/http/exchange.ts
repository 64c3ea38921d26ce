import type { ResolvedConnection, System } from "../connection/settings.ts";
import { abortable } from "../data/abort.ts";
import type { Activity } from "../data/activity.ts";
import { RedirectError } from "../data/errors.ts";
import { asString } from "../data/values.ts";
import { parseLoosely, readBody, statusError } from "./answers.ts";
import { type Auth, authFor } from "./auth.ts";
import type { Answer, Call, ReadingCall } from "./call.ts";
import { ForeignWords } from "./foreign-words.ts";
import { queryString } from "./path.ts";
import type { Permit } from "./permit.ts";
import { blanking, redactor, type TextKind } from "./redact.ts";
import { longestChain, objection, redirectStatuses, remedy } from "./redirects.ts";
import { namingSilence } from "./silences.ts";
import { tokenEndpoint } from "./token-endpoint.ts";
import { told } from "./told.ts";
import type { RawAnswer, Transport } from "./transport.ts";

/** One call with what it takes to make it. */
export type Attempt = {
  activity?: Activity;
  /** Told what nobody had answered when the time of whoever asks ran out: that alone names no endpoint. */
  onCutOff?: (error: Error) => void;
} & (
  | { call: ReadingCall; permit?: undefined; limit?: Limit }
  | { call: Call; permit: Permit; limit?: undefined }
);

/** Milliseconds that a request may take which only looks ahead. */
export type Limit = number | undefined;

/** Makes one call at one endpoint: with credentials, redirects followed by hand, the answer judged. No retry. */
export interface Exchange {
  send(attempt: Attempt, endpoint: string, signal: AbortSignal): Promise<Answer>;
  /** Blanks the connection's credentials out of a text, tokens that were fetched among them. */
  redact(text: string, kind?: TextKind): string;
}

/**
 * @param blankSettings blanks out what the connection's settings hold
 * @param onHosts is told the hosts that the installation itself lists, whenever it does
 */
export function openExchange(
  connection: ResolvedConnection,
  transport: Transport,
  {
    blankSettings = redactor(connection),
    onHosts = () => {},
  }: { blankSettings?: ReturnType<typeof redactor>; onHosts?: (hosts: string[]) => void } = {},
): Exchange {
  let tokens: readonly string[] = [];
  let blankTokens = blanking(tokens);
  const foreign = new ForeignWords();
  const redact = (text: string, kind?: TextKind) => {
    // A list of its own for each token that is had.
    if (tokens !== auth.tokens()) {
      tokens = auth.tokens();
      blankTokens = blanking(tokens);
    }
    return foreign.blank(blankTokens(blankSettings(text, kind)));
  };
  const within = (limit: Limit) => ({
    timeout: Math.min(connection.requestTimeout, limit ?? Number.POSITIVE_INFINITY),
    isAhead: limit !== undefined,
  });
  const askForToken =
    connection.oauth2 && tokenEndpoint(connection, connection.oauth2, postForm, (text) => redact(text));
  const auth = authFor(connection, askForToken);
  let ownHosts: Promise<string[]> | undefined;

  async function follow(attempt: Attempt, endpoint: string, signal: AbortSignal): Promise<Answer> {
    const { call } = attempt;
    let url = endpoint + call.path + queryString(call.query);
    let status = 0;
    for (let hops = 0; hops <= longestChain; hops++) {
      const raw = await authorized(attempt, url, signal);
      if (!redirectStatuses.includes(raw.status)) return judge(call, url, raw);
      status = raw.status;
      url = await nextHop(attempt, url, raw, signal);
    }
    throw new RedirectError(
      `${call.method} ${url}: redirected more than ${longestChain} times, the last time with ${status}`,
      { method: call.method, url, effect: "no" },
    );
  }

  async function authorized(attempt: Attempt, url: string, signal: AbortSignal): Promise<RawAnswer> {
    const credentials = await credentialsFor(attempt, signal);
    const raw = await sendOnce(attempt, url, credentials, signal);
    // 401 says that nothing was done, so even a mutating request may be sent again with a fresh token.
    if (raw.status !== 401 || !auth.renew(credentials)) return raw;
    return sendOnce(attempt, url, await credentialsFor(attempt, signal), signal);
  }

  function credentialsFor(attempt: Attempt, signal: AbortSignal): ReturnType<Auth["headers"]> {
    const url = connection.oauth2?.tokenUrl ?? "";
    return namingSilence({ method: "POST", url, signal, noteTrouble: attempt.onCutOff }, () =>
      auth.headers(signal, attempt.limit),
    );
  }

  async function sendOnce(
    attempt: Attempt,
    url: string,
    credentials: Awaited<ReturnType<Auth["headers"]>>,
    signal: AbortSignal,
  ): Promise<RawAnswer> {
    const { call, permit, limit, activity } = attempt;
    const hasBody = call.body !== undefined;
    const own = {
      accept: call.expect === "text" ? "text/plain, */*" : "application/json",
      "user-agent": "pulumi-clusterops",
      ...(hasBody && { "content-type": "application/json" }),
    };
    const headers = { ...withoutThose(own, credentials), ...credentials };
    const body = hasBody ? JSON.stringify(call.body) : undefined;
    const request = { method: call.method, url, headers, body, signal, ...within(limit) };
    const send = (made: typeof request) =>
      transport(permit ? { ...made, mutates: true, permit } : { ...made, mutates: false });
    return namingSilence({ ...request, mutates: call.mutates, noteTrouble: attempt.onCutOff }, () =>
      activity ? told(activity, request, send) : send(request),
    );
  }

  async function nextHop(
    { call, limit }: Attempt,
    url: string,
    raw: RawAnswer,
    signal: AbortSignal,
  ): Promise<string> {
    const facts = { method: call.method, url, effect: "no" as const };
    // These turn a request into a GET, as a page does that shows what a form has done: it may have been carried out.
    if (call.mutates && raw.status < 307) {
      throw new RedirectError(
        `${call.method} ${url}: the ${raw.status} redirect would turn the request into a GET; it was not followed`,
        { ...facts, effect: "maybe" },
      );
    }
    const location = asString(raw.headers.location);
    const to = location === undefined ? null : URL.parse(location, url);
    if (!to)
      throw new RedirectError(
        `${call.method} ${url}: ${raw.status} redirect without a usable Location`,
        facts,
      );
    const hosts = objection(new URL(url), to, connection, []) ? await listOwnHosts(signal, limit) : [];
    const problem = objection(new URL(url), to, connection, hosts);
    if (problem) {
      const allowing = remedy(new URL(url), to, connection);
      throw new RedirectError(
        `${call.method} ${url}: ${raw.status} redirect: ${problem}; it was not followed${allowing ? `. To allow it: ${allowing}` : ""}`,
        facts,
      );
    }
    foreign.learn(to, call);
    return to.href;
  }

  /** Asks each endpoint, without following redirects, for the hosts of the installation. */
  async function listOwnHosts(signal: AbortSignal, limit: Limit): Promise<string[]> {
    const list = connection.system.ownHosts;
    if (!list) return [];
    ownHosts ??= askForHosts(list, limit).then((hosts) => {
      if (hosts) onHosts(hosts);
      else ownHosts = undefined;
      return hosts ?? [];
    });
    return abortable(ownHosts, signal);
  }

  async function askForHosts(
    { path, read }: NonNullable<System["ownHosts"]>,
    limit: Limit,
  ): Promise<string[] | undefined> {
    // Several may wait for the answer, so none of their cancellations ends it: the time for a request does.
    const { signal } = new AbortController();
    for (const endpoint of connection.endpoints) {
      const raw = await authorized({ call: { method: "GET", path }, limit }, endpoint + path, signal).catch(
        () => undefined,
      );
      if (raw?.status === 200) return read(parseLoosely(raw.text));
    }
    return undefined;
  }

  function judge(call: Call, url: string, raw: RawAnswer): Answer {
    const effect = call.mutates ? "maybe" : "no";
    if ((raw.status >= 200 && raw.status < 300) || call.values?.includes(raw.status)) {
      const body = readBody(call, url, raw, effect);
      learnHosts(call, body);
      return { status: raw.status, headers: raw.headers, body, url };
    }
    throw statusError(call, url, raw, redact, connection);
  }

  /** Where only one endpoint is configured, it can tell the installation's hosts only before it begins to redirect. */
  function learnHosts({ method, path }: Call, body: unknown): void {
    const list = connection.system.ownHosts;
    const hosts = list && method === "GET" && path === list.path ? list.read(body) : [];
    if (hosts.length === 0) return;
    ownHosts = Promise.resolve(hosts);
    onHosts(hosts);
  }

  /** Nobody's cancellation ends it (auth.ts), and no redirect is followed: it carries what is most secret. */
  function postForm(
    url: string,
    headers: Record<string, string>,
    body: string,
    limit: Limit,
  ): Promise<RawAnswer> {
    const { signal } = new AbortController();
    return transport({ ...within(limit), url, signal, method: "POST", mutates: false, headers, body });
  }

  return { send: follow, redact };
}

/** Whatever the user names as well, in whatever case, goes out once: as the user wants it. */
function withoutThose(own: Record<string, string>, given: Record<string, string>): Record<string, string> {
  const names = new Set(Object.keys(given).map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(own).filter(([name]) => !names.has(name)));
}
