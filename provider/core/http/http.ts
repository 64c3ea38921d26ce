import pRetry from "p-retry";
import type { ResolvedConnection } from "../connection/settings.ts";
import { clock } from "../data/clock.ts";
import { formatDuration } from "../data/duration.ts";
import {
  BodyError,
  messageOf,
  RequestError,
  reworded,
  SilentError,
  StatusError,
  TokenError,
  UnreachableError,
} from "../data/errors.ts";
import { oneLine } from "../data/one-line.ts";
import type { Answer, Call, CallOptions, Http } from "./call.ts";
import { type Attempt, openExchange } from "./exchange.ts";
import { openNetwork } from "./network.ts";
import { keyOf, Recall } from "./recall.ts";
import { redactor } from "./redact.ts";
import { retryPause } from "./retry-pause.ts";
import { Silences, unanswered } from "./silences.ts";
import { type Transport, transportOver } from "./transport.ts";

export type { Answer, Call, CallOptions, Http, MutatingCall, ReadingCall } from "./call.ts";

/** How long previews share what they have read, in milliseconds, where the door does not tell whether it is one (scope.ts). */
const sharedFor = 5_000;

/**
 * The same way, but reads may be answered from what was read within the last `maxAge` milliseconds, and are given up soon: for
 * previews, whose reader waits for a warning at most.
 */
export function recalling(http: Http, maxAge = sharedFor): Http {
  return {
    ...http,
    call(call, options) {
      const { signal, patience = "hasty", onTrouble, activity } = options;
      return http.recall(call, { signal, patience, onTrouble, activity }, maxAge);
    },
  };
}

const always = () => true;

const repetitions = { once: 0, hasty: 1, brief: 4, patient: Number.POSITIVE_INFINITY };

/** Passing trouble besides what the server says of itself with 5xx. */
const passingStatuses: readonly number[] = [408, 425, 429];
/** What a server will not do at another time either: it knows no such method, version or extension, or wants a login to the network. */
const lastingStatuses: readonly number[] = [501, 505, 506, 508, 510, 511];

/** How long one reading that only looks ahead may take, all endpoints together, and each of them at least. In milliseconds. */
const [longestAhead, shortestAhead] = [15_000, 5_000];

/** The longest pause before a reading is repeated that somebody waits for who gives it up soon. In milliseconds. */
const longestHaste = 2_000;

/** Two tries that each took so long, in milliseconds, are no longer "some seconds": five would be minutes. Settable for tests. */
export const longTry = { milliseconds: 10_000 };

/** What a connection may share with others of its process. */
interface Shared {
  transport?: Transport;
  silences?: Silences;
  redactorOf?: typeof redactor;
  /** Is told the hosts that the installation itself lists, whenever it does. */
  onHosts?: (hosts: string[]) => void;
}

