import { isAbsolute } from "node:path";
import type { ConfigSource } from "../connection/configured.ts";
import { settingOf } from "../connection/setting.ts";
import { InputError } from "../data/errors.ts";
import { isRehearsal } from "../http/rehearsal.ts";

/** Where events go: one line a time at the end of a file, or one request each. */
export type EventTarget = { file: string } | { url: string };

/** What a user wants to be told, and where. */
export interface ObserveSettings {
  events: EventTarget | undefined;
  /** Whether requests carry `traceparent`. */
  traceparent: boolean;
}

/** What the environment says, else configuration. @throws InputError under the key or the variable that is wrong */
export function observeSettings(config: ConfigSource, env: NodeJS.ProcessEnv): ObserveSettings {
  // Whoever is told of real work is not told of a rehearsal, wherever that is set: in the project's file, in a provider's arguments.
  if (isRehearsal(env)) return { events: undefined, traceparent: false };
  const [events, traceparent] = ["events", "traceparent"].map((name) =>
    settingOf(name, config, env, { isEmptyUnset: true }),
  );
  return {
    events: events && targetOf(events.text, events.at),
    traceparent: traceparent !== undefined && isTrue(traceparent.text, traceparent.at),
  };
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
