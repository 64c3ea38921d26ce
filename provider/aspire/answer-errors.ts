import { asNumber, isObject } from "../core/values.ts";

/*
 * "Batch requests will return a status of 200 for the call itself and other status inside the JSON body"; failures are in an
 * `error` section (REST API common page). The section's shape is not public.
 */

/** The first error anywhere in an answer: at its top, in an item of a list, or under an item's id. */
export function errorWithin(body: unknown): unknown {
  if (Array.isArray(body)) return firstOf(body);
  if (!isObject(body)) return undefined;
  for (const [name, value] of Object.entries(body))
    if (/^errors?$/i.test(name) && isError(value)) return value;
  // One item's own status, beside whatever else is said of it.
  const status = asNumber(body.status) ?? 0;
  return status >= 400 && status < 600 ? body : firstOf(Object.values(body));
}

/** Whatever is not plainly empty is an error. */
export function isError(error: unknown): boolean {
  if (Array.isArray(error)) return error.length > 0;
  return isObject(error) ? Object.keys(error).length > 0 : Boolean(error);
}

function firstOf(values: unknown[]): unknown {
  for (const value of values) {
    const error = errorWithin(value);
    if (error !== undefined) return error;
  }
  return undefined;
}
