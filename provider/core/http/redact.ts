import { proxyCredentials } from "../connection/proxies.ts";
import type { OAuth2, ResolvedConnection } from "../connection/settings.ts";
import { isObject } from "../data/values.ts";
import { isCommonWord } from "./common-words.ts";
import { mayHold } from "./plain-beginnings.ts";
import { beginningOf, encodedBeginningsOf, encodingsOf, inBase64, spellingsOf } from "./spellings.ts";

/**
 * What a text is: a message, of which a word too much may be blanked; or data, which is compared when an attempt is resumed. A
 * header such as `X-Env: prod` must not blank a part of a task id: the next `up` would take the task for another one.
 */
export type TextKind = "message" | "data";

/** In data a shorter one would be found in ids: what is compared must stay what it is. */
const shortestInData = 8;
/** Below this it would be found in ordinary words. */
const shortestAnywhere = 4;
/** Headers that hold a credential in all likelihood: by their name, or by the length of their value. */
const suggestive = /auth|key|token|secret|pass|cookie|credential|signature/i;
const longHeader = 16;
/** Of a key in PEM, a shorter line would be found in ids and words. */
const shortestLine = 16;
/** More than this is not quoted of a server's words. */
const longest = 300;

/** A function that blanks a connection's credentials, in any of the forms in which they travel, out of a text. */
export function redactor(connection: ResolvedConnection): (text: string, kind?: TextKind) => string {
  const secrets = secretsOf(connection);
  const lines = linesOf(connection.tls.key);
  const pairs = pairsOf(connection);
  const blank = {
    // A gateway that shows a request in base64 encodes the header once more.
    message: blankingOf([...anywhere(secrets), ...pairs], {
      words: inPlace(secrets),
      lines,
      encoded: pairs.map(base64),
    }),
    data: blankingOf([...inData(secrets), ...pairs.map(base64)], { lines }),
  };
  return (text, kind = "message") => blank[kind](text);
}

/** A function that blanks some secrets out of a text, wherever and however they are written there. */
export function blanking(secrets: readonly string[]): (text: string) => string {
  return blankingOf(secrets);
}

/**
 * The longest first: one may be part of another.
 *
 * @param more words that are blanked in some places only, lines that nobody spells in another way, and what is only to be found in a
 *   further encoding
 */
