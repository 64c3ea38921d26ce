import { firstOf, unwanted } from "../core/data/abort.ts";
import { clock } from "../core/data/clock.ts";
import { BodyError, RequestError } from "../core/data/errors.ts";
import { isObject, type Json } from "../core/data/values.ts";
import type { Answer, CallOptions } from "../core/http/http.ts";

/*
 * An answer of another type than the page documents (a proxy's own JSON, a bare string) is no answer at all. Taken for "there is
 * none", it would send a request twice, or forget a node that is in maintenance.
 */

/** The body as an object. @throws BodyError */
export function objectIn(answer: Answer): Json {
  if (isObject(answer.body)) return answer.body;
  throw undocumented(answer, "an object");
}

/** The body as a list, or the list that it holds under that key. @throws BodyError */
export function listIn(answer: Answer, key?: string): unknown[] {
  const { body } = answer;
  const list = key !== undefined && isObject(body) ? (body[key] ?? []) : body;
  if (Array.isArray(list)) return list;
  throw undocumented(answer, key === undefined ? "a list" : `a list of ${key}`);
}

/**
 * Makes something of a body once, and answers with the same from then on: in a preview a thousand resources share one list, and
 * each would go through all of it. Whoever gets it must not change it.
 */
export function madeOnce<B extends object, T>(make: (body: B) => T): (body: B) => T {
  const made = new WeakMap<B, { result: T }>();
  return (body) => {
    const known = made.get(body);
    if (known) return known.result;
    const result = make(body);
    made.set(body, { result });
    return result;
  };
}

/** A reading that one can do without: what cannot be read leaves open what it would tell. */
export async function ifTold<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof RequestError) return undefined;
    throw error;
  }
}

/** How long a reading may take that nothing is decided by. Settable, so that a test of its silence need not wait as long. */
export const warningPatience = { milliseconds: 5_000 };

/** The same for a mere warning: a path that takes requests and never answers must not hold up what does not need it. */
export async function ifToldSoon<T>(
  read: (options: CallOptions) => Promise<T>,
  { signal, patience, onTrouble, activity }: CallOptions,
): Promise<T | undefined> {
  const limit = new AbortController();
  const callOff = clock.after(warningPatience.milliseconds, () => limit.abort(unwanted));
  try {
    return await ifTold(read({ signal: firstOf([signal, limit.signal]), patience, onTrouble, activity }));
  } catch (error) {
    if (signal.aborted || !limit.signal.aborted) throw error;
    return undefined;
  } finally {
    callOff();
    limit.abort(unwanted);
  }
}

function undocumented({ body, url, status }: Answer, documented: string): BodyError {
  const plain = typeof body === "object" ? "an object" : `a ${typeof body}`;
  const kind = body === null ? "null" : Array.isArray(body) ? "a list" : plain;
  return new BodyError(`GET ${url}: answered ${status} with ${kind} where ${documented} is documented`, {
    method: "GET",
    url,
    effect: "no",
  });
}

/**
 * A word that the page documents, in the page's own spelling, whatever the case. Another text stays as it is: a credential that stands in it is
 * blanked as it is written.
 */
export function wordAmong(documented: readonly string[], text: string): string {
  const said = text.trim();
  const word = said.toLowerCase();
  return documented.includes(word) ? word : said;
}
