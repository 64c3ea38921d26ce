import type { IncomingMessage, ServerResponse } from "node:http";
import { type Gate, mayCall } from "./auth.ts";
import type { Clock } from "./clock.ts";
import {
  type Answer,
  type Exchange,
  type PlainAnswer,
  type PlainRequest,
  parseJson,
  Refusal,
  text,
} from "./exchange.ts";
import type { FaultBook } from "./faults.ts";
import { Received, type RequestLog, type RequestRecord } from "./log.ts";
import { answerUnrouted, findRoute, type Match, type Route } from "./router.ts";
import { headersOf, injectFault, send } from "./send.ts";

/** What answering a request takes. */
export interface Service {
  clock: Clock;
  gate: Gate;
  faults: FaultBook;
  log: RequestLog;
  /** What each GET was answered last, for those that are to be answered from an older state. */
  answered: Map<string, Answer>;
  /** Aborts when the simulator closes. */
  signal: AbortSignal;
  /** What 401 (not known), 403 (known, but the role is too low) and 404 (no such path) look like. */
  refuse(status: 401 | 403 | 404, message: string): Answer;
  /** What the server in front of the system says to a path that it lets nobody have; undefined for all others. */
  refusePath?(path: string): Answer | undefined;
}

/** Answers one request: kept first, then faults, then the system, then faults again. @returns its record, answered. */
export async function serve(
  service: Service,
  endpoint: string,
  routes: Route[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<RequestRecord | undefined> {
  const body = await readBody(request);
  if (body === undefined) return undefined;
  const { url: target = "/", method = "GET", headers } = request;
  const { record, exchange, found } = receive(service, endpoint, routes, {
    method,
    target,
    headers,
    text: body,
  });
  record.status = await respond(service, exchange, found, response);
  return record;
}

/** Answers one request that has come some other way than by HTTP: kept first, then the system. */
export async function answer(
  service: Service,
  endpoint: string,
  routes: Route[],
  request: PlainRequest,
): Promise<PlainAnswer & { record: RequestRecord }> {
  const { record, exchange, found } = receive(service, endpoint, routes, request);
  const answered = await answerOf(service, exchange, found);
  record.status = answered.status;
  const headers: Record<string, string> = { date: dateOf(service) };
  for (const [name, value] of Object.entries(headersOf(answered))) headers[name] = String(value);
  return {
    status: answered.status,
    headers,
    body: answered.body ?? "",
    effect: record.effect,
    record,
  };
}

/** A request that has come: on record, and routed. */
function receive(
  service: Service,
  endpoint: string,
  routes: Route[],
  { method, target, headers, text: body }: PlainRequest,
): { record: RequestRecord; exchange: Exchange; found: Match | { allow: string[] } } {
  const mark = target.indexOf("?");
  const [path, query] = mark < 0 ? [target, ""] : [target.slice(0, mark), target.slice(mark + 1)];
  const found = findRoute(routes, method, path);
  const route = "route" in found ? found.route : undefined;
  const record = new Received(headers, {
    at: service.clock.now(),
    endpoint,
    method,
    path,
    query,
    body: route?.token || body === "" ? undefined : (parseJson(body) ?? body),
    status: undefined,
    mutating: !route?.token && (route?.mutating ?? !["GET", "HEAD", "OPTIONS"].includes(method)),
    effect: false,
    token: route?.token ?? false,
  });
  service.log.add(record);
  const exchange: Exchange = {
    endpoint,
    method,
    path,
    query: query === "" ? noQuery : new URLSearchParams(query),
    target,
    params: "route" in found ? found.params : {},
    headers,
    text: body,
    caller: { name: "nobody yet", roles: [] },
    signal: service.signal,
    acted: () => {
      record.effect = true;
    },
  };
  return { record, exchange, found };
}

/** Of most requests: it is only read. */
const noQuery = new URLSearchParams();

/** To the second: answers come in crowds. */
let lastDate = { second: 0, text: new Date(0).toUTCString() };

/** A server's clock is one, in what it records and in its answers. */
function dateOf({ clock }: Service): string {
  const second = Math.floor(clock.now() / 1_000);
  if (lastDate.second !== second) lastDate = { second, text: new Date(second * 1_000).toUTCString() };
  return lastDate.text;
}

/** @returns the status that went out, if any did. */
async function respond(
  service: Service,
  exchange: Exchange,
  found: Match | { allow: string[] },
  response: ServerResponse,
): Promise<number | undefined> {
  response.setHeader("date", dateOf(service));
  const matching = service.faults.take("before", exchange);
  for (const { landsAfter } of matching)
    if (landsAfter !== undefined) void carryOut(service, exchange, found, landsAfter);
  for (const fault of matching) {
    if (fault.kind !== "delay" && fault.kind !== "stale")
      return injectFault(fault, response, exchange, service.clock);
    if (fault.kind === "delay") await service.clock.sleep(fault.ms, exchange.signal);
  }
  let answer = await answerOf(service, exchange, found);
  for (const fault of service.faults.take("after", exchange)) {
    if (fault.kind === "stale") answer = service.answered.get(keyOf(exchange)) ?? answer;
    else if (fault.kind !== "delay") return injectFault(fault, response, exchange, service.clock, answer);
    else await service.clock.sleep(fault.ms, exchange.signal);
  }
  if (exchange.method === "GET") service.answered.set(keyOf(exchange), answer);
  send(response, answer);
  return answer.status;
}

const keyOf = ({ endpoint, target }: Exchange) => `${endpoint} ${target}`;

/** What was asked for happens later, whoever has hung up meanwhile. */
async function carryOut(
  service: Service,
  exchange: Exchange,
  found: Match | { allow: string[] },
  ms: number,
): Promise<void> {
  await service.clock.sleep(ms, exchange.signal);
  if (!exchange.signal.aborted) await answerOf(service, exchange, found);
}

async function answerOf(
  service: Service,
  exchange: Exchange,
  found: Match | { allow: string[] },
): Promise<Answer> {
  const refusal = service.refusePath?.(exchange.path);
  if (refusal) return refusal;
  const route = "route" in found ? found.route : undefined;
  if (!route?.token) {
    const caller = service.gate.identify(exchange.headers);
    if (!caller) return service.refuse(401, "missing, wrong or expired credentials");
    exchange.caller = caller;
  }
  if (!("route" in found)) {
    return answerUnrouted(
      exchange.method,
      found.allow,
      service.refuse(404, `no such path: ${exchange.path}`),
    );
  }
  if (!route?.token && !mayCall(exchange.caller, route?.roles)) {
    return service.refuse(403, `needs one of the roles ${route?.roles?.join(", ")}`);
  }
  try {
    return await found.route.handle(exchange);
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    return text(500, `simulator defect: ${error instanceof Error ? error.stack : error}`);
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
