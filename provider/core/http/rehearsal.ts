import { UnreachableError } from "../data/errors.ts";
import { isObject } from "../data/values.ts";

/** Set by `pulumi-clusterops rehearse` alone: JSON that says which simulator stands for which address. */
export const rehearsalVariable = "CLUSTEROPS_REHEARSAL";

/** Whether this is one. */
export function isRehearsal(env: NodeJS.ProcessEnv): boolean {
  return env[rehearsalVariable] !== undefined;
}

/** Where a request goes in a rehearsal. @throws UnreachableError where nobody stands for that address: nothing leaves then */
export type Reroute = (method: string, url: string) => string;

/**
 * In a rehearsal requests go to the simulators that stand for the addresses they were meant for, and nowhere else: whatever the
 * configuration, the program or the state say, nothing real is reached. Undefined: it is none.
 */
export function reroute(env: NodeJS.ProcessEnv): Reroute | undefined {
  const text = env[rehearsalVariable];
  if (text === undefined) return undefined;
  const routes = routesIn(text).toSorted(([a], [b]) => b.length - a.length);
  return (method, url) => {
    const [from, to] = routes.find(([prefix]) => isBelow(url, prefix)) ?? [];
    if (from !== undefined && to !== undefined) return to + url.slice(from.length);
    const { origin } = new URL(url);
    throw new UnreachableError(
      `${method} ${url}: this is a rehearsal, and no simulator stands for ${origin}: nothing was sent there`,
      { method, url, effect: "no", lasts: true },
    );
  };
}

/** What cannot be read, or would lead away from this machine, stands for nothing: then nothing is reached. */
function routesIn(text: string): [from: string, to: string][] {
  try {
    const routes: unknown = JSON.parse(text);
    return Object.entries(isObject(routes) ? routes : {}).flatMap(([from, to]) =>
      typeof to === "string" && URL.parse(to)?.hostname === "127.0.0.1" ? [[from, to]] : [],
    );
  } catch {
    return [];
  }
}

/** `https://host:9443` is no prefix of `https://host:94430`. */
function isBelow(url: string, prefix: string): boolean {
  return url.startsWith(prefix) && /^([/?#]|$)/.test(url.slice(prefix.length));
}
