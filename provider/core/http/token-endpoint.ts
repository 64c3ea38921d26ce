import { validateHeaderValue } from "node:http";
import type { OAuth2, ResolvedConnection } from "../connection/settings.ts";
import { advice } from "../data/advice.ts";
import {
  BodyError,
  messageOf,
  RequestError,
  reworded,
  type StatusError,
  TokenError,
} from "../data/errors.ts";
import { asNumber, asObject, asString, type Json } from "../data/values.ts";
import { explanation, parseLoosely, readBody, statusError } from "./answers.ts";
import { clientCredentials } from "./redact.ts";
import { redirectStatuses } from "./redirects.ts";
import type { RawAnswer } from "./transport.ts";

/** Sends a form to a token endpoint. */
export type FormPost = (
  url: string,
  headers: Record<string, string>,
  form: string,
  limit: number | undefined,
) => Promise<RawAnswer>;

/** What is used of a good answer (RFC 6749, 5.1). */
export interface Token {
  access_token: string;
  /** Seconds. Undefined: it does not say. */
  expires_in?: number;
}

/** Asks for a token. @param limit milliseconds that it may take, where it is only needed for a look ahead */
export type TokenEndpoint = (limit?: number) => Promise<Token>;

type TokenAuth = NonNullable<OAuth2["tokenAuth"]>;

/** The token endpoint of a connection. How it wants the client's credentials is found out once. */
export function tokenEndpoint(
  connection: Pick<ResolvedConnection, "name">,
  oauth2: OAuth2,
  post: FormPost,
  redact: (text: string) => string,
): TokenEndpoint {
  const url = oauth2.tokenUrl;
  const facts = { method: "POST", url, effect: "no" } as const;
  // Asking for a token changes nothing at the installation.
  const call = {
    method: "POST",
    path: url,
    expect: "json" as const,
    needs: "the OAuth 2 client and user of the connection",
  };
  let known: TokenAuth = oauth2.tokenAuth ?? "body";

  return async (limit) => {
    try {
      return tokenIn(await ask(limit));
    } catch (cause) {
      if (cause instanceof TokenError) throw cause;
      const retryAfter = cause instanceof RequestError ? cause.retryAfter : undefined;
      throw new TokenError(`no access token: ${messageOf(cause)}`, { ...facts, retryAfter }, { cause });
    }
  };

  async function ask(limit: number | undefined): Promise<RawAnswer> {
    const send = (way: TokenAuth) => post(url, headersFor(oauth2, way), formFor(oauth2, way), limit);
    const first = await send(known);
    if (!wantsAnother(first, known)) return judged(first);
    const other = known === "body" ? "basic" : "body";
    const second = await send(other);
    if (!isGood(second)) {
      // One that is out of order for the moment has refused nobody.
      if (second.status >= 500 || second.status === 429) return judged(second);
      throw withHint(problemOf(first), ` (${titles[other]} was answered with ${second.status})`);
    }
    known = other;
    return second;
  }

  /**
   * RFC 6749, 5.2: the server may say with a 401 which schemes it takes; an unsupported one is an invalid client, too, be it with 400. A 401
   * that says neither is a framework's, which has found no credentials where it looks for them.
   */
  function wantsAnother({ status, headers, text }: RawAnswer, way: TokenAuth): boolean {
    const isOpen =
      oauth2.tokenAuth === undefined && oauth2.clientId !== undefined && oauth2.clientSecret !== undefined;
    if (!isOpen || (status !== 401 && status !== 400)) return false;
    const schemes = String(headers["www-authenticate"] ?? "");
    if (way === "body" && /\bbasic\b/i.test(schemes)) return true;
    const error = asString(asObject(parseLoosely(text)).error);
    if (error === "invalid_client") return true;
    const isOfOauth = error !== undefined && errorCode.test(error);
    // A user's password is not tried twice where it may have been that: accounts are locked for it.
    return (
      way === "body" && status === 401 && schemes === "" && !isOfOauth && oauth2.grantType !== "password"
    );
  }

  function judged(raw: RawAnswer): RawAnswer {
    if (isGood(raw)) return raw;
    throw withHint(problemOf(raw), redirectStatuses.includes(raw.status) ? redirectHint(raw) : "");
  }

  function problemOf(raw: RawAnswer): StatusError {
    return statusError(call, url, raw, redact);
  }

  /** Where it now is, if that is what the redirect says: others lead to a page to sign in. */
  function redirectHint({ status, headers }: RawAnswer): string {
    const location = asString(headers.location);
    const to = location === undefined ? null : URL.parse(location, url);
    const isMoved = [301, 307, 308].includes(status);
    if (
      !to ||
      !isMoved ||
      (url.startsWith("https:") && to.protocol !== "https:") ||
      to.username ||
      to.password
    )
      return ": check oauth2.tokenUrl";
    const there = to.origin + to.pathname;
    return connection.name === "inline"
      ? `: if that is the token endpoint, set oauth2.tokenUrl to ${there}`
      : `: if that is the token endpoint, ${advice.configure(`connections.${connection.name}.oauth2.tokenUrl`, there)}`;
  }

  function tokenIn(raw: RawAnswer): Token {
    const answer = asObject(readBody(call, url, raw, "no"));
    const value = asString(answer.access_token);
    if (value === undefined) {
      const said = refusalIn(answer, raw.text, redact);
      throw new BodyError(`POST ${url}: answered without an access_token${said && `: ${said}`}`, facts);
    }
    const type = asString(answer.token_type);
    if (type !== undefined && !/bearer|^jwt$/i.test(type))
      throw unusable(
        `its token_type is ${JSON.stringify(redact(type.slice(0, 40)))}, and only bearer tokens can be sent`,
      );
    try {
      validateHeaderValue("authorization", value);
    } catch {
      throw unusable("it has a character that no header can carry");
    }
    const life = asNumber(answer.expires_in);
    // Some say 0 for "never".
    return { access_token: value, expires_in: life !== undefined && life > 0 ? life : undefined };
  }

  /** Another try would bring the same. */
  function unusable(why: string): TokenError {
    return new TokenError(`no access token that can be used: POST ${url}: ${why}`, facts);
  }
}

