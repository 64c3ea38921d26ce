import type { OAuth2, ResolvedConnection } from "../connection/settings.ts";
import { abortable } from "../data/abort.ts";
import { clock } from "../data/clock.ts";
import { BodyError, messageOf, RequestError, TokenError } from "../data/errors.ts";
import { asNumber, asObject, asString } from "../data/values.ts";
import { basicCredentials } from "./redact.ts";

/** Sends a form to a token endpoint and answers with the JSON that came back. */
export type FormPost = (
  url: string,
  form: Record<string, string>,
  signal: AbortSignal,
  limit: number | undefined,
) => Promise<unknown>;

/** Credentials for each request of one connection. */
export interface Auth {
  /** @param limit milliseconds that a token may take which is only needed for a look ahead */
  headers(signal: AbortSignal, limit?: number): Promise<Record<string, string>>;
  /** Forgets a token that the server no longer takes. False when there is nothing to renew. */
  renew(rejected: Record<string, string>): boolean;
  /** Tokens that were had, for blanking them out of what servers say. */
  tokens(): readonly string[];
}

export function authFor(connection: ResolvedConnection, post: FormPost): Auth {
  const { username, password, token, oauth2, headers, system } = connection;
  if (oauth2) return tokenAuth(oauth2, headers, post);
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
/** RFC 6749 leaves `expires_in` optional; a 401 renews the token anyway. */
const assumedLife = 300;

function tokenAuth(oauth2: OAuth2, fixed: Record<string, string>, post: FormPost): Auth {
  let current: { value: string; renewAt: number } | undefined;
  let fetching: Promise<string> | undefined;
  /** For looks ahead, which wait for less time. */
  let fetchingAhead: Promise<string> | undefined;
  /** The last few: an answer to a request with the one before may come late. */
  let had: string[] = [];

  async function fetchToken(limit?: number): Promise<string> {
    const facts = { method: "POST", url: oauth2.tokenUrl, effect: "no" } as const;
    // Several may wait for the token, so none of their cancellations ends the request: the time for a request does.
    const { signal } = new AbortController();
    const answer = asObject(
      await post(oauth2.tokenUrl, tokenForm(oauth2), signal, limit).catch((cause: unknown) => {
        const retryAfter = cause instanceof RequestError ? cause.retryAfter : undefined;
        throw new TokenError(`no access token: ${messageOf(cause)}`, { ...facts, retryAfter }, { cause });
      }),
    );
    const value = asString(answer.access_token);
    if (!value) {
      const reason = `POST ${oauth2.tokenUrl}: answered without an access_token`;
      throw new TokenError(`no access token: ${reason}`, facts, { cause: new BodyError(reason, facts) });
    }
    const life = (asNumber(answer.expires_in) ?? assumedLife) * 1_000;
    had = [...had.filter((token) => token !== value).slice(-4), value];
    current = { value, renewAt: clock.now() + Math.max(life - margin, life * 0.9) };
    return value;
  }

  /** Concurrent requests share one fetch. */
  function renewed(): Promise<string> {
    if (fetching) return fetching;
    fetching = fetchToken().finally(() => {
      fetching = undefined;
    });
    // Whoever waited for it may be gone by the time it fails.
    fetching.catch(() => undefined);
    return fetching;
  }

  function renewedAhead(limit: number): Promise<string> {
    if (fetchingAhead) return fetchingAhead;
    fetchingAhead = fetchToken(limit).finally(() => {
      fetchingAhead = undefined;
    });
    fetchingAhead.catch(() => undefined);
    return fetchingAhead;
  }

  return {
    async headers(signal, limit) {
      if (current && clock.now() >= current.renewAt) current = undefined;
      const value =
        current?.value ?? (await abortable(limit === undefined ? renewed() : renewedAhead(limit), signal));
      return { ...fixed, authorization: `Bearer ${value}` };
    },
    renew(rejected) {
      if (current && rejected.authorization === `Bearer ${current.value}`) current = undefined;
      return true;
    },
    tokens: () => had,
  };
}

/** RFC 6749, sections 4.3.2 and 4.4.2, with the client's credentials in the body. */
function tokenForm({
  grantType = "client_credentials",
  clientId,
  clientSecret,
  username,
  password,
  scope,
}: OAuth2): Record<string, string> {
  const form: Record<string, string | undefined> = {
    grant_type: grantType,
    client_id: clientId,
    client_secret: clientSecret,
    ...(grantType === "password" && { username, password }),
    scope,
  };
  return Object.fromEntries(
    Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
