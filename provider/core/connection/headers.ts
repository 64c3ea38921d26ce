import { validateHeaderName, validateHeaderValue } from "node:http";
import { InputError } from "../data/errors.ts";
import { memberPath } from "../data/inputs.ts";
import type { Connection } from "./settings.ts";

/**
 * What a header cannot carry would fail request by request: most often it is the line break at the end of a file.
 *
 * @throws InputError naming the first that cannot be sent, or is given twice
 */
export function requireSendable({ token, headers = {} }: Connection, property: string): void {
  if (token !== undefined) requireValue(token, `${property}.token`);
  const names = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    requireName(name, value, property);
    const at = memberPath(`${property}.headers`, name);
    requireValue(value, at);
    const key = name.toLowerCase();
    const other = names.get(key);
    if (other !== undefined && headers[other] !== value)
      throw new InputError(at, `is the same header as ${other}, with another value: give one of them`);
    names.set(key, name);
  }
}

function requireValue(value: string, property: string): void {
  try {
    validateHeaderValue("value", value);
  } catch {
    // The error's own text would repeat the value.
    throw new InputError(property, "has a character that no header can carry, such as a line break");
  }
}

/** They say how a message travels, which the connection decides for each (RFC 9112, 6 and 7; RFC 9110, 7.6.1 and 10.1.1). */
function isOfTheMessage(name: string, value: string): boolean {
  if (/^connection$/i.test(name)) return !/^(close|keep-alive)$/i.test(value);
  return /^(content-length|transfer-encoding|keep-alive|upgrade|expect)$/i.test(name);
}

/** A name that cannot be one may be a whole line, credential included. */
function requireName(name: string, value: string, property: string): void {
  if (isOfTheMessage(name, value))
    throw new InputError(
      `${property}.headers.${name}`,
      "is set for each request by what sends it: leave it out",
    );
  try {
    validateHeaderName(name);
  } catch {
    throw new InputError(
      name === "" ? memberPath(`${property}.headers`, name) : `${property}.headers`,
      `has a name that no header can carry: write { "X-Key": "value" }`,
    );
  }
}
