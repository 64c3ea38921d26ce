import { proxyFor } from "../connection/proxies.ts";
import type { ResolvedConnection } from "../connection/settings.ts";
import { clock } from "../data/clock.ts";
import { BodyError, type Effect, RequestError, StaleLook, UnreachableError } from "../data/errors.ts";
import { decodeBody, TooLarge, Undecodable } from "./decoding.ts";
import type { Arrival, Network } from "./network.ts";
import { originOf } from "./path.ts";
import type { Permit } from "./permit.ts";
import { type Circumstances, isLasting, neverArrived, reasonOf } from "./unreachable.ts";

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
export function transportOver(
  network: Network,
  { proxies, tls }: Pick<ResolvedConnection, "proxies" | "tls">,
): Transport {
  /** Where somebody has answered in HTTP, by their origins. */
  const answered = new Set<string>();
  return async (request) => {
    const { url } = request;
    const origin = originOf(url);
    const answer = await exchange(network, request, () => ({
      url,
      proxy: proxyFor(url, proxies),
      hasCertificate: tls.cert !== undefined,
      isKnown: answered.has(origin),
    }));
    answered.add(origin);
    return answer;
  };
}

async function exchange(
  network: Network,
  request: RawRequest,
  circumstances: () => Omit<Circumstances, "hasLeft">,
): Promise<RawAnswer> {
  const { method, mutates, url, headers, body, timeout, signal } = request;
  const within = limited(signal, timeout);
  let hasLeft = false;
  const leave = () => {
    if (request.mutates) request.permit.judge();
    hasLeft = true;
  };
  try {
    const answer = await network({ method, url, headers, body, signal: within.signal, leave });
    return { status: answer.statusCode, headers: answer.headers, text: await textOf(request, answer) };
  } catch (cause) {
    if (cause instanceof RequestError || cause instanceof StaleLook) throw cause;
    if (signal.aborted) throw signal.reason;
    const isUnused = !mutates || !hasLeft || neverArrived(cause);
    const effect: Effect = isUnused ? "no" : within.hasExpired() ? "late" : "maybe";
    const why = within.hasExpired()
      ? `no answer within ${Number((timeout / 1_000).toFixed(3))}s`
      : reasonOf(cause, { ...circumstances(), hasLeft });
    const facts = { method, url, effect, lasts: isLasting(cause) };
    throw new UnreachableError(`${method} ${url}: ${why}`, facts, { cause });
  } finally {
    within.end();
  }
}

/** One signal for a request, however many there are: it aborts with the caller's, or when the time is up. */
function limited(signal: AbortSignal, milliseconds: number) {
  const controller = new AbortController();
  let hasExpired = false;
  const callOff = clock.after(milliseconds, () => {
    hasExpired = true;
    // In the words of AbortSignal.timeout.
    controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
  });
  const onAbort = () => controller.abort(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  return {
    signal: controller.signal,
    hasExpired: () => hasExpired,
    end() {
      callOff();
      signal.removeEventListener("abort", onAbort);
    },
  };
}

/** Whoever leaves the loop early ends the body. @throws TooLarge */
async function readBounded(body: Arrival["body"]): Promise<Buffer> {
  if (body instanceof Uint8Array) {
    if (body.length > largestBody) throw new TooLarge();
    return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > largestBody) throw new TooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function textOf(request: RawRequest, { statusCode, headers, body }: Arrival): Promise<string> {
  try {
    return decodeBody(await readBounded(body), headers, largestBody);
  } catch (error) {
    if (!(error instanceof TooLarge || error instanceof Undecodable)) throw error;
    // What a failure is, its status says.
    if (statusCode >= 300) return "";
    if (error instanceof TooLarge) throw tooLarge(request);
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