export function openHttp(
  connection: ResolvedConnection,
  {
    transport = transportOver(openNetwork(connection), connection),
    silences = new Silences(),
    redactorOf = redactor,
    onHosts,
  }: Shared = {},
): Http {
  const watched = silences.watch(transport, connection.proxies);
  const { send, redact } = openExchange(connection, watched, {
    blankSettings: redactorOf(connection),
    onHosts,
  });
  /** The configured endpoints, and at the front one that a redirect led to. */
  let order = [...connection.endpoints];
  const limitAhead = Math.max(longestAhead / order.length, shortestAhead);
  const recall = new Recall({
    read: (call, options) => perform({ call, limit: limitAhead, activity: options.activity }, options),
    endpoint: () => order[0] as string,
  });

  /** Tries the endpoints in turn, the one that last worked first, those that have been silent last. */
  async function inTurn(attempt: Attempt, signal: AbortSignal, only?: string): Promise<Answer> {
    const { call } = attempt;
    const failures: Error[] = [];
    for (const endpoint of only === undefined ? inOrder() : [only]) {
      try {
        const answer = await send(attempt, endpoint, signal);
        remember(baseOf(answer, call) ?? endpoint);
        return answer;
      } catch (error) {
        failures.push(error as Error);
        if (!mayAskAnother(error, call)) throw failures.length === 1 ? error : summary(failures, call);
      }
    }
    throw failures.length === 1 ? failures[0] : summary(failures, call);
  }

  function inOrder(): readonly string[] {
    if (order.length === 1) return order;
    const isSilent = new Set(order.filter((endpoint) => silences.has(endpoint, connection.proxies)));
    return isSilent.size === 0
      ? order
      : order.toSorted((a, b) => Number(isSilent.has(a)) - Number(isSilent.has(b)));
  }

  function remember(endpoint: string): void {
    if (order[0] !== endpoint)
      order = [endpoint, ...connection.endpoints.filter((other) => other !== endpoint)];
  }

  async function perform(
    asked: Attempt,
    { signal, patience = "brief", endpoint, onTrouble }: CallOptions,
  ): Promise<Answer> {
    const attempt: Attempt = { ...asked, onCutOff: onTrouble };
    const retries = attempt.permit ? 0 : repetitions[patience];
    // Who only looks ahead waits for a warning at most.
    const isHasty = patience === "hasty" || attempt.limit !== undefined;
    const isWorthwhile = (error: unknown) => isPassing(error) && !(isHasty && asksForLong(error));
    const started = clock.elapsed();
    let tries = 0;
    let longTries = 0;
    const attemptOnce = async () => {
      tries++;
      const began = clock.elapsed();
      try {
        return await inTurn(attempt, signal, endpoint);
      } finally {
        if (clock.elapsed() - began >= longTry.milliseconds) longTries++;
      }
    };
    try {
      return await pRetry(attemptOnce, {
        retries,
        signal,
        // It would wait by itself, and not by our clock.
        minTimeout: 0,
        shouldRetry: ({ error }) => isWorthwhile(error) && !(patience === "brief" && longTries > 1),
        // As it does by itself, with a function for each request that outlives it by far.
        shouldConsumeRetry: always,
        onFailedAttempt: async ({ error, retriesLeft }) => {
          if (retriesLeft === 0 || !isWorthwhile(error)) return;
          onTrouble?.(error);
          const retryAfter = error instanceof RequestError ? error.retryAfter : undefined;
          await clock.pause(retryPause(tries - 1, retryAfter), signal);
        },
      });
    } catch (error) {
      // What ended the signal is the caller's, and says nothing of the request, unless it was for this one request that time ran out.
      if (signal.aborted) {
        const isFirst = attempt.limit !== undefined && tries === 1;
        const url = `${order[0]}${keyOf(attempt.call)}`;
        throw (isFirst && unanswered(url, attempt.call, clock.elapsed() - started, signal)) || error;
      }
      const spent = tries > 1 ? ` (${tries} tries in ${formatDuration(clock.elapsed() - started)})` : "";
      throw reworded(error, redact(oneLine(redact(messageOf(error)))) + spent);
    }
  }

  return {
    connection,
    call: (call, options) => {
      const { isAhead, activity } = options;
      return perform({ call, limit: isAhead ? limitAhead : undefined, activity }, options);
    },
    send(call, permit, options) {
      // What was read before a change is no answer after it.
      recall.forget();
      return perform({ call, permit, activity: permit.activity }, options);
    },
    redact,
    recall: (call, options, maxAge) => recall.get(call, options, maxAge),
  };
}

/** The endpoint that answered, which after a redirect is another than the one asked. */
function baseOf({ url }: Answer, { path, query }: Call): string | undefined {
  const tail = keyOf({ path, query });
  return url.endsWith(tail) ? url.slice(0, -tail.length) : undefined;
}

/** Another endpoint may be asked when this one is certain to have done nothing, and is unreachable or not the one to ask. */
function mayAskAnother(error: unknown, call: Call): boolean {
  if (!(error instanceof RequestError) || error instanceof TokenError) return false;
  if (error instanceof StatusError) {
    if (call.elsewhere?.includes(error.status)) return true;
    // 500 is the application's own word, which another one would repeat. What is above is often a gateway's.
    return !call.mutates && error.status > 500 && isPassing(error);
  }
  return error.effect === "no";
}

/** Whoever is in a hurry does not wait for what the server wants to wait for. */
function asksForLong(error: unknown): boolean {
  return error instanceof RequestError && (error.retryAfter ?? 0) > longestHaste;
}

/** Trouble that may be over at the next try. */
export function isPassing(error: unknown): boolean {
  if (error instanceof TokenError) return isPassing(error.cause);
  if (error instanceof StatusError) return isPassingStatus(error.status);
  if (error instanceof SilentError) return false;
  if (error instanceof UnreachableError) return !error.lasts;
  return error instanceof BodyError && !/larger than/.test(error.message);
}

function isPassingStatus(status: number): boolean {
  return passingStatuses.includes(status) || (status >= 500 && !lastingStatuses.includes(status));
}

/** Whether the server refuses the request for good: neither its own trouble, nor one that may be over at the next try. */
export function isRefused(error: unknown): error is StatusError {
  return error instanceof StatusError && error.status < 500 && !isPassing(error);
}

function summary(failures: Error[], { method, path }: Call): Error {
  const requests = failures.filter((failure) => failure instanceof RequestError);
  const effect = requests.find(({ effect }) => effect !== "no")?.effect ?? "no";
  const last = failures.at(-1) as Error;
  const text = [...new Set(failures.map(({ message }) => message))].join("; ");
  // Who could not be asked may be the one who knows.
  if (last instanceof StatusError)
    return failures.every((failure) => failure instanceof StatusError) ? last : reworded(last, text);
  const Kind = failures.every((failure) => failure instanceof SilentError) ? SilentError : UnreachableError;
  const lasts = failures.every((failure) => failure instanceof UnreachableError && failure.lasts);
  return new Kind(text, { method, url: path, effect, lasts }, { cause: new AggregateError(failures) });
}
