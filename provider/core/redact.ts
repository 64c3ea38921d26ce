import type { ResolvedConnection } from "./connection.ts";

/** Below this a credential would be found in ordinary words; such short ones are not credentials worth the name. */
const shortest = 4;

/** A function that blanks a connection's credentials, in any of the forms in which they travel, out of a text. */
export function redactor(connection: ResolvedConnection): (text: string) => string {
  const { username, password, token, headers, oauth2, tls, proxy } = connection;
  const proxyUser = credentialsIn(proxy);
  const secrets = [
    password,
    token,
    oauth2?.password,
    oauth2?.clientSecret,
    tls.key,
    proxyUser?.password,
    ...Object.values(headers),
  ]
    .filter((secret): secret is string => secret !== undefined && secret.length >= shortest)
    .flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]);
  if (username !== undefined && password !== undefined) secrets.push(basicCredentials(username, password));
  if (proxyUser) secrets.push(basicCredentials(proxyUser.username, proxyUser.password));
  const longestFirst = [...new Set(secrets)].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((sum, secret) => sum.replaceAll(secret, "[redacted]"), text);
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
