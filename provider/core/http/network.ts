import { Agent, type Dispatcher, EnvHttpProxyAgent, ProxyAgent, request as send } from "undici";
import type { ResolvedConnection } from "../connection/settings.ts";

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

/** What came back: the body as it arrives. */
export interface Arrival {
  statusCode: number;
  headers: Record<string, string | string[] | undefined>;
  body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** Takes requests there, and answers back: no deadline of its own, no judgement. A simulation brings one without sockets. */
export type Network = (passage: Passage) => Promise<Arrival>;

/** A pool of connections with the TLS and proxy settings of one connection. */
export function openNetwork(connection: ResolvedConnection): Network {
  const dispatcher = dispatcherFor(connection);
  return ({ method, url, headers, body, signal, leave }) =>
    send(url, {
      method: method as Dispatcher.HttpMethod,
      headers,
      body,
      dispatcher: leave ? guarded(dispatcher, leave) : dispatcher,
      signal,
    });
}

function dispatcherFor({ tls, proxy, requestTimeout }: ResolvedConnection): Dispatcher {
  const connect = { ...tls, timeout: Math.min(10_000, requestTimeout) };
  // The deadline of a request is the signal's: undici's own timers would only blur which one struck.
  const options = { connect, headersTimeout: 0, bodyTimeout: 0, allowH2: false, requestTls: connect };
  if (proxy !== undefined) return new ProxyAgent({ ...options, uri: proxy });
  const { HTTPS_PROXY, HTTP_PROXY, https_proxy, http_proxy } = process.env;
  return HTTPS_PROXY || HTTP_PROXY || https_proxy || http_proxy
    ? new EnvHttpProxyAgent(options)
    : new Agent(options);
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
