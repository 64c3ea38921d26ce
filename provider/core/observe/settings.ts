import { isAbsolute } from "node:path";
import leven from "leven";
import type { ConfigSource } from "../connection/configured.ts";
import { InputError } from "../data/errors.ts";

/** Where events go: one line a time at the end of a file, or one request each. */
export type EventTarget = { file: string } | { url: string };

/** What a user wants to be told, and where. */
export interface ObserveSettings {
  events: EventTarget | undefined;
  /** Whether requests carry `traceparent`. */
  traceparent: boolean;
}

const keys = { events: "clusterops:events", traceparent: "clusterops:traceparent" };
const variables = { events: "CLUSTEROPS_EVENTS", traceparent: "CLUSTEROPS_TRACEPARENT" };

/** What the environment says, else configuration. @throws InputError under the key or the variable that is wrong */
export function observeSettings(config: ConfigSource, env: NodeJS.ProcessEnv): ObserveSettings {
  refuseMisspelled(config, env);
  const read = <T>(name: keyof typeof keys, parse: (text: string, property: string) => T): T | undefined => {
    if (env[variables[name]]) return parse(env[variables[name]] as string, variables[name]);
    const text = config(keys[name]);
    return text ? parse(text, keys[name]) : undefined;
  };
  return { events: read("events", targetOf), traceparent: read("traceparent", isTrue) ?? false };
}

/** One that is nearly right would be passed over in silence: nobody is told of the night's failover. */
function refuseMisspelled(config: ConfigSource, env: NodeJS.ProcessEnv): void {
  const given = [
    ...(config.keys?.() ?? []),
    ...Object.keys(env).filter((name) => /^clusterops_/i.test(name)),
  ];
  const known = [...Object.values(keys), ...Object.values(variables)];
  for (const key of given) {
    const meant = known.find((each) => each !== key && leven(plain(each), plain(key)) <= 1);
    if (meant !== undefined && !known.includes(key))
      throw new InputError(key, `is not read: did you mean ${meant}?`);
  }
}

function plain(key: string): string {
  return key.toLowerCase().replace(/[-_]/g, "");
}

function isTrue(text: string, property: string): boolean {
  if (text === "true" || text === "false") return text === "true";
  throw new InputError(property, "is true or false");
}

/** The text is never repeated: the path of a chat's webhook is its credential. */
function targetOf(text: string, property: string): EventTarget {
  if (isAbsolute(text)) return { file: text };
  const url = URL.parse(text);
  const wanted = "write the absolute path of a file, or an https:// URL";
  if (!url) throw new InputError(property, `is neither an absolute path nor a URL: ${wanted}`);
  if (url.username || url.password)
    throw new InputError(property, `has a user name or password in the URL: ${wanted} without them`);
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname)))
    return { url: url.href };
  if (url.protocol === "http:")
    throw new InputError(
      property,
      "would send events over the network in clear: http:// is for this machine only, write https://",
    );
  throw new InputError(property, `has the scheme ${url.protocol.slice(0, -1)}: ${wanted}`);
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127(\.\d+){3}$/.test(host);
}
