import type { IncomingMessage, ServerResponse } from "node:http";
import type { ServerOptions as TlsOptions } from "node:https";
import { type AuthDialect, type AuthOptions, Gate, mayCall } from "./auth.ts";
import { type Clock, realClock } from "./clock.ts";
import { Endpoint } from "./endpoint.ts";
import { type Answer, type Exchange, parseJson, Refusal, text } from "./exchange.ts";
import { type Fault, FaultBook, type FaultHandle } from "./faults.ts";
import { type Ids, seededIds } from "./ids.ts";
import { type Counts, RequestLog, type RequestRecord, redactHeaders } from "./log.ts";
import { tokenRoute } from "./oauth2.ts";
import { answerUnrouted, findRoute, type Match, type Route } from "./router.ts";
import { send, strike } from "./send.ts";

/** What every simulator takes. */
export interface SimulatorOptions {
  /** Port of the first endpoint, the others follow it; default 0: any free ones. */
  port?: number;
  /** Serve https with this key and certificate (and whatever else node:https takes, e.g. `requestCert`). */
  tls?: TlsOptions;
  /** Default: the machine's clock. */
  clock?: Clock;
  /** Makes ids the same in every run; default 1. */
  seed?: number;
  /** Default: no credentials are asked for. */
  auth?: AuthOptions;
}

/** How a system differs from the others on the wire. */
export interface Dialect extends AuthDialect {
  /** What 401 (not known), 403 (known, but the role is too low) and 404 (no such path) look like. */
  refuse(status: 401 | 403 | 404, message: string): Answer;
}

/** A system over real HTTP: endpoints that share one log, one book of faults and one clock. */
export class Simulator {
  readonly clock: Clock;
  protected readonly ids: Ids;
  protected readonly gate: Gate;
  protected readonly closing = new AbortController();
  private readonly options: SimulatorOptions;
  private readonly dialect: Dialect;
  private readonly log = new RequestLog();
  private readonly faults = new FaultBook();
  private readonly served: Endpoint[] = [];
  private readonly watchers = new Set<(record: RequestRecord) => void>();

  protected constructor(options: SimulatorOptions, dialect: Dialect) {
    this.options = options;
    this.dialect = dialect;
    this.clock = options.clock ?? realClock();
    this.ids = seededIds(options.seed ?? 1);
    this.gate = new Gate(options.auth, dialect, this.clock, this.ids);
  }

  /** Base URLs, the first endpoint first. */
  get endpoints(): string[] {
    return this.served.map((endpoint) => endpoint.url);
  }

  /** Every request since the start, oldest first. */
  get requests(): readonly RequestRecord[] {
    return this.log.requests;
  }

  counts(): Counts {
    return this.log.counts();
  }

  /** Counts start again at zero; `requests` keeps everything. */
  resetCounts(): void {
    this.log.reset();
  }

  /** Sets a fault; without `match` it strikes the next request, whatever it is. */
  fault(fault: Fault): FaultHandle {
    return this.faults.add(fault);
  }

  clearFaults(): void {
    this.faults.clear();
  }

  /** Ends every access token handed out so far: the next request with one is answered 401. */
  expireTokens(): void {
    this.gate.expireTokens();
  }

  /** Calls `watcher` with each request once it has been dealt with. @returns a function that stops it. */
  watch(watcher: (record: RequestRecord) => void): () => void {
    this.watchers.add(watcher);
    return () => void this.watchers.delete(watcher);
  }

  /** Leaves no socket, timer or port behind. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all(this.served.map((endpoint) => endpoint.stop()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Opens one more endpoint; `routes` is asked at each request, so that what is served may change. */
  protected async listen(name: string, routes: () => Route[]): Promise<Endpoint> {
    const port = this.options.port ? this.options.port + this.served.length : 0;
    const endpoint: Endpoint = new Endpoint(
      name,
      port,
      this.options.tls,
      (request, response) => void this.serve(endpoint, routes, request, response),
      () => this.log.connected(),
    );
    await endpoint.start();
    this.served.push(endpoint);
    return endpoint;
  }

  private async serve(
    endpoint: Endpoint,
    routes: () => Route[],
    request: IncomingMessage,
    response: ServerResponse,
  ) {
    const body = await readBody(request);
    if (body === undefined) return;
    const [path = "/", query = ""] = (request.url ?? "/").split(/\?(.*)/s);
    const method = request.method ?? "GET";
    const oauth2 = this.options.auth?.oauth2;
    const all = oauth2 ? [...routes(), tokenRoute(this.gate, oauth2)] : routes();
    const found = findRoute(all, method, path);
    const route = "route" in found ? found.route : undefined;
    const record: RequestRecord = {
      at: this.clock.now(),
      endpoint: endpoint.name,
      method,
      path,
      query,
      headers: redactHeaders(request.headers),
      body: route?.token || body === "" ? undefined : (parseJson(body) ?? body),
      status: undefined,
      mutating: !route?.token && (route?.mutating ?? !["GET", "HEAD", "OPTIONS"].includes(method)),
      effect: false,
      token: route?.token ?? false,
    };
    this.log.add(record);
    const exchange: Exchange = {
      endpoint: endpoint.name,
      method,
      path,
      query: new URLSearchParams(query),
      target: request.url ?? "/",
      params: "route" in found ? found.params : {},
      headers: request.headers,
      text: body,
      caller: { name: "nobody yet", roles: [] },
      signal: this.closing.signal,
      acted: () => {
        record.effect = true;
      },
    };
    record.status = await this.exchange(exchange, found, response);
    for (const watcher of this.watchers) watcher(record);
  }

  /** Faults, then the system, then faults again. @returns the status that went out. */
  private async exchange(exchange: Exchange, found: Match | { allow: string[] }, response: ServerResponse) {
    for (const fault of this.faults.take("before", exchange)) {
      if (fault.kind !== "delay") return strike(fault, response, exchange, this.clock);
      await this.clock.sleep(fault.ms, exchange.signal);
    }
    const answer = await this.answer(exchange, found);
    for (const fault of this.faults.take("after", exchange)) {
      if (fault.kind !== "delay") return strike(fault, response, exchange, this.clock, answer);
      await this.clock.sleep(fault.ms, exchange.signal);
    }
    send(response, answer);
    return answer.status;
  }

  private async answer(exchange: Exchange, found: Match | { allow: string[] }): Promise<Answer> {
    if (!("route" in found) || !found.route.token) {
      const caller = this.gate.identify(exchange.headers);
      if (!caller) return this.dialect.refuse(401, "missing, wrong or expired credentials");
      exchange.caller = caller;
    }
    if (!("route" in found)) {
      return answerUnrouted(
        exchange.method,
        found.allow,
        this.dialect.refuse(404, `no such path: ${exchange.path}`),
      );
    }
    const { route } = found;
    if (!route.token && !mayCall(exchange.caller, route.roles)) {
      return this.dialect.refuse(403, `needs one of the roles ${route.roles?.join(", ")}`);
    }
    try {
      return await route.handle(exchange);
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      return text(500, `simulator defect: ${error instanceof Error ? error.stack : error}`);
    }
  }
}

/** The whole body as text, or `undefined` when the client went away before it was all there. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString();
  } catch {
    return undefined;
  }
}
