import type { Caller, Gate, OAuth2Options } from "./auth.ts";
import { type Answer, type Exchange, json } from "./exchange.ts";
import type { Route } from "./router.ts";

/** The token endpoint of RFC 6749 with the two grants that a connection may ask for: password and client_credentials. */
export function tokenRoute(gate: Gate, options: OAuth2Options): Route {
  return { method: "POST", path: options.path ?? "/oauth/token", token: true, handle };

  function handle(exchange: Exchange): Answer {
    const form = new URLSearchParams(exchange.text);
    const client = findClient(exchange, form, options);
    const grant = form.get("grant_type");
    const asksForClient = grant === "client_credentials" || (options.clients?.length ?? 0) > 0;
    // With a 401 it says which schemes it takes (5.2).
    if (asksForClient && !client)
      return json(
        401,
        { error: "invalid_client" },
        options.clientAuth === "basic" ? { "www-authenticate": 'Basic realm="tokens"' } : {},
      );
    if (grant === "client_credentials" && client) return issue(client);
    if (grant !== "password") return json(400, { error: "unsupported_grant_type" });
    const user = gate.findUser(form.get("username"), form.get("password"));
    return user ? issue(user) : json(400, { error: "invalid_grant", error_description: "Bad credentials" });
  }

  function issue(caller: Caller): Answer {
    const lifeMs = options.expiresInMs ?? 300_000;
    const body = {
      access_token: gate.issue(caller, lifeMs),
      token_type: "bearer",
      expires_in: Math.floor(lifeMs / 1000),
    };
    return json(200, body, { "cache-control": "no-store" });
  }
}

/** RFC 6749 2.3.1: a client names itself by HTTP Basic (each part form-encoded) or in the form. */
function findClient(exchange: Exchange, form: URLSearchParams, options: OAuth2Options): Caller | undefined {
  const [scheme = "", credentials = ""] = (exchange.headers.authorization ?? "").split(" ");
  const isBasic = /^basic$/i.test(scheme);
  if (options.clientAuth === (isBasic ? "body" : "basic")) return undefined;
  const basic = isBasic ? Buffer.from(credentials, "base64").toString().split(":") : undefined;
  const [id, secret] = basic
    ? basic.map((part) => decodeURIComponent(part.replaceAll("+", " ")))
    : [form.get("client_id"), form.get("client_secret")];
  const client = options.clients?.find((it) => it.clientId === id && it.clientSecret === secret);
  return client && { name: client.clientId, roles: client.roles };
}
