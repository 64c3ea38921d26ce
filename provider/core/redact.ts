import type { ResolvedConnection } from "./connection.ts";

/**
 * What a text is: a message, of which a word too much may be blanked; or data, which is compared when an attempt is resumed. A
 * header such as `X-Env: prod` must not blank a part of a task id: the next `up` would take the task for another one.
 */
export type TextKind = "message" | "data";

/** Below this a credential would be found in ordinary words; such short ones are not credentials worth the name. */
const shortest: Record<TextKind, number> = { message: 4, data: 8 };
/** Headers that hold a credential in all likelihood: by their name, or by the length of their value. */
const telling = /auth|key|token|secret|pass|cookie|credential|signature/i;
const longHeader = 16;

/** A function that blanks a connection's credentials, in any of the forms in which they travel, out of a text. */
export function redactor(connection: ResolvedConnection): (text: string, kind?: TextKind) => string {
  const secrets = { message: formsOf(connection, "message"), data: formsOf(connection, "data") };
  return (text, kind = "message") =>
    secrets[kind].reduce((sum, secret) => sum.replaceAll(secret, "[redacted]"), text);
}

/** The longest first: one may be part of another. */
function formsOf(connection: ResolvedConnection, kind: TextKind): string[] {
  const { username, password, token, headers, oauth2, tls, proxy } = connection;
  const proxyUser = credentialsIn(proxy);
  const isCredential = ([name, value]: [string, string]) =>
    kind === "message" || telling.test(name) || value.length >= longHeader;
  const secrets = [
    password,
    token,
    oauth2?.password,
    oauth2?.clientSecret,
    tls.key,
    proxyUser?.password,
    ...Object.entries(headers)
      .filter(isCredential)
      .map(([, value]) => value),
  ]
    .filter((secret): secret is string => secret !== undefined && secret.length >= shortest[kind])
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]);
  if (username !== undefined && password !== undefined) secrets.push(basicCredentials(username, password));
  if (proxyUser) secrets.push(basicCredentials(proxyUser.username, proxyUser.password));
  return [...new Set(secrets)].sort((a, b) => b.length - a.length);
}

/** What follows `Basic ` in an Authorization header (RFC 7617). */
export function basicCredentials(username: string, password: string): string {
  return Buffer.from(`${username}:${password}`, "utf8").toString("base64");
}

/** A URL holds them encoded; headers and messages do not. */
function credentialsIn(proxy: string | undefined): { username: string; password: string } | undefined {
  const url = proxy === undefined ? null : URL.parse(proxy);
  if (!url?.password) return undefined;
  const [username = "", password = ""] = [url.username, url.password].map((text) => {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  });
  return { username, password };
}
