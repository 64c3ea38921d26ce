import { Resolutions } from "../../provider/core/connection/resolutions.ts";
import { redactor } from "../../provider/core/http/redact.ts";
import type { SharedWork } from "../../provider/core/work/installation.ts";

/** Patterns that blank out what a connection holds, by that: all stories have the same few credentials. */
const redactors = new Map<string, ReturnType<typeof redactor>>();

/** What all provider processes of a story would work out anew, and always alike: how settings read, and patterns that blank them out. */
export function sharedWork(): Required<SharedWork> {
  return {
    resolutions: new Resolutions(),
    redactorOf(connection) {
      const { username, password, token, headers, oauth2, tls, proxies } = connection;
      const key = JSON.stringify([username, password, token, headers, oauth2, tls, proxies]);
      const known = redactors.get(key) ?? redactor(connection);
      redactors.set(key, known);
      return known;
    },
  };
}
