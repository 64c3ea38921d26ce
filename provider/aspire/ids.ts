import type { Failure } from "../core/data/inputs.ts";

/** Beyond this many ids a list is cut: it stands in ids, plans and errors. */
const most = 20;

/** `A, B, C`, or the first of many and how many more. */
export function enumerate(ids: readonly string[]): string {
  const shown = ids.slice(0, most).join(", ");
  return ids.length > most ? `${shown} and ${ids.length - most} more` : shown;
}

/** An id as messages name it. */
export function quote(id: string): string {
  return JSON.stringify(id.length > 100 ? `${id.slice(0, 97)}...` : id);
}

/** Why an id cannot be sent, if so. */
export function idFailure(id: string): string | undefined {
  if (id.trim() === "") return "is empty";
  try {
    encodeURIComponent(id);
    return undefined;
  } catch {
    return "is not valid Unicode text";
  }
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

/** Why an id must not stand in a path, if so: then it goes in the body, where the page has that form. */
export function pathFailure(id: string): string | undefined {
  if (encodeURIComponent(id).length > longestInPath) return "is too long for a request path";
  if (id === "." || id === "..") return "cannot be part of a request path";
  const [found] = unfit.exec(id) ?? [];
  return found && `holds ${JSON.stringify(found)}, which servers refuse in a path`;
}

/** Why a call whose page has no other form than the path cannot carry an id, if so. */
export function refusedInPath(property: string, id: string, call: string): Failure[] {
  const reason = pathFailure(id);
  if (!reason) return [];
  return [
    {
      property,
      reason: `${quote(id)} ${reason}, and ${call} has no form with the id in the body: it cannot be sent`,
    },
  ];
}
