import { clock } from "../data/clock.ts";
import { BodyError, type Effect, RequestError, StaleLook, UnreachableError } from "../data/errors.ts";
import { decodeBody, TooLarge, Undecodable } from "./decoding.ts";
import type { Arrival, Network } from "./network.ts";
import type { Permit } from "./permit.ts";

/** Bodies beyond this are refused: the largest documented answer is a list of a few hundred actions. */
const largestBody = 8 * 1024 * 1024;

/** One answer, whatever its status. */
export interface RawAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** A request that may change something: a failure leaves that open. It leaves only as long as its permit holds. */
export interface MutatingRequest {
  mutates: true;
  permit: Permit;
}

export type RawRequest = RequestShape & ({ mutates: false } | MutatingRequest);

interface RequestShape {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
  /** Milliseconds from connecting to the last byte. */
  timeout: number;
  /** Nobody waits for an endpoint that has been silent (silences.ts). */
  isAhead?: boolean;
  signal: AbortSignal;
}

/** Sends one request over the network, once: no retry, no redirect. */
export type Transport = (request: RawRequest) => Promise<RawAnswer>;

/** The transport over a network: each request with its deadline and its permit, each answer decoded, each failure judged. */
export function transportOver(network: Network): Transport {
  return (request) => exchange(network, request);
}

async function exchange(network: Network, request: RawRequest): Promise<RawAnswer> {
  const { method, mutates, url, headers, body, timeout, signal } = request;
  const deadline = clock.timeout(timeout);
  try {
    const answer = await network({
      method,
      url,
      headers,
      body,
      signal: AbortSignal.any([signal, deadline]),
      ...(request.mutates && { leave: () => request.permit.judge() }),
    });
    const bytes = await readBounded(answer.body, () => tooLarge(request));
    return { status: answer.statusCode, headers: answer.headers, text: textOf(request, answer, bytes) };
  } catch (cause) {
    if (cause instanceof RequestError || cause instanceof StaleLook) throw cause;
    if (signal.aborted) throw signal.reason;
    const effect: Effect = !mutates || neverLeft(cause) ? "no" : deadline.aborted ? "late" : "maybe";
    const why = deadline.aborted
      ? `no answer within ${Number((timeout / 1_000).toFixed(1))}s`
      : reasonOf(cause);
    throw new UnreachableError(`${method} ${url}: ${why}`, { method, url, effect }, { cause });
  }
}

/** Whoever leaves the loop early ends the body. */
async function readBounded(body: Arrival["body"], refuse: () => Error): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > largestBody) throw refuse();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function textOf(request: RawRequest, { statusCode, headers }: Arrival, bytes: Buffer): string {
  try {
    return decodeBody(bytes, headers, largestBody);
  } catch (error) {
    if (error instanceof TooLarge) throw tooLarge(request);
    if (!(error instanceof Undecodable)) throw error;
    // What a failure is, its status says.
    if (statusCode >= 300) return "";
    const { method, url, mutates } = request;
    const effect = mutates ? "maybe" : "no";
    throw new BodyError(
      `${method} ${url}: answered ${statusCode} with ${error.message}`,
      { method, url, effect },
      { cause: error },
    );
  }
}

function tooLarge({ method, mutates, url }: RawRequest): BodyError {
  const effect = mutates ? "maybe" : "no";
  return new BodyError(`${method} ${url}: the answer is larger than ${largestBody >> 20} MiB`, {
    method,
    url,
    effect,
  });
}

/** Failures that happen before the first byte of a request is written. */
const beforeSending = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EADDRNOTAVAIL",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_PRX_TLS",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

function neverLeft(error: unknown): boolean {
  const code = codeOf(error);
  return (
    beforeSending.has(code) ||
    isCertificateProblem(code) ||
    code.startsWith("ERR_SSL_") ||
    tunnelRefusal(error) !== undefined
  );
}

/** The status with which a proxy refused CONNECT: undici has it in the message only. */
function tunnelRefusal(error: unknown): string | undefined {
  const { message, cause } = (error ?? {}) as { message?: unknown; cause?: unknown };
  const [, status] = /^Proxy response \((\d+)\) !== 200/.exec(String(message)) ?? [];
  return status ?? (cause === undefined ? undefined : tunnelRefusal(cause));
}

/** OpenSSL's verification codes, as Node names them. */
function isCertificateProblem(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|DEPTH_ZERO/.test(
    code,
  );
}

function codeOf(error: unknown): string {
  const { code, cause, errors } = (error ?? {}) as { code?: unknown; cause?: unknown; errors?: unknown[] };
  if (typeof code === "string") return code;
  if (Array.isArray(errors) && errors.length > 0) return codeOf(errors[0]);
  return cause === undefined ? "" : codeOf(cause);
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (isCertificateProblem(code)) {
    return `the server's certificate is not trusted (${code}): set caCert to the authority that signed it, or check the endpoint's host name`;
  }
  const refusal = tunnelRefusal(error);
  if (refusal) return `the proxy refused to connect to the server (${refusal})`;
  const words: Record<string, string> = {
    ECONNREFUSED: "connection refused",
    ENOTFOUND: "no such host",
    EAI_AGAIN: "the host name cannot be resolved right now",
    ECONNRESET: "connection reset",
    ERR_SSL_WRONG_VERSION_NUMBER: "the server does not speak TLS on this port: check the scheme and the port",
    UND_ERR_SOCKET: "connection closed before the whole answer had come",
    UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "the answer ended early",
  };
  const message = error instanceof Error && error.message ? error.message : String(error);
  // undici has the time in the message only.
  const [, milliseconds] = /timeout: (\d+)ms/.exec(message) ?? [];
  if (code === "UND_ERR_CONNECT_TIMEOUT")
    return `no connection within ${Number(milliseconds ?? 10_000) / 1_000}s`;
  return words[code] ?? (code && !message.includes(code) ? `${message} (${code})` : message);
}