/** An error's code as OAuth 2 writes it: a token looks otherwise. */
const errorCode = /^[a-z]+(_[a-z]+)+$/;

/** Some say with a 200 what is wrong. Whatever else stands in such an answer may be the token, and is not repeated. */
function refusalIn(answer: Json, text: string, redact: (text: string) => string): string {
  if (!errorCode.test(asString(answer.error) ?? "")) return "";
  const { code, message } = explanation(text, redact);
  return [code, message].filter(Boolean).join(": ");
}

const titles: Record<TokenAuth, string> = {
  basic: "HTTP Basic",
  body: "the client's credentials in the body",
};

function isGood({ status }: RawAnswer): boolean {
  return status >= 200 && status < 300;
}

function withHint(error: StatusError, hint: string): Error {
  return hint === "" ? error : reworded(error, error.message + hint);
}

function headersFor(oauth2: OAuth2, way: TokenAuth): Record<string, string> {
  const basic = way === "basic" && clientCredentials(oauth2);
  return {
    "content-type": "application/x-www-form-urlencoded",
    accept: "application/json",
    ...(basic && { authorization: `Basic ${basic}` }),
  };
}

/** RFC 6749, sections 4.3.2 and 4.4.2. The client shows its credentials in one way only (2.3). */
function formFor(oauth2: OAuth2, way: TokenAuth): string {
  const { grantType = "client_credentials", clientId, clientSecret, username, password, scope } = oauth2;
  const form: Record<string, string | undefined> = {
    grant_type: grantType,
    ...(way === "body" && { client_id: clientId, client_secret: clientSecret }),
    ...(grantType === "password" && { username, password }),
    scope,
  };
  const given = Object.entries(form).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams(given).toString();
}
