import { type Answer, type Exchange, empty } from "./exchange.ts";

/** One documented call of a system. */
export interface Route {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** `/v1/nodes/:uid`: a `:name` stands for one segment, decoded into `params`. */
  path: string;
  /** Of the path: each request is compared with all routes, so that they are split once. */
  segments?: readonly string[];
  /** Roles of which the caller needs one; none: every caller may. */
  roles?: string[];
  /** Set where the method says otherwise: a GET that acts, a POST that only reads. */
  mutating?: boolean;
  /** Issues credentials: needs none, is counted separately, and its body is never kept. */
  token?: boolean;
  handle(exchange: Exchange): Answer | Promise<Answer>;
}

/** A route found for a request. */
export interface Match {
  route: Route;
  params: Record<string, string>;
}

/** The route for a method and a path as it was sent, or the methods that this path would take. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): Match | { allow: string[] } {
  const allow: string[] = [];
  const given = path.split("/");
  for (const route of routes) {
    route.segments ??= route.path.split("/");
    const params = matchPath(route.segments, given);
    if (!params) continue;
    if (route.method === method || (route.method === "GET" && method === "HEAD")) return { route, params };
    allow.push(route.method);
  }
  return { allow };
}

/** What a path without a handler for this method answers; OPTIONS lists the methods, as Redis Enterprise does. */
export function answerUnrouted(method: string, allow: string[], notFound: Answer): Answer {
  if (allow.length === 0) return notFound;
  const headers = { allow: [...new Set([...allow, "OPTIONS"])].join(", ") };
  return method === "OPTIONS" ? empty(200, headers) : empty(405, headers);
}

function matchPath(wanted: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  if (wanted.length !== given.length) return undefined;
  // Most differ in the segments that are no parameter.
  for (let index = 0; index < wanted.length; index++)
    if (wanted[index] !== given[index] && !wanted[index]?.startsWith(":")) return undefined;
  const params: Record<string, string> = {};
  for (let index = 0; index < wanted.length; index++) {
    const segment = wanted[index] as string;
    const value = given[index] ?? "";
    if (!segment.startsWith(":")) continue;
    const decoded = decode(value);
    if (!decoded) return undefined;
    params[segment.slice(1)] = decoded;
  }
  return params;
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
