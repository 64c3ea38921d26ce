import type { IncomingHttpHeaders } from "node:http";
import type { Caller } from "./auth.ts";

/** What a simulated system answers. */
export interface Answer {
  status: number;
  /** Default: `application/json` when there is a body. */
  contentType?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** One request as it is sent, whichever way it comes. */
export interface PlainRequest {
  method: string;
  /** Path and query, as they were sent. */
  target: string;
  headers: IncomingHttpHeaders;
  text: string;
}

/** What is answered, and whether the request has changed anything. */
export interface PlainAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
  effect: boolean;
}

/** One request, as a route's handler sees it. */
export interface Exchange {
  /** Name of the endpoint that was reached, e.g. `node1`, `cluster_1/0`. */
  endpoint: string;
  method: string;
  /** As it was sent: percent-encoding untouched, `..` not resolved. */
  path: string;
  query: URLSearchParams;
  /** Path and query, as they were sent. */
  target: string;
  /** Decoded values of the route's `:name` segments. */
  params: Record<string, string>;
  headers: IncomingHttpHeaders;
  /** The body as text; empty when there was none. */
  text: string;
  caller: Caller;
  /** Aborts when the simulator closes. */
  signal: AbortSignal;
  /** To be called once the request has changed state or started an action: what "exactly once" is counted by. */
  acted(): void;
}

/** Thrown by a handler to answer something else than success. */
export class Refusal extends Error {
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`answered with ${answer.status}`);
    this.name = "Refusal";
    this.answer = answer;
  }
}

export function json(status: number, body: unknown, headers?: Record<string, string>): Answer {
  return { status, contentType: "application/json", body: JSON.stringify(body), ...(headers && { headers }) };
}

export function text(status: number, body: string): Answer {
  return { status, contentType: "text/plain; charset=utf-8", body };
}

export function empty(status: number, headers?: Record<string, string>): Answer {
  return { status, ...(headers && { headers }) };
}

/** The body as a JSON value; `undefined` when there is none or when it is not JSON. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** The body as a JSON object; `undefined` for anything else. */
export function parseObject(body: string): Record<string, unknown> | undefined {
  const value = parseJson(body);
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
