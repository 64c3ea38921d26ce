import { advice } from "../data/advice.ts";
import { parseDuration } from "../data/duration.ts";
import { InputError } from "../data/errors.ts";
import { checkShape } from "../data/inputs.ts";
import { mayHoldUserinfo } from "../data/userinfo.ts";
import { isObject } from "../data/values.ts";
import { tlsOf } from "./certificates.ts";
import { type ConfigSource, configuredEntry, configuredNames, pathOf } from "./configured.ts";
import { combined, plainlyNamed, refuseSeveralKinds } from "./credentials.ts";
import { fromEnvironment, placeOf, refuseSharedVariables, variableOf } from "./environment.ts";
import { refuseInexact } from "./exact.ts";
import { requireSendable } from "./headers.ts";
import { addressesOf } from "./identity.ts";
import { flatKeys, missing } from "./mistakes.ts";
import { proxiesOf, proxyFor } from "./proxies.ts";
import type { Connection, ResolvedConnection, System } from "./settings.ts";

export type { ConfigSource } from "./configured.ts";

/**
 * The connection that a `connection` input means: an inline object, or a name in stack config (and the environment, which wins).
 *
 * @param property path of the input, for errors
 * @throws InputError naming what is missing or wrong, and the line that would put it right
 */
export function resolveConnection(
  system: System,
  reference: string | Connection | undefined,
  config: ConfigSource,
  property = "connection",
): ResolvedConnection {
  if (isObject(reference)) {
    refuseSeveralKinds({ settings: { ...reference }, pathOf: (field) => `${property}.${field}` });
    return complete(system, "inline", checked(reference, property, false), property);
  }
  const name = (reference as string | undefined) ?? system.name;
  refuseAddress(name, property);
  const at = `clusterops:${pathOf(name)}`;
  try {
    const found = settingsOf(name, config, at);
    if (Object.keys(found).length === 0 && !configuredNames(config).includes(name))
      throw new InputError(property, missing(system, name, config));
    return complete(system, name, checked(found, at, true), at);
  } catch (error) {
    if (!(error instanceof InputError) || error.property === property) throw error;
    // What is missing may have been set in another place.
    const flat = flatKeys(name, config);
    const place = placeOf(error.property, at, name, configuredEntry(name, config), process.env);
    if (!flat && place === error.property) throw error;
    throw new InputError(place, flat ? `${error.message} (${flat})` : error.message, { cause: error });
  }
}

function settingsOf(name: string, config: ConfigSource, at: string): Record<string, unknown> {
  refuseSharedVariables(name, configuredNames(config), process.env);
  const configured = configuredEntry(name, config);
  const environment = fromEnvironment(name, process.env);
  refuseInexact(configured, at);
  for (const [field, value] of Object.entries(environment))
    if (isObject(value)) refuseInexact(value, variableOf(name, field));
  return combined(
    { settings: configured, pathOf: (field) => `${at}.${field}` },
    { settings: environment, pathOf: (field) => variableOf(name, field) },
  );
}

/** @throws InputError for a URL where a name is meant: unrepeated, since it may hold a password */
export function refuseAddress(name: string, property: string): void {
  if (!name.includes("://") && !mayHoldUserinfo(name)) return;
  const user = mayHoldUserinfo(name)
    ? "; its user name and password belong in username and password, which are kept secret"
    : "";
  throw new InputError(
    property,
    `is a URL, and a text means the name of a connection in stack config: write { endpoint: "https://host:port" }${user}`,
  );
}

/** Judges the forms of what is configured under a name, which need not be all of it. @throws InputError */
export function checkEntry(name: string, config: ConfigSource): void {
  checked(configuredEntry(name, config), `clusterops:${pathOf(name)}`, true);
}

function checked(value: object, property: string, coerce: boolean): Connection {
  const { value: connection, failures } = checkShape<Connection>("Connection", value, { coerce });
  const [first] = failures;
  if (!first) return connection;
  const at = `${property}.${first.property}`.replace(/\.$/, "");
  const isOne = typeof (value as Record<string, unknown>)[first.property] === "string";
  const cure = isOne && first.reason.endsWith(" is not an array") ? `: ${asList(at, first.property)}` : "";
  throw new InputError(at, first.reason + cure);
}

/** Whoever has one URL writes it without `[0]`: a place inside a text cannot be set before that is gone. */
function asList(at: string, field: string): string {
  const [, path] = /^clusterops:(.*)$/.exec(at) ?? [];
  const one = field === "endpoints" ? `, or the field endpoint, which takes one` : "";
  return path === undefined
    ? `write a list${one}`
    : `${advice.unsetPath(path)}, then ${advice.configure(`${path}[0]`, field === "endpoints" ? "https://..." : "...")}${one}`;
}

