import { BodyError, StatusError } from "../core/data/errors.ts";
import { asString, isObject, type Json } from "../core/data/values.ts";
import type { Answer, Http } from "../core/http/http.ts";
import { excerpt } from "../core/http/redact.ts";

/** A 200 that holds an error: a clear answer, even if it does not say how much was done. */
export class FailureInAnswer extends StatusError {
  /** The whole of it: which ids it is about may be told. */
  declare readonly body: unknown;
}

/**
 * The answer's object, empty where there is no body (`message` is optional).
 *
 * @throws BodyError for anything but an object: then it was not the manager that answered
 */
export function readObject(method: string, { status, body, url }: Answer): Json {
  if (body === undefined) return {};
  if (isObject(body)) return body;
  const what = typeof body === "string" && /^\s*</.test(body) ? "HTML" : "no JSON object";
  const text = `${method} ${url}: answered ${status} with ${what} where one is documented`;
  throw new BodyError(text, { method, url, effect: "maybe" });
}

/** The failure that an answer holds, if so. @param said what it says of it */
export function failureOf(
  http: Http,
  method: string,
  { status, url, body }: Answer,
  said: unknown,
): FailureInAnswer | undefined {
  if (said === undefined) return undefined;
  const text = excerpt(asString(said) ?? JSON.stringify(said), http.redact);
  const facts = { method, url, effect: "maybe", status } as const;
  const failure = new FailureInAnswer(`${method} ${url}: ${status} with an error: ${text}`, facts);
  return Object.defineProperty(failure, "body", { value: body });
}
