import type { Connection, System } from "../core/connection/settings.ts";
import type { Http } from "../core/http/http.ts";

/** FACT-Finder NG, REST v5. The context path (`/fact-finder`) is part of the endpoint. */
export const factfinder: System = { name: "factfinder", title: "FACT-Finder" };

/** A node as its user calls it: the connection's name, or its endpoint. Never a credential: URLs with userinfo are refused. */
export function labelOf({ connection }: Http): string {
  return connection.name === "inline" ? (connection.endpoints[0] as string) : connection.name;
}

/** The same before a connection has been looked up, for ids and errors. */
export function nameOf(reference: string | Connection | undefined): string {
  if (typeof reference !== "object") return reference ?? factfinder.name;
  const url = URL.parse(reference.endpoints?.[0] ?? reference.endpoint ?? "");
  return url ? url.origin + url.pathname.replace(/\/+$/, "") : "inline";
}

/** What a preview says of a connection that should be one node: behind several addresses it is any that answers. */
export function severalEndpoints(http: Http): string[] {
  return http.connection.endpoints.length > 1
    ? [`${labelOf(http)} has several endpoints: they must all be the same node`]
    : [];
}
