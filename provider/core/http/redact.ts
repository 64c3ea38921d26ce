import { proxyCredentials } from "../connection/proxies.ts";
import type { OAuth2, ResolvedConnection } from "../connection/settings.ts";
import { isObject } from "../data/values.ts";

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
/** More than this is not quoted of a server's words. */
const longest = 300;

/** A function that blanks a connection's credentials, in any of the forms in which they travel, out of a text. */
export function redactor(connection: ResolvedConnection): (text: string, kind?: TextKind) => string {
  const blank = {
    message: blanking(secretsOf(connection, "message")),
    data: blanking(secretsOf(connection, "data")),
  };
  return (text, kind = "message") => blank[kind](text);
}

/**
 * A function that blanks some secrets out of a text, however it was written: with blanks and line breaks run together, escaped in
 * JSON (in a text inside JSON, escaped twice), in a URL, a form or HTML. The longest first: one may be part of another.
 */
export function blanking(secrets: readonly string[]): (text: string) => string {
  const patterns = [...new Set(secrets)].sort((a, b) => b.length - a.length).map(patternOf);
  if (patterns.length === 0) return (text) => text;
  const any = new RegExp(patterns.join("|"), "g");
  return (text) => text.replace(any, "[redacted]");
}

/** What a message quotes of a server's words, on any number of lines. Blanked first: a part of a credential would not be found. */
export function excerpt(text: string, redact: (text: string) => string): string {
  const whole = redact(text);
  return whole.length > longest ? `${whole.slice(0, longest - 3)}...` : whole;
}

/** The same value with every text in it blanked, names of fields included: for what is going to be quoted, in part or rearranged. */
export function blankTexts<T>(value: T, redact: (text: string) => string): T {
  if (typeof value === "string") return redact(value) as T;
  if (Array.isArray(value)) return value.map((item) => blankTexts(item, redact)) as T;
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [redact(name), blankTexts(item, redact)]),
  ) as T;
}

function secretsOf(connection: ResolvedConnection, kind: TextKind): string[] {
  const { username, password, token, headers, oauth2, tls, proxies } = connection;
  const proxyUsers = [proxies.http, proxies.https].flatMap((proxy) => proxyCredentials(proxy) ?? []);
  const isCredential = ([name, value]: [string, string]) =>
    kind === "message" || telling.test(name) || value.length >= longHeader;
  const secrets = [
    password,
    token,
    oauth2?.password,
    oauth2?.clientSecret,
    tls.key,
    ...proxyUsers.map((user) => user.password),
    ...Object.entries(headers)
      .filter(isCredential)
      .map(([, value]) => value),
  ].filter((secret): secret is string => secret !== undefined && secret.trim().length >= shortest[kind]);
  if (username !== undefined && password !== undefined) secrets.push(basicCredentials(username, password));
  const client = oauth2 && clientCredentials(oauth2);
  if (client) secrets.push(client);
  for (const user of proxyUsers) secrets.push(basicCredentials(user.username, user.password));
  return secrets;
}

/** Matches a secret in all of its spellings. Letters and digits are escaped by nobody. */
function patternOf(secret: string): string {
  return secret
    .trim()
    .split(/(\s+)/)
    .map((part, index) => (index % 2 === 1 ? blanks : Array.from(part, patternOfCharacter).join("")))
    .join("");
}

/** Each time that it is put into a JSON text doubles them. */
const escapes = "\\\\{1,7}";
const blanks = `(?:\\s|${escapes}[bfnrt]|${escapes}u00[01]\\w|[+]|%0[9aAdD]|%20)+`;
const entities: Record<string, string> = {
  '"': "quot|#34",
  "'": "apos|#0?39",
  "&": "amp",
  "<": "lt",
  ">": "gt",
};

function patternOfCharacter(character: string): string {
  if (/[\w-]/.test(character)) return character;
  const units = Array.from({ length: character.length }, (_, at) => hex(character.charCodeAt(at), 4));
  const bytes = [...Buffer.from(character, "utf8")].map((byte) => `%${hex(byte, 2)}`);
  const entity = entities[character];
  const spellings = [
    `\\\\{0,7}${character.replace(/[$()*+./?[\\\]^{|}]/, "\\$&")}`,
    units.map((unit) => `${escapes}u${unit}`).join(""),
    bytes.join(""),
    ...(entity ? [`&(?:${entity});`] : []),
  ];
  return `(?:${spellings.join("|")})`;
}

/** In either case. */
function hex(value: number, digits: number): string {
  const text = value.toString(16).padStart(digits, "0");
  return text.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

/** What follows `Basic ` in an Authorization header (RFC 7617). */
export function basicCredentials(username: string, password: string): string {
  return Buffer.from(`${username}:${password}`, "utf8").toString("base64");
}

/** The same of an OAuth 2 client, each part encoded as in a form (RFC 6749, 2.3.1). */
export function clientCredentials({ clientId, clientSecret }: OAuth2): string | undefined {
  if (clientId === undefined || clientSecret === undefined) return undefined;
  const encoded = (text: string) => new URLSearchParams({ "": text }).toString().slice(1);
  return basicCredentials(encoded(clientId), encoded(clientSecret));
}
