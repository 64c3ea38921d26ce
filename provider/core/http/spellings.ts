/*
 * In which spellings a text may come back that was sent to a server: as it is, or as whatever stands on the way writes it down.
 */

/** Each time that it is put into a JSON text doubles them. From their first one on only: a long run of them would be tried from each. */
const escapes = "(?<!\\\\)\\\\+";
/** A URL inside a URL has its signs escaped once more. */
const percent = "%(?:25){0,3}";
/** HTML inside HTML, likewise. */
const ampersand = "&(?:amp;){0,3}";

/** Runs of blanks and line breaks, which oneLine and others run together. */
const blanks = `(?:\\s|${escapes}[bfnrt]|${escapes}(?:u00|x)(?:0\\w|20)|${escapes}0(?:1[1-5]|40)|${escapes}u\\{0*(?:[9a-dA-D]|20)\\}|[+]|${percent}(?:0[9aAdD]|20)|${ampersand}(?:nbsp|#0*(?:9|10|13|32)|#[xX]0*(?:9|[aAdD]|20));)+`;

/** Of a longer one (a key, a token) it is taken for granted that letters and digits are escaped by nobody: its pattern would be huge. */
const longest = 200;

/** Characters of which a beginning is made: fewer are found in every other message. */
export const shortestBeginning = 4;

/** A pattern for a text in all of its spellings: blanks run together, escaped in JSON (in JSON inside JSON, twice), in a URL, a form or HTML. */
export function spellingsOf(text: string): string {
  return spelled(text, text.length > longest);
}

/** What each of its spellings begins with: a text without that has none of them in it, and a pattern for the whole takes long to make. */
export function beginningOf(text: string): string {
  const beginning = Array.from(text.trim()).slice(0, shortestBeginning).join("");
  return spelled(beginning, text.length > longest);
}

function spelled(text: string, isLong: boolean): string {
  const spell = (part: string) => Array.from(part, (one) => patternOfCharacter(one, isLong)).join("");
  return text
    .trim()
    .split(/(\s+)/)
    .map((part, index) => (index % 2 === 1 ? blanks : spell(part)))
    .join("");
}

/** Letters and digits too: some escape whatever they are given. */
function patternOfCharacter(character: string, isPartOfLong: boolean): string {
  const isPlain = /[\w-]/.test(character);
  if (isPlain && isPartOfLong) return character;
  const code = character.codePointAt(0) as number;
  const units = Array.from({ length: character.length }, (_, at) => hex(character.charCodeAt(at), 4));
  const bytes = [...Buffer.from(character, "utf8")].map((byte) => hex(byte, 2));
  // PHP and others have a name for whatever is no letter or digit of ASCII: `&eacute;`, `&sol;`.
  const named = isPlain ? [] : ["[A-Za-z][A-Za-z0-9]{1,9}"];
  const numbered = [`#0*${code}`, `#[xX]0*${hex(code, 1)}`, ...named];
  const octal = [...Buffer.from(character, "utf8")].map((byte) => byte.toString(8).padStart(3, "0"));
  const spellings = [
    isPlain ? character : `(?:${escapes})?${character.replace(/[$()*+./?[\\\]^{|}]/, "\\$&")}`,
    units.map((unit) => `(?:${escapes}|%)u${unit}`).join(""),
    `${escapes}u\\{0*${hex(code, 1)}\\}`,
    // In C a letter stays what it is, and what is no ASCII is more than one byte.
    bytes.map((byte) => `${escapes}x${byte}`).join(""),
    octal.map((byte) => `${escapes}${byte}`).join(""),
    percentOf(character),
    `${ampersand}(?:${numbered.join("|")});`,
    ...(code < 128 ? [] : mistaken(character)),
  ];
  return `(?:${spellings.join("|")})`;
}

/**
 * Of what is no ASCII: sent in UTF-8 and read in Latin 1 or Windows-1252, as servers do with HTTP Basic; in Latin 1, by its one byte; with its
 * accent apart; or not to be had there at all, and most of the credential beside it.
 */
