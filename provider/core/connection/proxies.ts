import { BlockList, isIP } from "node:net";
import { domainToASCII } from "node:url";
import { InputError } from "../data/errors.ts";
import { decodedLoosely } from "../data/values.ts";

/** By which proxy each request goes. */
export interface Proxies {
  /** Of requests to http and to https URLs. */
  http?: Proxy;
  https?: Proxy;
  /** Hosts to which requests go directly, as NO_PROXY writes them. */
  exempt: string;
}

interface Proxy {
  /** As it was given: it may hold credentials. */
  text: string;
  /** Where it was given: a property's path, or a variable's name. */
  property: string;
}

type Environment = Record<string, string | undefined>;

/**
 * A connection's own proxy, for all of its requests; else what the environment says, as curl understands it (ENVIRONMENT and --noproxy
 * of its manual page).
 *
 * @param property path of the connection's own
 * @throws InputError where that is wrong
 */
export function proxiesOf(own: string | undefined, property: string, environment: Environment): Proxies {
  if (own !== undefined) return { http: { text: own, property }, https: { text: own, property }, exempt: "" };
  return {
    http: firstOf(variables("http", environment), environment),
    https: firstOf(variables("https", environment), environment),
    exempt: environment.no_proxy || environment.NO_PROXY || "",
  };
}

/** All variables that say something of a way by proxies. */
export const proxyVariables: readonly string[] = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"]
  .concat(["all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"])
  .concat("REQUEST_METHOD");

/** In small letters first. */
function variables(scheme: "http" | "https", environment: Environment): string[] {
  const own = [`${scheme}_proxy`, `${scheme.toUpperCase()}_PROXY`, "all_proxy", "ALL_PROXY"];
  // Where a web server runs this, HTTP_PROXY is what a visitor's header `Proxy` says (CVE-2016-5385).
  return environment.REQUEST_METHOD === undefined ? own : own.filter((name) => name !== "HTTP_PROXY");
}

/** One that is empty hides no other. */
function firstOf(names: string[], environment: Environment): Proxy | undefined {
  const property = names.find((name) => environment[name]);
  return property === undefined ? undefined : { text: environment[property] ?? "", property };
}

/**
 * The URL of the proxy by which a request goes. Undefined: none.
 *
 * @throws InputError under the property, or the variable, that is wrong. Never with its value: it may hold a password
 */
export function proxyFor(url: string, proxies: Proxies): string | undefined {
  const { protocol, hostname, port } = new URL(url);
  const proxy = protocol === "https:" ? proxies.https : proxies.http;
  const number = port || (protocol === "https:" ? "443" : "80");
  if (!proxy || isExempt(bare(hostname), number, proxies.exempt)) return undefined;
  return checked(proxy);
}

function checked({ text, property }: Proxy): string {
  const url = URL.parse(withScheme(text));
  if (!url?.hostname || !/^https?:$/.test(url.protocol))
    throw new InputError(
      property,
      `is not an http:// or https:// URL of a proxy${url && /^socks/.test(url.protocol) ? " (SOCKS is not supported)" : ""}${/_proxy$/i.test(property) ? ": correct it, set the connection's proxy, or name the host in NO_PROXY" : ""}`,
    );
  try {
    decodeURIComponent(url.username + url.password);
  } catch {
    throw new InputError(property, "has a % in its user name or password that stands for nothing: write %25");
  }
  return url.href;
}

/** Without one it is an HTTP proxy, as for curl. */
function withScheme(text: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text.trim()) ? text.trim() : `http://${text.trim()}`;
}

/** A URL holds them encoded; headers and messages do not. */
export function proxyCredentials(
  proxy: Proxy | undefined,
): { username: string; password: string } | undefined {
  const url = proxy && URL.parse(withScheme(proxy.text));
  // A token may stand there alone, in place of a user's name.
  if (!url?.username && !url?.password) return undefined;
  const [username = "", password = ""] = [url.username, url.password].map(decodedLoosely);
  return { username, password };
}

/** Entries are separated by commas or blanks. */
function isExempt(host: string, port: string, exempt: string): boolean {
  return exempt
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((entry) => {
      const [name, ofPort] = split(entry);
      return (
        (ofPort === undefined || ofPort === port) && (isIP(host) ? isWithin(host, name) : isBelow(host, name))
      );
    });
}

/** `host:port` and `[address]:port`; an address of IPv6 may stand without brackets, and a range within or behind them. */
function split(entry: string): [name: string, port?: string] {
  const [, inBrackets, range = "", ofAddress] = /^\[(.+?)\](\/\d+)?(?::(\d+))?$/.exec(entry) ?? [];
  if (inBrackets !== undefined) return [inBrackets + range, ofAddress];
  const [, name = entry, port] = /^([^:]+):(\d+)$/.exec(entry) ?? [];
  return [name, port];
}

/** A name, and whatever is below it: with a leading dot or `*.`, or without. */
function isBelow(host: string, entry: string): boolean {
  if (entry === "*") return true;
  const name = bare(entry.replace(/^\*?\./, ""));
  const ascii = domainToASCII(name) || name;
  return host === ascii || host.endsWith(`.${ascii}`);
}

/** An address, a range such as `10.0.0.0/8`, or a prefix: `10.` or `10.*`. Names are not looked up. */
function isWithin(host: string, entry: string): boolean {
  if (entry === "*") return true;
  if (/^(\d{1,3}\.){1,3}\*?$/.test(entry)) return host.startsWith(entry.replace(/\*$/, ""));
  const [address = "", bits] = entry.split("/");
  const family = isIP(address);
  if (family === 0) return false;
  const range = new BlockList();
  try {
    range.addSubnet(
      address,
      bits === undefined ? (family === 4 ? 32 : 128) : Number(bits),
      `ipv${family as 4 | 6}`,
    );
  } catch {
    // So many bits no address has.
    return false;
  }
  return range.check(host, `ipv${isIP(host) as 4 | 6}`);
}

/** Without brackets and the root's dot. */
function bare(host: string): string {
  return host
    .replace(/^\[|\]$/g, "")
    .replace(/(?<=.)\.$/, "")
    .toLowerCase();
}