/** @throws InputError for what would be put between endpoint and path, and shown with both */
function checkBasePath(text: string, property: string): void {
  if (!/:\/\/|[?#@\s]/.test(text)) return;
  throw new InputError(property, `is not a path such as /api: it has neither a host, nor a query or blanks`);
}

function complete(
  system: System,
  name: string,
  connection: Connection,
  property: string,
): ResolvedConnection {
  checkBasePath(connection.basePath ?? "", `${property}.basePath`);
  const basePath = (connection.basePath ?? system.basePath ?? "")
    .replace(/^\/?(?=.)/, "/")
    .replace(/\/+$/, "");
  const given = connection.endpoints ?? (connection.endpoint === undefined ? [] : [connection.endpoint]);
  if (connection.endpoint !== undefined && !given.includes(connection.endpoint))
    throw new InputError(
      `${property}.endpoint`,
      "is not one of endpoints, which is given, too: write all in endpoints",
    );
  if (given.length === 0) {
    throw new InputError(
      property,
      name === "inline"
        ? `has no endpoint: give endpoint: "https://..."`
        : `has no endpoint: ${advice.configure(`${property.replace(/^clusterops:/, "")}.endpoints[0]`, "https://...")}`,
    );
  }
  const endpoints = given.map((text, index) => {
    const where = connection.endpoints ? `${property}.endpoints[${index}]` : `${property}.endpoint`;
    return checkedUrl(text, where) + basePath;
  });
  requireTogether(connection, property);
  requireSendable(connection, property);
  if (connection.oauth2) checkedUrl(connection.oauth2.tokenUrl, `${property}.oauth2.tokenUrl`);
  const proxies = proxiesOf(connection.proxy, `${property}.proxy`, process.env);
  for (const url of [...endpoints, connection.oauth2?.tokenUrl ?? []].flat()) proxyFor(url, proxies);
  return {
    name,
    system,
    endpoints,
    addresses: addressesOf(given),
    given: given.map((url) => url.replace(/\/+$/, "")),
    username: connection.username,
    password: connection.password,
    token: connection.token,
    headers: plainlyNamed(connection.headers ?? {}),
    oauth2: connection.oauth2,
    tls: tlsOf(connection, property),
    proxy: connection.proxy,
    proxies,
    trustedHosts: connection.trustedHosts ?? [],
    requestTimeout: parseDuration(connection.requestTimeout ?? "30s", `${property}.requestTimeout`),
  };
}

function requireTogether(connection: Connection, property: string): void {
  const pairs = [
    ["username", "password"],
    ["password", "username"],
    ["clientCert", "clientKey"],
    ["clientKey", "clientCert"],
  ] as const;
  for (const [one, other] of pairs) {
    if (connection[one] !== undefined && connection[other] === undefined) {
      throw new InputError(`${property}.${other}`, `is missing: ${one} needs ${other}`);
    }
  }
  if (
    connection.oauth2?.grantType === "password" &&
    !(connection.oauth2.username && connection.oauth2.password)
  ) {
    throw new InputError(`${property}.oauth2`, `the password grant needs username and password`);
  }
  for (const field of ["clientId", "clientSecret"] as const)
    if (connection.oauth2?.tokenAuth === "basic" && connection.oauth2[field] === undefined)
      throw new InputError(`${property}.oauth2.${field}`, `is missing: tokenAuth "basic" needs ${field}`);
}

/** A base URL without userinfo, query and trailing slash. The text itself is never repeated when it holds a password. */
function checkedUrl(text: string, property: string): string {
  const url = URL.parse(text);
  if (!url) throw new InputError(property, `${safeQuote(text)} is not a URL: write https://host:port`);
  if (url.username || url.password) {
    throw new InputError(
      property,
      `has a user name or password in the URL: use the username and password fields, which are kept secret`,
    );
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new InputError(
      property,
      `${safeQuote(text)} has the scheme ${url.protocol.slice(0, -1)}: write https:// (or http://)`,
    );
  }
  // The URL standard allows both in a host's name, which takes in all of the next URL.
  if (/[,;]/.test(url.hostname))
    throw new InputError(
      property,
      `${safeQuote(text)} is more than one URL: write each as an entry of its own`,
    );
  if (url.search || url.hash)
    throw new InputError(property, `${url.origin}${url.pathname} must not have a query or fragment`);
  return url.origin + url.pathname.replace(/\/+$/, "");
}

function safeQuote(text: string): string {
  return mayHoldUserinfo(text) || text.includes("@") ? "this" : JSON.stringify(text.slice(0, 200));
}