function mistaken(character: string): string[] {
  const bytes = Buffer.from(character, "utf8");
  const latin = Array.from(bytes.toString("latin1"));
  const code = character.codePointAt(0) as number;
  const apart = character.normalize("NFD");
  return [
    latin.join(""),
    new TextDecoder("windows-1252").decode(bytes),
    latin.map(percentOf).join(""),
    ...(code < 256 ? [`${percent}${hex(code, 2)}`, `${escapes}x${hex(code, 2)}`] : []),
    ...(apart === character ? [] : [apart]),
    "[?\ufffd]{1,4}",
  ];
}

function percentOf(character: string): string {
  return [...Buffer.from(character, "utf8")].map((byte) => percent + hex(byte, 2)).join("");
}

/** In either case. */
function hex(value: number, digits: number): string {
  const text = value.toString(16).padStart(digits, "0");
  return text.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

/** Of a text that is encoded inside a longer one, only so much is certain to be found: less would be found in ordinary words. */
export const shortestEncoded = 8;

/**
 * Patterns for what base64, base64url and hexadecimal digits make of a text, also where it is a part of what was encoded, as in
 * `user:password` or a JSON text: the same bytes look different at each of three places, and at its ends they mix with their neighbours.
 */
export function encodingsOf(text: string): string[] {
  return encodedForms(text).flatMap(encodingsOfBytes);
}

/** What each of its encodings begins with. */
export function encodedBeginningsOf(text: string): string[] {
  return encodedForms(text).flatMap(beginningsOfBytes);
}

export function encodedForms(text: string): Buffer[] {
  const trimmed = text.trim();
  // What is no ASCII, a server that reads it in Latin 1 writes in other bytes; Windows encodes in UTF-16.
  const [utf8, latin] = [Buffer.from(trimmed, "utf8"), Buffer.from(trimmed, "latin1")];
  const isOther = latin.length !== utf8.length && latin.toString("latin1") === trimmed;
  return [utf8, ...(isOther ? [latin] : []), Buffer.from(trimmed, "utf16le")];
}

/** Each form of the bytes, as it is written: base64 of the whole, of what is a part of something, and hexadecimal digits. */
export function formsOfBytes(bytes: Buffer): {
  bytes: Buffer;
  whole: string;
  found: string[];
  digits: string[];
} {
  const inside = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    const mixedWith = { 0: 0, 1: 2, 2: 3 }[before as 0 | 1 | 2];
    const isCut = (before + bytes.length) % 3 !== 0;
    return encoded.slice(mixedWith, isCut ? -1 : undefined);
  });
  return {
    bytes,
    whole: bytes.toString("base64").replace(/=+$/, ""),
    found: inside.filter((part) => part.length >= shortestEncoded),
    digits: bytes.length >= 4 && bytes.length <= longest ? [...bytes].map((byte) => hex(byte, 2)) : [],
  };
}

function encodingsOfBytes(bytes: Buffer): string[] {
  const { whole, found, digits } = formsOfBytes(bytes);
  return [
    // Cut, something of each end would be left of it: the whole, with its padding.
    `(?<![A-Za-z0-9+/_-])${inBase64(whole)}(?:(?:=|${percent}3[dD]){1,2}|(?![A-Za-z0-9+/_-]))`,
    ...found.map(inBase64),
    ...(digits.length > 0 ? [digits.join("")] : []),
  ];
}

function beginningsOfBytes(bytes: Buffer): string[] {
  const { whole, found, digits } = formsOfBytes(bytes);
  return [
    ...[whole, ...found].map((part) => inBase64(part.slice(0, shortestEncoded))),
    ...(digits.length > 0 ? [digits.slice(0, shortestBeginning).join("")] : []),
  ];
}

/** A pattern for base64 that may be base64url as well, either of them in a URL or in JSON that escapes slashes. */
export function inBase64(encoded: string): string {
  return encoded
    .replace(/[+]/g, "(?:PLUS|-)")
    .replace(/[/]/g, "(?:SLASH|_)")
    .replace(/PLUS/g, `[+]|${percent}2[bB]`)
    .replace(/SLASH/g, `(?:${escapes})?/|${percent}2[fF]`);
}
