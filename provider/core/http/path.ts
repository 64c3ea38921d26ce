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
  const reason = text === "" || isDots(text) ? unfitPiece : text.isWellFormed() ? undefined : noUnicode;
  if (reason) throw new ClusteropsError(`${JSON.stringify(text)} ${reason}`);
  return encodeURIComponent(text);
}

const unfitPiece = "cannot be part of a request path";
const noUnicode = "is not valid Unicode text";

function isDots(text: string): boolean {
  return text === "." || text === "..";
}

/** Why a text names nothing that could be sent, in whatever place, if so. */
export function textFailure(text: string): string | undefined {
  if (text.trim() === "") return "is empty";
  return text.isWellFormed() ? undefined : noUnicode;
}

/**
 * What servlet containers (Jetty 10, Tomcat) and the firewalls in front of them refuse in a path although it is encoded: a slash
 * or a backslash, which some take for a separator, `;`, which begins a parameter, `%`, which some decode twice, and control
 * characters. A manager's id is such a one: `manager_192.168.0.16:40505//AAABeOQLewo=`.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unfit = /[/\\;%\u0000-\u001f\u007f-\u009f]/;

/** Servlet containers take 8 KiB of request line and headers together. */
const longestInPath = 4_000;

/** Why a text must not stand in a path, if so. */
export function pathFailure(text: string): string | undefined {
  if (encodeURIComponent(text).length > longestInPath) return "is too long for a request path";
  if (isDots(text)) return unfitPiece;
  const [found] = unfit.exec(text) ?? [];
  return found && `holds ${JSON.stringify(found)}, which servers refuse in a path`;
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
