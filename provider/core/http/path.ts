import { ClusteropsError } from "../data/errors.ts";

/**
 * A request path whose placeholders are encoded, so that no id, however hostile, changes which path is requested.
 *
 * @example path`/v1/nodes/${uid}/actions/${action}`
 * @throws ClusteropsError for an empty piece, `.` and `..`: percent-encoding does not protect those
 */
export function path(literals: TemplateStringsArray, ...pieces: (string | number)[]): string {
  return literals.reduce(
    (sum, literal, index) => `${sum}${encode(pieces[index - 1] as string | number)}${literal}`,
  );
}

function encode(piece: string | number): string {
  const text = String(piece);
  if (text === "" || text === "." || text === "..") {
    throw new ClusteropsError(`${JSON.stringify(text)} cannot be part of a request path`);
  }
  try {
    return encodeURIComponent(text);
  } catch (cause) {
    throw new ClusteropsError(`${JSON.stringify(text)} is not valid Unicode text`, { cause });
  }
}

/** Query parameters; an array repeats its key, undefined leaves it out. */
export type Query = Record<string, string | number | boolean | readonly (string | number)[] | undefined>;

/** `?a=1&b=2&b=3`, or nothing. */
export function queryString(query?: Query): string {
  if (!query) return "";
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value])
      if (item !== undefined) search.append(key, String(item));
  }
  const text = search.toString();
  return text && `?${text}`;
}

/** Scheme, host and port of a URL as they are written: two spellings of one are two. Each request asks, and parsing all of it is slow. */
export function originOf(url: string): string {
  return /^[^/]*\/\/[^/?#]*/.exec(url)?.[0] ?? url;
}

/** Its path, in the same way. */
export function pathnameOf(url: string): string {
  return /^[^/]*\/\/[^/?#]*([^?#]*)/.exec(url)?.[1] || "/";
}
