import leven from "leven";
import { InputError } from "../data/errors.ts";
import { asObject, isObject } from "../data/values.ts";
import { parseExactly } from "./exact.ts";

/** Connection fields by the last part of CLUSTEROPS_<CONNECTION NAME>_<FIELD>. */
const fields: Record<string, (text: string, variable: string) => Record<string, unknown>> = {
  ENDPOINT: (endpoint) => ({ endpoints: [endpoint] }),
  ENDPOINTS: (text) => ({ endpoints: list(text) }),
  USERNAME: (username) => ({ username }),
  PASSWORD: (password) => ({ password }),
  TOKEN: (token) => ({ token }),
  HEADERS: (text, variable) => ({ headers: jsonObject(text, variable) }),
  OAUTH2: (text, variable) => ({ oauth2: jsonObject(text, variable) }),
  BASE_PATH: (basePath) => ({ basePath }),
  CA_CERT: (caCert) => ({ caCert }),
  CLIENT_CERT: (clientCert) => ({ clientCert }),
  CLIENT_KEY: (clientKey) => ({ clientKey }),
  INSECURE_SKIP_VERIFY: (insecureSkipVerify) => ({ insecureSkipVerify }),
  PROXY: (proxy) => ({ proxy }),
  TRUSTED_HOSTS: (text) => ({ trustedHosts: list(text) }),
  REQUEST_TIMEOUT: (requestTimeout) => ({ requestTimeout }),
};

/** What the environment says of a connection, e.g. CLUSTEROPS_TCF_EAST_ENDPOINTS for `tcf-east`. It beats stack config. */
export function fromEnvironment(name: string, environment: NodeJS.ProcessEnv): Record<string, unknown> {
  const prefix = prefixOf(name);
  const found: Record<string, unknown> = {};
  for (const [field, read] of Object.entries(fields)) {
    const text = environment[prefix + field];
    if (text !== undefined && text !== "") Object.assign(found, read(text, prefix + field));
  }
  return found;
}

/** All variables that say something of a connection. */
export function variablesOf(name: string): string[] {
  return Object.keys(fields).map((field) => prefixOf(name) + field);
}

/** The variable of a connection's field, e.g. CLUSTEROPS_REDIS_BASE_PATH. */
export function variableOf(name: string, field: string): string {
  return prefixOf(name) + upperSnake(field);
}

/**
 * Where the user put what is wrong: the path below stack configuration, or the variable that gave it.
 *
 * @param at where the connection stands, e.g. `clusterops:connections.redis`
 * @param property a path at or below it
 * @param configured what stack configuration alone says of the connection
 */
export function placeOf(
  property: string,
  at: string,
  name: string,
  configured: Record<string, unknown>,
  environment: NodeJS.ProcessEnv,
): string {
  if (!property.startsWith(`${at}.`)) return property;
  const [, field = "", rest = ""] = /^(\w+)(.*)$/s.exec(property.slice(at.length + 1)) ?? [];
  const given = fromEnvironment(name, environment);
  const own = given[field] === undefined ? partners[field] : field;
  const variable = own !== undefined && given[own] !== undefined && variableBehind(name, own, environment);
  if (!variable) return property;
  // What is missing belongs beside what needs it.
  if (own !== field) return configured[field] === undefined ? variableOf(name, field) : property;
  const isMerged = field === "oauth2" && isObject(configured[field]) && isObject(given[field]);
  const [, part = ""] = /^\.(\w+)/.exec(rest) ?? [];
  return isMerged && part in asObject(configured[field]) && !(part in asObject(given[field]))
    ? property
    : variable + (variable.endsWith("_ENDPOINT") ? "" : rest);
}

/** Fields of which one is nothing without the other. */
const partners: Record<string, string> = {
  username: "password",
  password: "username",
  clientCert: "clientKey",
  clientKey: "clientCert",
};

/** Both ENDPOINT and ENDPOINTS give endpoints; the later one wins. */
function variableBehind(name: string, field: string, environment: NodeJS.ProcessEnv): string | undefined {
  const prefix = prefixOf(name);
  const isSet = (each: string) => !!environment[prefix + each];
  const found = field === "endpoints" ? ["ENDPOINTS", "ENDPOINT"].find(isSet) : upperSnake(field);
  return found === undefined || !isSet(found) ? undefined : prefix + found;
}

/** @throws InputError where another configured connection has the same variables, and there are some: they would be sent to both */
export function refuseSharedVariables(
  name: string,
  names: readonly string[],
  environment: NodeJS.ProcessEnv,
): void {
  const prefix = prefixOf(name);
  const other = names.find((each) => each !== name && prefixOf(each) === prefix);
  const [field] = Object.keys(fields).filter((each) => environment[prefix + each]);
  if (other === undefined || field === undefined) return;
  throw new InputError(
    prefix + field,
    `is the variable of two connections, "${name}" and "${other}": give one of them another name`,
  );
}

/**
 * Variables that are read by nobody, and nearly have the name of one of the connection's: CLUSTEROPS_REDIS_PASWORD,
 * CLUSTEROPS_TCFEAST_TOKEN. One that ends in a field's name after a longer connection's name is that one's.
 */
