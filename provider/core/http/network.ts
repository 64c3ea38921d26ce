import { Agent, buildConnector, type Dispatcher, ProxyAgent, request as send } from "undici";
import { proxyFor } from "../connection/proxies.ts";
import type { ResolvedConnection } from "../connection/settings.ts";
import { reroute } from "./rehearsal.ts";

/** One request as it travels. */
export interface Passage {
  method: string;
  url: string;
  headers: Record<string, string>;
  body?: string;
  signal: AbortSignal;
  /** Called when a connection stands and the next thing written is this request. @throws where it must not leave after all */
  leave?(): void;
}

/** What came back: the body as it arrives, or all of it. */
export interface Arrival {
  statusCode: number;
  headers: Record<string, string | string[] | undefined>;
  body: AsyncIterable<Uint8Array> | Uint8Array;
}

/** Takes requests there, and answers back: no deadline of its own, no judgement. A simulation brings one without sockets. */
export type Network = (passage: Passage) => Promise<Arrival>;

/** Pools of connections with the TLS settings of one connection: one for its direct requests, and one for each proxy. */
export function openNetwork({
  tls,
  proxies,
  requestTimeout,
}: Pick<ResolvedConnection, "tls" | "proxies" | "requestTimeout">): Network {
  const connect = {
    ...tls,
    // As curl does: an issuing authority, or the server's own certificate, is trusted without whoever vouches for it.
    allowPartialTrustChain: true,
    timeout: Math.min(10_000, requestTimeout),
  };
  // The deadline of a request is the signal's: undici's own timers would only blur which one struck.
  const options = { connect, headersTimeout: 0, bodyTimeout: 0, allowH2: false, requestTls: connect };
  const direct = new Agent({
    ...options,
    connect: keepingAlerts(buildConnector({ ...connect, allowH2: false })),
  });
  const proxied = new Map<string, Dispatcher>();
  // undici's own EnvHttpProxyAgent knows no ranges, and lets an empty variable hide another one.
  const dispatcherFor = (url: string) => {
    const uri = proxyFor(url, proxies);
    if (uri === undefined) return direct;
    const known = proxied.get(uri) ?? new ProxyAgent({ ...options, uri });
    proxied.set(uri, known);
    return known;
  };
  const rehearsed = reroute(process.env);
  return async ({ method, url, headers, body, signal, leave }) => {
    const to = rehearsed ? rehearsed(method, url) : url;
    // A simulator is on this machine.
    const dispatcher = rehearsed ? direct : dispatcherFor(url);
    return send(to, {
      method: method as Dispatcher.HttpMethod,
      headers,
      body,
      dispatcher: leave ? guarded(dispatcher, leave) : dispatcher,
      signal,
    });
  };
}

/**
 * The end of a connection hides from undici the alert that came before it. With TLS 1.3 a server says only so that it wants a client
 * certificate, or does not take it: the handshake is over by then for the client.
 */
function keepingAlerts(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...[error, socket]: Parameters<buildConnector.Callback>) => {
      socket?.once("error", (alert) => socket.destroy(alert));
      callback(...([error, socket] as Parameters<buildConnector.Callback>));
    });
}

/** Asks when a connection stands and the next thing written is this request: before that, nothing has left. */
function guarded(dispatcher: Dispatcher, leave: () => void): Dispatcher {
  return dispatcher.compose((dispatch) => (options, handler) => {
    const guard: Dispatcher.DispatchHandler = {
      onRequestStart(controller, context) {
        handler.onRequestStart?.(controller, context);
        try {
          leave();
        } catch (error) {
          controller.abort(error as Error);
        }
      },
      onRequestUpgrade: (...all) => handler.onRequestUpgrade?.(...all),
      onResponseStart: (...all) => handler.onResponseStart?.(...all),
      onResponseData: (...all) => handler.onResponseData?.(...all),
      onResponseEnd: (...all) => handler.onResponseEnd?.(...all),
      onResponseError: (...all) => handler.onResponseError?.(...all),
    };
    return dispatch(options, guard);
  });
}
