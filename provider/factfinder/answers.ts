import { BodyError, hasStatus, messageOf, reworded, StatusError } from "../core/data/errors.ts";
import { isObject, type Json } from "../core/data/values.ts";
import type { Answer, Call, CallOptions, Http, MutatingCall, ReadingCall } from "../core/http/call.ts";
import { failureWithin } from "../core/http/failure-within.ts";
import type { Permit } from "../core/http/permit.ts";
import { blankTexts } from "../core/http/redact.ts";
import { inWords, readDescription } from "./error-description.ts";

/** No 404 is documented: a channel that does not exist shows as 400, 403 or 500, which of them is not said. */
export function unknownChannel(channel: string): string {
  return `the channel ${JSON.stringify(channel)} may not exist there`;
}

/** How the answer to a call that changes something is judged. */
export interface Judgement {
  /** What a refusal may mean beside its words. */
  suspicion?: string;
  /** What counts as a failure inside a 200. Default: whatever says so. */
  refuse?: typeof refuseFailure;
}

/** Sends a call that changes something. */
export function act(
  http: Http,
  call: MutatingCall,
  permit: Permit,
  options: CallOptions,
  judgement: Judgement = {},
): Promise<Answer> {
  return judged(http, call, () => http.send(call, permit, options), judgement);
}

async function judged(
  http: Http,
  call: Call,
  ask: () => Promise<Answer>,
  { suspicion, refuse = refuseFailure }: Judgement,
): Promise<Answer> {
  try {
    const answer = await ask();
    refuseHtml(call, answer);
    refuse(http, call, answer);
    return answer;
  } catch (error) {
    const hint = hasStatus(error, 404)
      ? "is the context path, e.g. /fact-finder, part of the endpoint?"
      : hasStatus(error, 400, 403, 500) && suspicion;
    throw hint ? reworded(error, `${messageOf(error)}; ${hint}`) : error;
  }
}

/** Whether it is the server's own word, in a 200, that the request has failed: nothing of it is still to come. */
export function isFailureInAnswer(error: unknown): boolean {
  return error instanceof StatusError && error.status < 300;
}

/** A page of a proxy or a login form comes with a 200 too, and says nothing about what was done. */
function refuseHtml({ method }: Call, { body, status, url }: Answer): void {
  if (typeof body !== "string" || !/^\s*</.test(body)) return;
  throw new BodyError(
    `${method} ${url}: answered ${status} with an HTML page, which says nothing of the job`,
    {
      method,
      url,
      effect: "maybe",
    },
  );
}

/** Where a body holds results, each tells of itself: an ApiError (`{error, errorDescription, stacktrace}`) in their place does not. */
export function refuseApiError(http: Http, call: Call, answer: Answer): void {
  const { body, status } = answer;
  if (!isObject(body) || "success" in body || !body.error || status === 409) return;
  throwFailure(http, call, answer, body);
}

/** What says failure is one, whatever the status in front of it. */
function refuseFailure(http: Http, call: Call, answer: Answer): void {
  const { body } = answer;
  // What a read answers with is an object, or else not what is documented.
  if (!call.mutates && !isObject(body)) return;
  const failure = failureWithin(body);
  if (failure !== undefined) throwFailure(http, call, answer, isObject(body) ? body : failure);
}

function throwFailure(http: Http, call: Call, { status, url }: Answer, failure: unknown): void {
  const error = readDescription(blankTexts(failure, http.redact));
  if (!error) return;
  const { method } = call;
  throw new StatusError(`${method} ${url}: ${status} with an error: ${inWords(error)}`, {
    method,
    url,
    status,
    effect: call.mutates ? "maybe" : "no",
  });
}

export async function readObject(
  http: Http,
  call: ReadingCall,
  channel: string,
  options: CallOptions,
): Promise<{ body: Json; url: string }> {
  const suspicion = unknownChannel(channel);
  const { body, status, url } = await judged(http, call, () => http.call(call, options), { suspicion });
  if (isObject(body)) return { body, url };
  throw new BodyError(`GET ${url}: answered ${status} with something else than the documented object`, {
    method: "GET",
    url,
    effect: "no",
  });
}
