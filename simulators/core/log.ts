import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/** One request that reached a simulator, kept from the moment it arrived. */
export interface RequestRecord {
  /** Milliseconds since the epoch, by the simulator's clock. */
  at: number;
  /** Name of the endpoint that was reached. */
  endpoint: string;
  method: string;
  /** As it was sent, percent-encoding untouched. */
  path: string;
  /** As it was sent, without the question mark; empty when there was none. */
  query: string;
  /** Credentials are replaced by `<scheme> sha256:<fingerprint>`; compare with `fingerprint(secret)`. */
  headers: IncomingHttpHeaders;
  /** Parsed when it is JSON, else text; `undefined` when there was none, and for token requests. */
  body: unknown;
  /** What was answered; `undefined` while nothing was, and for ever when the connection was broken instead. */
  status: number | undefined;
  /** Whether a request like this is meant to change something (any but GET, HEAD and OPTIONS, where the system does not say otherwise). */
  mutating: boolean;
  /** Whether it really changed state or started an action. */
  effect: boolean;
  /** Whether it asked for an access token: neither mutating nor a read. */
  token: boolean;
}

/** A record as it is kept. Its headers are worked out for those who ask, which are few: by a getter of its class, since one of its own is dear. */
export class Received implements RequestRecord {
  readonly at: number;
  readonly endpoint: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: unknown;
  readonly mutating: boolean;
  readonly token: boolean;
  status: number | undefined;
  effect: boolean;
  readonly #headers: IncomingHttpHeaders;

  constructor(headers: IncomingHttpHeaders, facts: Omit<RequestRecord, "headers">) {
    this.at = facts.at;
    this.endpoint = facts.endpoint;
    this.method = facts.method;
    this.path = facts.path;
    this.query = facts.query;
    this.body = facts.body;
    this.mutating = facts.mutating;
    this.token = facts.token;
    this.status = facts.status;
    this.effect = facts.effect;
    this.#headers = headers;
  }

  get headers(): IncomingHttpHeaders {
    return redactHeaders(this.#headers);
  }

  toJSON(): RequestRecord {
    return { ...this, headers: this.headers };
  }
}

/** Sums over the requests since the start or the last `resetCounts()`. */
export interface Counts {
  /** Mutating requests received, whatever was answered. */
  mutating: number;
  /** Requests that changed state or started an action. */
  effects: number;
  reads: number;
  tokens: number;
  /** TCP connections accepted: one TLS handshake each on https. */
  connections: number;
}

/** The first 12 hex digits of a credential's SHA-256: enough to recognise it, useless to use it. */
export function fingerprint(credential: string): string {
  return `sha256:${createHash("sha256").update(credential).digest("hex").slice(0, 12)}`;
}

/** The list of requests and its sums. */
export class RequestLog {
  readonly requests: RequestRecord[] = [];
  private countedFrom = 0;
  private connections = 0;

  add(record: RequestRecord): void {
    this.requests.push(record);
  }

  connected(): void {
    this.connections++;
  }

  counts(): Counts {
    const counted = this.requests.slice(this.countedFrom);
    return {
      mutating: counted.filter((it) => it.mutating).length,
      effects: counted.filter((it) => it.effect).length,
      reads: counted.filter((it) => !it.mutating && !it.token).length,
      tokens: counted.filter((it) => it.token).length,
      connections: this.connections,
    };
  }

  reset(): void {
    this.countedFrom = this.requests.length;
    this.connections = 0;
  }
}

/** Headers for the log: whatever may hold a credential is replaced by a fingerprint. */
export function redactHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const kept = Object.entries(headers).map(([name, value]): [string, string | string[] | undefined] => {
    if (value === undefined || !/auth|cookie|token|key|secret|password/i.test(name)) return [name, value];
    const [scheme, ...rest] = String(value).split(" ");
    return [name, rest.length > 0 ? `${scheme} ${fingerprint(rest.join(" "))}` : fingerprint(String(value))];
  });
  return Object.fromEntries(kept);
}
