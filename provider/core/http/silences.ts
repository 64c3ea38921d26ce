import { type Proxies, proxyFor } from "../connection/proxies.ts";
import type { ResolvedConnection } from "../connection/settings.ts";
import { clock } from "../data/clock.ts";
import { SilentError, UnreachableError } from "../data/errors.ts";
import { lateStatuses } from "./answers.ts";
import { originOf, pathnameOf } from "./path.ts";
import type { RawRequest, Transport } from "./transport.ts";

/** A request that waits so long in vain before it is ended by its caller tells that nobody answers, in milliseconds. */
const longEnough = 4_900;
/** An error, or a gateway's time-out, that takes so long costs as much as silence. */
const noticeable = 1_000;
/** From time to time one request finds out whether an endpoint has come back: it gets little time for it. */
const [probePause, probeTime] = [30_000, 2_000];
/** So many silent paths stand for all of which an endpoint has not answered any. */
const enough = 3;

/** A request that nobody answered. */
interface Silence {
  /** What was asked, e.g. `GET https://host/v1/nodes`, and whom. */
  request: string;
  origin: string;
  /** What came of it, e.g. `no answer within 15s`. */
  what: string;
  /** When it was sent. */
  since: number;
  probedAt: number;
  /** How often, in a row. */
  times: number;
}

/** What one endpoint has answered, and what it has not. */
class Endpoint {
  readonly #silent = new Map<string, Silence>();
  readonly #answered = new Set<string>();
  #answeredAt = Number.NEGATIVE_INFINITY;

