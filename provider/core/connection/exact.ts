import { advice } from "../data/advice.ts";
import { InputError } from "../data/errors.ts";
import { isObject } from "../data/values.ts";

/*
 * Numbers where a text is meant. `pulumi config set --path` makes a number of what consists of digits, YAML of more than that, and both
 * keep about 16 digits of it: a user name or password of 20 digits would be sent changed.
 */

/** JSON in which a number that is not what was written is NaN, which JSON itself cannot say. @throws SyntaxError */
export function parseExactly(text: string): unknown {
  return JSON.parse(text, (_name, value, context?: { source?: string }) =>
    typeof value === "number" && context?.source !== undefined && String(value) !== context.source
      ? Number.NaN
      : value,
  );
}

/** Fields of which a few digits are enough, and a fraction may be meant. */
const numeric: readonly string[] = ["requestTimeout"];

/** @throws InputError under the path of a number that may be another one than was written, with how to have it kept */
export function refuseInexact(settings: object, property: string): void {
  for (const [field, value] of Object.entries(settings)) {
    const at = Array.isArray(settings) ? `${property}[${field}]` : `${property}.${field}`;
    if (isObject(value) || Array.isArray(value)) refuseInexact(value, at);
    else if (typeof value === "number" && !numeric.includes(field) && !Number.isSafeInteger(value))
      throw new InputError(at, `is a number that has lost digits on its way: ${howToKeep(at)}`);
  }
}

/** Fields of a connection that hold a secret. A secret of stack configuration stays the text that it is. */
export function isSecretField(field: string): boolean {
  return /^(password|token|clientSecret|clientKey)$|^headers\b/.test(field.replace(/^oauth2\./, ""));
}

function howToKeep(at: string): string {
  // In a variable it stands inside a JSON text.
  return fieldIn(at) === undefined ? "put it in quotes" : configureField(at);
}

/** The command that sets a field of stack configuration, with what it is kept by as text or, where it is one, as a secret. */
export function configureField(at: string, value = "..."): string {
  const path = at.replace(/^clusterops:/, "");
  return isSecretField(fieldIn(at) ?? path)
    ? advice.configureSecret(path)
    : advice.configureText(path, value);
}

/** The part of a path of stack configuration that follows the connection's name, as `pathOf` writes that (configured.ts). */
function fieldIn(at: string): string | undefined {
  return /^clusterops:connections(?:\.[^.[]+|\["(?:[^"\\]|\\.)*"\])\.(.+)$/.exec(at)?.[1];
}
