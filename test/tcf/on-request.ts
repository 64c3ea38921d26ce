import { subscribe, unsubscribe } from "node:diagnostics_channel";

/** Settings of a connection whose every request opens a socket of its own. */
export const withoutReuse = { headers: { connection: "close" } };

/**
 * Calls `listener` once, at the moment in which the provider hands a request over to its HTTP client: all that it knows then it
 * has read before.
 *
 * @param endpoints where it goes to
 */
export function onNextRequest(endpoints: readonly string[], path: string, listener: () => void): void {
  const channel = "undici:request:create";
  const heard = (message: unknown) => {
    const { request } = message as { request: { origin: unknown; path: string } };
    if (!endpoints.includes(String(request.origin)) || request.path !== path) return;
    unsubscribe(channel, heard);
    listener();
  };
  subscribe(channel, heard);
}
