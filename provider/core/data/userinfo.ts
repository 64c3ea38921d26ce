/*
 * A URL that holds a user name and a password, where nobody expects one: it is refused wherever it is given (connection/), and is repeated
 * nowhere, whatever else is wrong with it.
 */

/** Up to the last `@`: a password that nobody has escaped may hold anything. A port and a path are no password. */
const inUrl = /([a-z][a-z0-9+.-]*:\/\/)(?![^\s/?#"'@:]+:\d+[/?#])[^\s/?#"'@]*:[^\s"']*@/gi;

/** The text with `[redacted]` in place of each user name and password of a URL. */
export function withoutUserinfo(text: string): string {
  return text.replace(inUrl, "$1[redacted]@");
}

/** With a scheme and without, in what quotes a user's input. */
const anywhere = /(^|[\s"'.[(])[\w.+-]+:[^\s"']*@/g;

/** The same of a text that quotes an input: what stands before a host there may be anything, and is not looked at closely. */
export function withoutAnyUserinfo(text: string): string {
  return text.replace(anywhere, "$1[redacted]@");
}

/** Whether a value may hold a user's name and password before a host, with a scheme or without. */
export function mayHoldUserinfo(text: string): boolean {
  return /:[^\s]*@/.test(text);
}
