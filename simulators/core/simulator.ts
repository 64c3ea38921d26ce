import type { ServerOptions as TlsOptions } from "node:https";
import { type AuthDialect, type AuthOptions, Gate } from "./auth.ts";
import { type Clock, realClock } from "./clock.ts";
import { type Endpoint, type Network, overHttp } from "./endpoint.ts";
import { type Fault, FaultBook, type FaultHandle } from "./faults.ts";
import { type Ids, seededIds } from "./ids.ts";
import { type Counts, RequestLog, type RequestRecord } from "./log.ts";
import { tokenRoute } from "./oauth2.ts";
import type { Route } from "./router.ts";
import { answer, type Service, serve } from "./service.ts";

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
  /** How it is reached; default: over HTTP on 127.0.0.1. */
  network?: Network;
}

/** How a system differs from the others on the wire. */
export type Dialect = AuthDialect & Pick<Service, "refuse" | "refusePath">;

/** A system over real HTTP: endpoints that share one log, one book of faults and one clock. */
export abstract class Simulator {
  readonly clock: Clock;
  protected readonly ids: Ids;
  protected readonly gate: Gate;
  protected readonly closing = new AbortController();
  private readonly options: SimulatorOptions;
  private readonly service: Service;
  private readonly log = new RequestLog();
  private readonly faults = new FaultBook(() => this.clock.now());
  private readonly served: Endpoint[] = [];
  private readonly watchers = new Set<(record: RequestRecord) => void>();

  protected constructor(options: SimulatorOptions, dialect: Dialect) {
    const { clock = realClock(), seed = 1, auth } = options;
    this.options = options;
    this.clock = clock;
    this.ids = seededIds(seed);
    this.gate = new Gate(auth, dialect, clock, this.ids);
    const { gate, faults, log } = this;
    const { refuse, refusePath } = dialect;
    const answered = new Map();
    this.service = { clock, gate, faults, log, answered, signal: this.closing.signal, refuse, refusePath };
  }

  /** Listens on every endpoint. */
  abstract open(): Promise<void>;

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

  /** Sets a fault; without `match` it applies to the next request, whatever that is. */
  fault(fault: Fault): FaultHandle {
    return this.faults.add(fault);
  }

  clearFaults(): void {
    this.faults.clear();
  }

  /** Makes one more access token. `roles`: `undefined` for all; life in ms, by default for ever. */
  issueToken(roles?: string[], lifeMs: number = Number.POSITIVE_INFINITY): string {
    return this.gate.issue({ name: "a token", roles }, lifeMs);
  }

  /** Ends every access token there is: the next request with one is answered 401. */
  expireTokens(): void {
    this.gate.expireTokens();
  }

  /** Calls `watcher` with each request once it has been dealt with. @returns a function that stops it. */
  watch(watcher: (record: RequestRecord) => void): () => void {
    this.watchers.add(watcher);
    return () => void this.watchers.delete(watcher);
  }

  /**
   * All connections break, and every endpoint comes back on its port. What the system knows stays; with `loseHistory` what was
   * under way is lost.
   */
  async restart({ loseHistory = false } = {}): Promise<void> {
    if (loseHistory) this.loseHistory();
    await this.goDown();
    await this.comeUp();
  }

  /** Every connection breaks, and new ones are refused until `comeUp`; what the system knows stays. */
  async goDown(): Promise<void> {
    await Promise.all(this.served.map((endpoint) => endpoint.stop()));
  }

  async comeUp(): Promise<void> {
    await Promise.all(this.served.map((endpoint) => endpoint.start()));
  }

  /** Requests that are neither answered nor given up by who sent them. */
  get inFlight(): number {
    return this.served.reduce((sum, endpoint) => sum + endpoint.inFlight, 0);
  }

  /** Leaves no socket, timer or port behind. */
  async close(): Promise<void> {
    this.closing.abort();
    await Promise.all(this.served.map((endpoint) => endpoint.close()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** What is under way comes to nothing. */
  protected loseHistory(): void {}

  /** Opens one more endpoint; `routes` is asked at each request, so that what is served may change. */
  protected async listen(name: string, routes: () => Route[], basePath = ""): Promise<Endpoint> {
    const { port = 0, tls, auth, network = overHttp } = this.options;
    const tokens = auth?.oauth2 ? [tokenRoute(this.gate, auth.oauth2)] : [];
    const all = () => (tokens.length === 0 ? routes() : [...routes(), ...tokens]);
    const tell = (record: RequestRecord) => {
      for (const watcher of this.watchers) watcher(record);
    };
    const endpoint = network({
      name,
      port: port === 0 ? 0 : port + this.served.length,
      basePath,
      tls,
      connected: () => this.log.connected(),
      listener: async (request, response) => {
        const record = await serve(this.service, name, all(), request, response);
        if (record) tell(record);
      },
      handle: async (request) => {
        const { record, ...answered } = await answer(this.service, name, all(), request);
        tell(record);
        return answered;
      },
    });
    await endpoint.start();
    this.served.push(endpoint);
    return endpoint;
  }
}

/** Opens a simulator; when it cannot (a port is taken), nothing of it is left open. */
export async function start<T extends Simulator>(simulator: T): Promise<T> {
  try {
    await simulator.open();
    return simulator;
  } catch (error) {
    await simulator.close();
    throw error;
  }
}
