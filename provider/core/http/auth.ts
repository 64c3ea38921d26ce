import type { ResolvedConnection } from "../connection/settings.ts";
import { abortable } from "../data/abort.ts";
import { clock } from "../data/clock.ts";
import { basicCredentials } from "./redact.ts";
import type { TokenEndpoint } from "./token-endpoint.ts";

/** Credentials for each request of one connection. */
export interface Auth {
  /** @param limit milliseconds that a token may take which is only needed for a look ahead */
  headers(signal: AbortSignal, limit?: number): Promise<Record<string, string>>;
  /** Forgets a token that the server no longer takes. False when there is nothing to renew. */
  renew(rejected: Record<string, string>): boolean;
  /** Tokens that were had, for blanking them out of what servers say. */
  tokens(): readonly string[];
}

/** @param askForToken where the connection has `oauth2` */
export function authFor(connection: ResolvedConnection, askForToken: TokenEndpoint | undefined): Auth {
  const { username, password, token, oauth2, headers, system } = connection;
  if (oauth2 && askForToken) return tokenAuth(headers, askForToken);
  const authorization: Record<string, string> =
    token !== undefined
      ? { authorization: `${system.tokenScheme ?? "Bearer"} ${token}` }
      : username !== undefined && password !== undefined
        ? { authorization: `Basic ${basicCredentials(username, password)}` }
        : {};
  const fixed = { ...authorization, ...headers };
  return { headers: async () => fixed, renew: () => false, tokens: () => [] };
}

/** A token is renewed this long before it expires, but at most after nine tenths of its life. */
const margin = 30_000;
/** In seconds, where the server does not say. A 401 renews the token anyway. */
const assumedLife = 300;

function tokenAuth(fixed: Record<string, string>, askForToken: TokenEndpoint): Auth {
  let current: { value: string; renewAt: number } | undefined;
  /** The last few: an answer to a request with the one before may come late. */
  let had: string[] = [];

  async function fetchToken(limit?: number): Promise<string> {
    // Several may wait for the token, so none of their cancellations ends the request: the time for a request does.
    const { access_token: value, expires_in = assumedLife } = await askForToken(limit);
    const life = expires_in * 1_000;
    had = [...had.filter((token) => token !== value).slice(-4), value];
    current = { value, renewAt: clock.now() + Math.max(life - margin, life * 0.9) };
    return value;
  }

  const renewed = shared(fetchToken);
  // Looks ahead wait for less time.
  const renewedAhead = shared(fetchToken);

  return {
    async headers(signal, limit) {
      if (current && clock.now() >= current.renewAt) current = undefined;
      const renewing = limit === undefined ? renewed : renewedAhead;
      const value = current?.value ?? (await abortable(renewing(limit), signal));
      return { ...fixed, authorization: `Bearer ${value}` };
    },
    renew(rejected) {
      if (current && rejected.authorization === `Bearer ${current.value}`) current = undefined;
      return true;
    },
    tokens: () => had,
  };
}

/** The same work, where whoever comes while it is done waits for the one that goes on. */
function shared<A, T>(work: (argument: A) => Promise<T>): (argument: A) => Promise<T> {
  let running: Promise<T> | undefined;
  return (argument) => {
    if (running) return running;
    running = work(argument).finally(() => {
      running = undefined;
    });
    // Whoever waited for it may be gone by the time it fails.
    running.catch(() => undefined);
    return running;
  };
}
