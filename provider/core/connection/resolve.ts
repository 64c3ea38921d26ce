import { validateHeaderName, validateHeaderValue } from "node:http";
import { advice } from "../data/advice.ts";
import { parseDuration } from "../data/duration.ts";
import { InputError } from "../data/errors.ts";
import { checkShape } from "../data/inputs.ts";
import { asObject, isObject } from "../data/values.ts";
import { tlsOf } from "./certificates.ts";
import { fromEnvironment } from "./environment.ts";
import { addressesOf } from "./identity.ts";
import { proxiesOf, proxyFor } from "./proxies.ts";
import type { Connection, ResolvedConnection, System } from "./settings.ts";

/** Stack configuration as a door hands it in: `clusterops:connections` is JSON text, secrets in clear. */
export type ConfigSource = (key: string) => string | undefined;

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
  if (isObject(reference)) return complete(system, "inline", checked(reference, property, false), property);
  const name = (reference as string | undefined) ?? system.name;
  const configured = asObject(configuredConnections(config)[name]);
  const found = { ...configured, ...fromEnvironment(name, process.env) };
  if (Object.keys(found).length === 0) {
    throw new InputError(
      property,
      `no connection "${name}" is configured for ${system.title}: ${advice.configure(`connections.${name}.endpoints[0]`, "https://...")}`,
    );
  }
  const at = `clusterops:connections.${name}`;
  return complete(system, name, checked(found, at, true), at);
}

/** The names of all connections in stack config. */
export function configuredNames(config: ConfigSource): string[] {
  return Object.keys(configuredConnections(config));
}

function configuredConnections(config: ConfigSource): Record<string, unknown> {
  const text = config("clusterops:connections");
  if (!text) return {};
  try {
    return asObject(JSON.parse(text));
  } catch {
    throw new InputError(
      "connection",
      "clusterops:connections in the stack's config is not an object: " +
        advice.configure("connections.<name>.endpoints[0]", "https://..."),
    );
  }
}

function checked(value: object, property: string, coerce: boolean): Connection {
  const { value: connection, failures } = checkShape<Connection>("Connection", value, { coerce });
  const [first] = failures;
  if (first) throw new InputError(`${property}.${first.property}`.replace(/\.$/, ""), first.reason);
  return connection;
}

function complete(
  system: System,
  name: string,
  connection: Connection,
  property: string,
): ResolvedConnection {
  const basePath = (connection.basePath ?? system.basePath ?? "")
    .replace(/^\/?(?=.)/, "/")
    .replace(/\/+$/, "");
  const given = connection.endpoints ?? (connection.endpoint === undefined ? [] : [connection.endpoint]);
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
    headers: connection.headers ?? {},
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

/** What a header cannot carry would fail request by request: most often it is the line break at the end of a file. */
function requireSendable({ token, headers = {} }: Connection, property: string): void {
  const values = {
    token,
    ...Object.fromEntries(Object.entries(headers).map(([k, v]) => [`headers.${k}`, v])),
  };
  for (const [at, value] of Object.entries(values)) {
    try {
      if (at.startsWith("headers.")) validateHeaderName(at.slice("headers.".length));
      if (value !== undefined) validateHeaderValue("value", value);
    } catch {
      // The error's own text would repeat the value.
      throw new InputError(
        `${property}.${at}`,
        "has a character that no header can carry, such as a line break",
      );
    }
  }
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
  if (url.search || url.hash)
    throw new InputError(property, `${url.origin}${url.pathname} must not have a query or fragment`);
  return url.origin + url.pathname.replace(/\/+$/, "");
}

function safeQuote(text: string): string {
  return text.includes("@") ? "this" : JSON.stringify(text.slice(0, 200));
}