export function misspelled(
  name: string,
  environment: NodeJS.ProcessEnv,
  known: readonly string[] = [],
): string[] {
  const prefix = prefixOf(name);
  // A variable that begins like one of `dc` may still be one of `dc-east`.
  const others = known.map(prefixOf).filter((other) => !prefix.startsWith(other));
  const expected = Object.keys(fields).map((field) => prefix + field);
  return Object.keys(environment).flatMap((variable) => {
    if (!/^clusterops/i.test(variable) || !environment[variable] || expected.includes(variable)) return [];
    const meant = variable.startsWith(prefix) ? otherNames(variable.slice(prefix.length)) : undefined;
    if (meant) return [`the environment variable ${variable} is not read: ${meant(prefix)}`];
    if (others.some((other) => variable.startsWith(other))) return [];
    const slip = expected.find((one) => hasSlippedName(variable, one, prefix));
    if (slip !== undefined)
      return [`the environment variable ${variable} is not read: did you mean ${slip}?`];
    const [best] = expected.toSorted((a, b) => distance(a, variable) - distance(b, variable));
    return best !== undefined && isMeant(variable, best, prefix)
      ? [`the environment variable ${variable} is not read: did you mean ${best}?`]
      : [];
  });
}

/** Words of other tools for a field: a rotated credential under one of them would be passed over for the old one. */
const otherWords: Record<string, RegExp> = {
  USERNAME: /^(USER|LOGIN)$/,
  PASSWORD: /^(PASS|PASSWD|PWD|SECRET)$/,
  TOKEN: /^(BEARER|JWT)$/,
  ENDPOINTS: /^(URLS?|HOSTS?|ADDRESS|ADDRESSES|SERVERS?|BASE_URL)$/,
  CA_CERT: /^(CA|CACERT|CA_FILE|CA_BUNDLE|CA_CERT_FILE|CA_CERTIFICATE)$/,
  INSECURE_SKIP_VERIFY: /^(INSECURE|SKIP_VERIFY|TLS_SKIP_VERIFY)$/,
  REQUEST_TIMEOUT: /^TIMEOUT$/,
};
const partOfOauth2 = /^(OAUTH2_)?(TOKEN_URL|GRANT_TYPE|CLIENT_ID|CLIENT_SECRET|TOKEN_AUTH|SCOPES?)$/;

/** What is meant by a name that no field has. None of them ends like one: it may be that of another connection. */
function otherNames(field: string): ((prefix: string) => string) | undefined {
  const [meant] = Object.entries(otherWords).find(([, others]) => others.test(field)) ?? [];
  if (meant) return (prefix) => `did you mean ${prefix}${meant}?`;
  if (/^(X_)?API_?KEY$/.test(field))
    return (prefix) => `a key goes in ${prefix}HEADERS, e.g. {"X-API-Key": "..."}, or in ${prefix}TOKEN`;
  return partOfOauth2.test(field)
    ? (prefix) => `${prefix}OAUTH2 holds all of it, e.g. {"clientSecret": "..."}`
    : undefined;
}

function isMeant(variable: string, best: string, prefix: string): boolean {
  if (bare(variable) === bare(best)) return true;
  const rest = variable.toUpperCase().startsWith(prefix)
    ? variable.slice(prefix.length).toUpperCase()
    : undefined;
  const isOthers = rest === undefined || Object.keys(fields).some((field) => rest.endsWith(`_${field}`));
  return !isOthers && distance(best, variable) <= 2;
}

/**
 * CLUSTEROPS_RDIS_ENDPOINT: a field of a connection whose name lacks a letter inside, or has one too many. Names that begin or end in another
 * way, or differ in a digit, are those of other connections (`tcf1`, `tcf2`).
 */
function hasSlippedName(variable: string, expected: string, prefix: string): boolean {
  const field = expected.slice(prefix.length - 1);
  if (!variable.endsWith(field)) return false;
  const start = "CLUSTEROPS_".length;
  const [given, meant] = [variable.slice(start, -field.length), prefix.slice(start, -1)];
  const hasEndsOf = given[0] === meant[0] && given.at(-1) === meant.at(-1);
  return (
    Math.min(given.length, meant.length) > 3 &&
    Math.abs(given.length - meant.length) === 1 &&
    hasEndsOf &&
    !/\d/.test(given) &&
    leven(given, meant) === 1
  );
}

function distance(expected: string, variable: string): number {
  return leven(bare(expected), bare(variable));
}

function bare(variable: string): string {
  return variable.toUpperCase().replaceAll("_", "");
}

/** What the variables of a connection begin with. */
export function prefixOf(name: string): string {
  return `CLUSTEROPS_${upperSnake(name)}_`;
}

/** `tcfEast` and `tcf-east` both become TCF_EAST. */
function upperSnake(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .toUpperCase();
}

function list(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter(Boolean);
}

function jsonObject(text: string, variable: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    throw new InputError(variable, `is not a JSON object`);
  }
}
