import { isObject, type Json } from "../data/values.ts";

/*
 * A 200 may say failure in its body. Aspire's REST API does so by intent ("Batch requests will return a status of 200 for the call
 * itself and other status inside the JSON body"; failures are in an `error` section whose shape is not public), FACT-Finder by
 * `success: false` and by its ApiError.
 */

/** Fields that are there, and hold something, only where something went wrong. */
const failureFields = /^(errors?|error_?(messages?|descriptions?|code)|exceptions?)$/i;
const statusFields = /^(status|statusCode|code)$/i;
/** A status in words counts near the top only: further in it may be that of a crawl, which has failed long ago. */
const deepestWord = 1;
const failureWord = /^(error|fail(ed|ure)?|denied|rejected|refused|forbidden|unauthori[sz]ed|not.?found)$/i;

/** What a body says of a failure, anywhere in it: at its top, in an item of a list, under an item's id. Undefined: nothing. */
export function failureWithin(body: unknown, depth = 0): unknown {
  if (Array.isArray(body)) return firstOf(body, depth);
  if (!isObject(body)) return undefined;
  return ownFailure(body, depth) ?? firstOf(Object.values(body), depth + 1);
}

/** What an object says of its own failure, whatever it says of its parts. */
export function ownFailure(body: Json, depth = 0): unknown {
  const fields = Object.entries(body);
  const error = fields.find(([name, value]) => failureFields.test(name) && isSaid(value));
  // `success` or a status stand beside what was said of it.
  if (error && fields.length === 1) return error[1];
  if (error) return /^errors?$/i.test(error[0]) ? error[1] : body;
  return fields.some(([name, value]) => isFailure(name, value, depth)) ? body : undefined;
}

/** Whatever `success` may say for no. */
export function saysNo(value: unknown): boolean {
  return (
    value === false || value === 0 || (typeof value === "string" && /^(false|0|no)$/i.test(value.trim()))
  );
}

function isFailure(name: string, value: unknown, depth: number): boolean {
  if (/^success(ful)?$/i.test(name)) return saysNo(value);
  if (!statusFields.test(name) || (typeof value !== "string" && typeof value !== "number")) return false;
  const text = String(value).trim();
  return /^[45]\d\d(\.0+)?(\D|$)/.test(text) || (depth <= deepestWord && failureWord.test(text));
}

/** Whatever is not plainly empty. */
function isSaid(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return isObject(value) ? Object.keys(value).length > 0 : Boolean(value);
}

function firstOf(values: unknown[], depth: number): unknown {
  for (const value of values) {
    const failure = failureWithin(value, depth);
    if (failure !== undefined) return failure;
  }
  return undefined;
}
