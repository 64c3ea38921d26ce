import type { Activity } from "../data/activity.ts";
import { messageOf } from "../data/errors.ts";
import type { RawAnswer } from "./transport.ts";

interface Told {
  method: string;
  url: string;
  headers: Record<string, string>;
  signal: AbortSignal;
}

/** Sends a request as a part of an activity, in the words of OpenTelemetry's conventions for HTTP. */
export async function told<R extends Told>(
  activity: Activity,
  request: R,
  send: (request: R) => Promise<RawAnswer>,
): Promise<RawAnswer> {
  const { method, url, headers, signal } = request;
  const { hostname, port, protocol, pathname } = new URL(url);
  const part = activity.begin("request", `${method} ${pathname}`, {
    "http.request.method": method,
    "url.full": url,
    "server.address": hostname,
    "server.port": Number(port || (protocol === "https:" ? 443 : 80)),
  });
  const { traceparent } = part;
  let failure: string | undefined;
  try {
    const answer = await send(traceparent ? { ...request, headers: { ...headers, traceparent } } : request);
    const { status } = answer;
    part.note({
      "http.response.status_code": status,
      ...(status >= 400 && { "error.type": String(status) }),
    });
    if (status >= 400) failure = `${method} ${pathname}: ${status}`;
    return answer;
  } catch (error) {
    // Nobody waits for it any more: it has not failed.
    if (signal.aborted) part.note({ "clusterops.abandoned": true });
    else {
      failure = messageOf(error);
      part.note({ "error.type": error instanceof Error ? error.name : "error" });
    }
    throw error;
  } finally {
    part.end(failure);
  }
}