function blankingOf(
  secrets: readonly string[],
  {
    words = [],
    lines = [],
    encoded = [],
  }: { words?: readonly string[]; lines?: readonly string[]; encoded?: readonly string[] } = {},
): (text: string) => string {
  const byLength = (texts: readonly string[]) => [...new Set(texts)].sort((a, b) => b.length - a.length);
  const everywhere = byLength(secrets);
  if (everywhere.length + words.length + lines.length === 0) return (text) => text;
  let beginning: RegExp | undefined;
  let any: RegExp | undefined;
  const isPossible = mayHold([...everywhere, ...words], [...everywhere, ...encoded], lines);
  return (text) => {
    // Patterns are made when they are needed: most connections say nothing, and most texts hold nothing that even begins like a secret.
    if (!isPossible(text)) return text;
    beginning ??= new RegExp(
      [
        ...[...everywhere, ...words].map(beginningOf),
        ...[...everywhere, ...encoded].flatMap(encodedBeginningsOf),
        ...lines.map((line) => inBase64(line.slice(0, shortestLine))),
      ].join("|"),
    );
    if (!beginning.test(text)) return text;
    any ??= new RegExp(
      [
        ...everywhere.map(spellingsOf),
        ...everywhere.flatMap(encodingsOf),
        ...encoded.flatMap(encodingsOf),
        ...lines.map(inBase64),
        ...byLength(words).map(standingAlone),
      ].join("|"),
      "g",
    );
    return text.replace(any, "[redacted]");
  };
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

interface Secret {
  value: string;
  /** What it is sent as, where that is a header. */
  header?: string;
}

function secretsOf(connection: ResolvedConnection): Secret[] {
  const { password, token, headers, oauth2, tls } = connection;
  const values = [
    password,
    token,
    oauth2?.password,
    oauth2?.clientSecret,
    tls.key,
    ...proxyUsers(connection).map((user) => user.password || user.username),
  ];
  return [
    ...values.filter((value) => value !== undefined).map((value) => ({ value })),
    ...Object.entries(headers).map(([header, value]) => ({ value, header })),
  ].filter(({ value }) => value.trim() !== "");
}

/** What is between the first and the last line of a key is the key, whatever becomes of its lines. */
function linesOf(key = ""): string[] {
  return key.split(/\s+/).filter((line) => line.length >= shortestLine && /^[A-Za-z0-9+/=]+$/.test(line));
}

/**
 * Whether a value is one of those words of which messages are made, so that it would be blanked where nobody has repeated it: `redis
 * [redacted] 2` of a header `X-Role: node`. Three kinds are: what has fewer than four characters; a common word (common-words.ts); and
 * words in a header whose name does not suggest a credential (`X-Env: eu-west-1`). Whatever else is a credential is blanked anywhere:
 * seen once, it is lost, and a word too much that is blanked costs nothing like that.
 */
function isWord({ value, header }: Secret): boolean {
  const text = value.trim();
  if (text.length < shortestAnywhere || isCommonWord(text)) return true;
  return isHarmlessHeader({ value, header }) && /^[A-Za-z]+([-_. ]([A-Za-z]+|\d))*$/.test(text);
}

function isHarmlessHeader({ value, header }: Secret): boolean {
  return header !== undefined && !suggestive.test(header) && value.length < longHeader;
}

function anywhere(secrets: readonly Secret[]): string[] {
  return secrets.filter((secret) => !isWord(secret)).map(({ value }) => value);
}

/** What is recorded and compared: likely credentials only. */
function inData(secrets: readonly Secret[]): string[] {
  const likely = secrets.filter((secret) => !isWord(secret) && !isHarmlessHeader(secret));
  return likely.map(({ value }) => value).filter((value) => value.trim().length >= shortestInData);
}

function inPlace(secrets: readonly Secret[]): string[] {
  return secrets.filter(isWord).map(({ value }) => value);
}

/** A word together with the user's name is no word any more. */
function pairsOf(connection: ResolvedConnection): string[] {
  const { username, password, oauth2 } = connection;
  const { clientId, clientSecret } = oauth2 ?? {};
  const client = { username: clientId, password: clientSecret };
  const asForm = clientPair(oauth2);
  const users = [{ username, password }, { ...oauth2 }, client, ...proxyUsers(connection)];
  const pairs = users.flatMap((user) =>
    user.username === undefined || user.password === undefined ? [] : [`${user.username}:${user.password}`],
  );
  // With an empty half, and little in the other, it would be found in any URL.
  return [...pairs, asForm ?? ""].filter((pair) => pair.length >= shortestAnywhere || /^[^:]+:./.test(pair));
}

function proxyUsers({ proxies }: ResolvedConnection): { username: string; password: string }[] {
  return [proxies.http, proxies.https].flatMap((proxy) => proxyCredentials(proxy) ?? []);
}

const quote = "(?:[\"'`]|&(?:quot|apos|#0*3[49]);)";
const credentialNames = ["password", "passwd", "passphrase", "pwd", "pass", "token", "secret", "credentials?"]
  .concat(["api[-_ ]?key", "bearer", "basic", "jwt"])
  .map((name) => name.replace(/(?<![\\[])[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`))
  .join("|");

/**
 * Matches a word where it is a value, and not a part of a sentence: in quotes (unless it names a field), after `=`, after a colon at the end
 * of what is listed, after a word for a credential, or where it is all that is said.
 */
function standingAlone(word: string): string {
  const spelled = spellingsOf(word);
  const end = "(?![\\w-])";
  return [
    // The quotes of what a door is going to word (advice.ts) are none.
    `(?<=${quote})(?<!\u{E000}\\[")${spelled}(?=\\\\*${quote}(?!\\s*:))`,
    `(?<==\\s*)${spelled}${end}`,
    `(?<=:\\s+)${spelled}(?=\\s*(?:[,;&)}\\]]|$))`,
    `(?<=(?<![A-Za-z])(?:${credentialNames})(?:\\s+(?:is|was))?[\\s:=]+)${spelled}${end}`,
    `(?<=^\\s*)${spelled}(?=\\s*$)`,
  ].join("|");
}

/** What follows `Basic ` in an Authorization header (RFC 7617). */
export function basicCredentials(username: string, password: string): string {
  return base64(`${username}:${password}`);
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}

/** The same of an OAuth 2 client. */
export function clientCredentials(oauth2: OAuth2): string | undefined {
  const pair = clientPair(oauth2);
  return pair === undefined ? undefined : base64(pair);
}

/** Each part encoded as in a form (RFC 6749, 2.3.1). */
function clientPair({ clientId, clientSecret }: OAuth2 = {} as OAuth2): string | undefined {
  if (clientId === undefined || clientSecret === undefined) return undefined;
  const encoded = (text: string) => new URLSearchParams({ "": text }).toString().slice(1);
  return `${encoded(clientId)}:${encoded(clientSecret)}`;
}