  answer(path: string): void {
    // It has come back, and with it perhaps what was silent together with it.
    for (const silence of this.#silent.values())
      if (this.#isOfAll(silence) && silence.times === 1) silence.probedAt = Number.NEGATIVE_INFINITY;
    this.#answeredAt = clock.elapsed();
    this.#answered.add(path);
    this.#silent.delete(path);
  }

  note(path: string, silence: Omit<Silence, "probedAt" | "times">): void {
    const times = (this.#silent.get(path)?.times ?? 0) + 1;
    this.#silent.set(path, { ...silence, probedAt: clock.elapsed(), times });
  }

  /** Whether nothing has been answered since a request that was not. */
  get isSilent(): boolean {
    return this.#silent.size > 0 && this.#last((silence) => this.#isOfAll(silence)) !== undefined;
  }

  /** The time that a request on this path gets which looks ahead, or why it is not sent. */
  timeFor(path: string, usual: number): number | string {
    const short = Math.min(usual, probeTime);
    const own = this.#silent.get(path);
    const ofAll = this.#last((silence) => this.#isOfAll(silence));
    // What has answered before may do so again.
    if (!own && this.#answered.has(path)) return ofAll ? short : usual;
    const isEnough = this.#answered.size === 0 || this.#silent.size >= enough;
    const known = own ?? (isEnough ? (ofAll ?? this.#last()) : undefined);
    if (!known) return ofAll ? short : usual;
    if (clock.elapsed() - known.probedAt < probePause)
      return `${this.#answered.size === 0 ? known.origin : known.request}: ${known.what}`;
    known.probedAt = clock.elapsed();
    return short;
  }

  #isOfAll({ since }: Silence): boolean {
    return since >= this.#answeredAt;
  }

  #last(which: (silence: Silence) => boolean = () => true): Silence | undefined {
    return [...this.#silent.values()].filter(which).at(-1);
  }
}

/**
 * Which endpoints have been silent, as far as this process has noticed, in whichever way: no connection, no answer, no end of it, or
 * nothing within the time that was left. Who only looks ahead does not wait for one of them again: a preview of two hundred resources
 * would take an hour to find out two hundred times. Operations ask all the same, and what is answered to them counts for all.
 */
export class Silences {
  readonly #endpoints = new Map<string, Endpoint>();
  /** The same, as quickly found as one connection needs them: each request asks. */
  readonly #byOrigin = new WeakMap<Proxies, Map<string, Endpoint>>();

  /**
   * The same transport, by which silence is noticed.
   *
   * @param proxies what is silent behind one may answer behind another
   */
  watch(transport: Transport, proxies: Proxies): Transport {
    return async (request) => {
      const endpoint = this.#endpoint(request.url, proxies);
      const pathname = pathnameOf(request.url);
      const began = clock.elapsed();
      const timeout = request.isAhead ? endpoint.timeFor(pathname, request.timeout) : request.timeout;
      if (typeof timeout === "string") throw silent(request, timeout);
      const note = (what: string) => {
        const { origin } = new URL(request.url);
        endpoint.note(pathname, { request: `${request.method} ${request.url}`, origin, since: began, what });
      };
      try {
        const answer = await transport({ ...request, timeout });
        const spent = clock.elapsed() - began;
        endpoint.answer(pathname);
        if (lateStatuses.includes(answer.status) && spent > noticeable && !request.mutates)
          note(`${answer.status} after ${seconds(spent)}`);
        return answer;
      } catch (error) {
        const spent = clock.elapsed() - began;
        if (request.mutates) throw error;
        if (error instanceof UnreachableError && spent >= Math.min(noticeable, timeout * 0.9)) {
          note(error.message.replace(`${request.method} ${request.url}: `, ""));
          throw request.isAhead ? silent(request, error.message, error) : error;
        }
        if (request.signal.aborted && spent >= longEnough) note(`no answer within ${seconds(spent)}`);
        throw error;
      }
    };
  }

  /** Whether an endpoint has lately answered nothing at all: another one is asked first. */
  has(url: string, proxies: Proxies): boolean {
    return this.#endpoint(url, proxies).isSilent;
  }

  #endpoint(url: string, proxies: Proxies): Endpoint {
    const own = this.#byOrigin.get(proxies) ?? new Map<string, Endpoint>();
    this.#byOrigin.set(proxies, own);
    const origin = originOf(url);
    const known = own.get(origin);
    if (known) return known;
    const key = `${proxyFor(url, proxies) ?? ""} ${new URL(url).origin}`;
    const endpoint = this.#endpoints.get(key) ?? new Endpoint();
    this.#endpoints.set(key, endpoint);
    own.set(origin, endpoint);
    return endpoint;
  }
}

function silent({ method, url }: RawRequest, message: string, cause?: unknown): SilentError {
  return new SilentError(message, { method, url, effect: "no" }, { cause });
}

/** What a request comes to whose own time has run out while nobody answered. Undefined: it has not waited long enough to tell. */
export function unanswered(
  url: string,
  { method, mutates = false }: { method: string; mutates?: boolean },
  waited: number,
  { reason }: AbortSignal,
): SilentError | undefined {
  const isTimeOut = reason instanceof DOMException && reason.name === "TimeoutError";
  if (!isTimeOut || waited < noticeable) return undefined;
  return new SilentError(
    `${method} ${url}: no answer within ${seconds(waited)}`,
    { method, url, effect: mutates ? "maybe" : "no" },
    { cause: reason },
  );
}

/** What is asked for until somebody's time runs out. */
interface Asked {
  /** Default: GET. */
  method?: string;
  /** Of several endpoints, where it is not known which was asked, each (`anyOfEndpoints`). */
  url: string;
  /** What it asks for may have been done. Default: false. */
  mutates?: boolean;
  signal: AbortSignal;
  noteTrouble?(error: Error): void;
}

/** Where it is not known which endpoint was asked: `https://a/v1/nodes or https://b/v1/nodes`. */
export function anyOfEndpoints(
  { connection }: { connection: Pick<ResolvedConnection, "endpoints"> },
  path = "",
): string {
  return connection.endpoints.map((endpoint) => endpoint + path).join(" or ");
}

/** Tells whoever asks which request nobody had answered when the time ran out: that alone names no endpoint. */
export async function namingSilence<T>(
  { method = "GET", url, mutates, signal, noteTrouble }: Asked,
  work: () => Promise<T>,
): Promise<T> {
  const began = clock.elapsed();
  try {
    return await work();
  } catch (error) {
    const lasted = clock.elapsed() - began;
    const silence = signal.aborted && unanswered(url, { method, mutates }, lasted, signal);
    if (silence) {
      silences.set(silence, { began, lasted });
      noteTrouble?.(silence);
    }
    throw error;
  }
}

/** Of fewer milliseconds it is a request that was cut short. */
const telling = 1_000;

const silences = new WeakMap<Error, { began: number; lasted: number }>();

/** Whether the trouble is a silence that says less than what was in the way at that time: that came within it, or it was merely cut short. */
export function saysLess(trouble: Error, other: number): boolean {
  const silence = silences.get(trouble);
  return silence !== undefined && (silence.lasted < telling || other >= silence.began);
}

function seconds(milliseconds: number): string {
  return `${Math.round(milliseconds / 1_000)}s`;
}
