import { withoutCredentials } from "../connection/credentials.ts";
import type { ResolvedConnection } from "../connection/settings.ts";
import { clock } from "../data/clock.ts";
import { BodyError, type Effect, StatusError } from "../data/errors.ts";
import { asObject, asString, isObject } from "../data/values.ts";
import type { Call } from "./call.ts";
import { excerpt } from "./redact.ts";
import { redirectStatuses } from "./redirects.ts";
import type { RawAnswer } from "./transport.ts";

/** What of a call is needed to read its answer, and to say what is wrong with it. Asking for a token changes nothing. */
type Described = Pick<Call, "path" | "expect" | "needs"> & { method: string; mutates?: boolean };

/** Time-outs, some of them only known to gateways of the Internet: after these the request may still be handed on. */
export const lateStatuses: readonly number[] = [408, 504, 522, 524, 598, 599];

/** The body as the call expects it. */
export function readBody(call: Described, url: string, raw: RawAnswer, effect: Effect): unknown {
  if (call.expect === "text") return raw.text.trim();
  if (call.expect !== "json") return parseLoosely(raw.text);
  try {
    return parseJson(raw.text);
  } catch (cause) {
    const what = raw.text.trim() === "" ? "an empty body" : isPage(raw.text) ? "HTML" : "no valid JSON";
    throw new BodyError(
      `${call.method} ${url}: answered ${raw.status} with ${what} where JSON is documented`,
      { method: call.method, url, effect },
      { cause },
    );
  }
}

function isPage(text: string): boolean {
  return /^\s*</.test(text);
}

/** A page for people, or the words of Traefik and of the ingress of Kubernetes where they know no way. */
function isOnTheWay(text: string): boolean {
  return isPage(text) || /^\s*(404 page not found|default backend - 404)\s*$/.test(text);
}

/** JSON when it is JSON, else the text itself; undefined when there is none. */
export function parseLoosely(text: string): unknown {
  if (text.trim() === "") return undefined;
  try {
    return parseJson(text);
  } catch {
    return text.trim();
  }
}

/** Far beyond any documented answer, and far below where walking through it would exhaust the stack. */
const deepest = 200;

/**
 * An id beyond 2^53 would come rounded, and name another thing: it stays the text that it was.
 *
 * @throws SyntaxError, also for what is nested too deep to be an answer
 */
function parseJson(text: string): unknown {
  const value: unknown = /\d{16}/.test(text) ? JSON.parse(text, exactly) : JSON.parse(text);
  // No deeper than there are brackets, which are quickly counted.
  if (bracketsIn(text) <= deepest) return value;
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) throw new SyntaxError(`nested deeper than ${deepest} levels`);
    level = level.flatMap((item) => (typeof item === "object" && item !== null ? Object.values(item) : []));
  }
  return value;
}

function bracketsIn(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5b || code === 0x7b) count++;
  }
  return count;
}

function exactly(_name: string, value: unknown, context?: { source?: string }): unknown {
  const isRounded = typeof value === "number" && !Number.isSafeInteger(value);
  return isRounded && /^-?\d+$/.test(context?.source ?? "") ? context?.source : value;
}

/**
 * The error for a status that the call does not expect, with what the server says of it.
 *
 * @param connection whose credentials the request had
 */
export function statusError(
  call: Described,
  url: string,
  raw: RawAnswer,
  redact: (text: string) => string,
  connection?: ResolvedConnection,
): StatusError {
  const { code, message } = explanation(raw.text, redact);
  const said = [redirectOf(url, raw), code, message].filter(Boolean).join(": ");
  const isRights = raw.status === 401 || raw.status === 403;
  const hint = isRights ? rightsHint(raw.status, call.needs, connection) : schemeHint(url, raw);
  const effect = call.mutates ? effectOf(raw.status) : "no";
  return new StatusError(redact(`${call.method} ${url}: ${raw.status}${said && ` ${said}`}${hint}`), {
    method: call.method,
    url,
    status: raw.status,
    code: code === undefined ? undefined : redact(code),
    isOnTheWay: isOnTheWay(raw.text),
    effect,
    retryAfter: retryAfter(raw.headers["retry-after"]),
  });
}

/** 4xx says that the request was not carried out; after 5xx, 408 it may have been, after a gateway's time-out it may still be. */
function effectOf(status: number): Effect {
  if (lateStatuses.includes(status)) return "late";
  return status >= 500 ? "maybe" : "no";
}

/** Where somebody is sent on who does not go, as one who asks for a token: without what else a URL may carry. */
function redirectOf(url: string, { status, headers }: RawAnswer): string | undefined {
  if (!redirectStatuses.includes(status)) return undefined;
  const location = asString(headers.location);
  const to = location === undefined ? null : URL.parse(location, url);
  return `redirect${to ? ` to ${to.origin}${to.pathname}` : ""}, which is not followed`;
}

function rightsHint(
  status: number,
  needs: string | undefined,
  connection: ResolvedConnection | undefined,
): string {
  const cure = connection && withoutCredentials(connection);
  const given = status === 401 ? "the credentials were not accepted" : "the credentials lack a right";
  const what = cure === undefined ? given : "no credentials are configured, and none were sent";
  return ` (${what}${needs ? `; this call needs ${needs}` : ""}${cure === undefined ? "" : `: ${cure}`})`;
}

/** What nginx, Apache, Tomcat and Go say to plain HTTP where they speak TLS. */
const tlsWanted =
  /plain HTTP request was sent to HTTPS|HTTP request to an HTTPS server|plain HTTP to an SSL|requires TLS/i;

function schemeHint(url: string, { status, text }: RawAnswer): string {
  const isMeant = status === 400 && url.startsWith("http:") && tlsWanted.test(text);
  return isMeant ? " (the server speaks TLS on this port: write https://)" : "";
}

/** The vendors' spellings of an error body, first match wins; HTML and long texts are cut. */
export function explanation(
  text: string,
  redact: (text: string) => string,
): { code?: string; message?: string } {
  const cut = (said: string | undefined) => said && excerpt(said, redact);
  const body = parseLoosely(text);
  if (typeof body === "string") return { message: isPage(body) ? "an HTML page" : cut(body) };
  const { error: section } = asObject(body);
  // Where `error` is an object, what it says counts like what stands beside it.
  const fields = { ...asObject(section), ...asObject(body) };
  const code = asString(fields.error_code) ?? (isObject(section) ? asString(fields.name) : undefined);
  const message =
    asString(fields.description) ??
    asString(fields.message) ??
    asString(fields.errorDescription) ??
    asString(fields.error_description);
  const error = asString(fields.error);
  return {
    code: code ?? (message === undefined ? undefined : error),
    message: cut(message ?? (code ? undefined : error)),
  };
}

/** Retry-After in milliseconds: seconds, or an HTTP date (RFC 9110, 10.2.3). */
function retryAfter(header: string | string[] | undefined): number | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined) return undefined;
  const wait = /^\d+$/.test(text.trim()) ? Number(text) * 1_000 : Date.parse(text) - clock.now();
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
