import { BlockList, isIP } from "node:net";
import type { ResolvedConnection } from "../connection/settings.ts";
import { advice } from "../data/advice.ts";

/** Statuses that point elsewhere. 300 and 304 do not. */
export const redirectStatuses: readonly number[] = [301, 302, 303, 307, 308];

/** How often one request may be sent on before it is called a loop. */
export const longestChain = 5;

/**
 * Why a redirect must not be followed, or undefined when it may be. Credentials travel with a followed request, so only hosts
 * that belong to the installation qualify.
 *
 * @param ownHosts hosts that the installation itself lists
 */
export function objection(
  from: URL,
  to: URL,
  connection: ResolvedConnection,
  ownHosts: readonly string[],
): string | undefined {
  const why = danger(from, to);
  if (why !== undefined) return why;
  const host = bare(to.hostname);
  // Another port of the same machine may be anybody's: an endpoint is trusted as it stands, a listed host whole.
  if (connection.endpoints.some((endpoint) => new URL(endpoint).host === to.host)) return undefined;
  if (ownHosts.map(bare).includes(host) || connection.trustedHosts.some((pattern) => matches(host, pattern)))
    return undefined;
  return `${to.host} does not belong to this installation`;
}

/** Why no redirect like that is followed, whosever the host. */
function danger(from: URL, to: URL): string | undefined {
  if (to.protocol !== "http:" && to.protocol !== "https:")
    return `it leads to the scheme ${to.protocol.slice(0, -1)}`;
  if (from.protocol === "https:" && to.protocol !== "https:") return "it leads from https to http";
  return to.username || to.password ? "it carries credentials in its URL" : undefined;
}

/** IPv6 without brackets and in its short spelling, names in lower case without the root's dot. */
function bare(host: string): string {
  const name = host
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
  return isIP(name) === 6 ? (URL.parse(`http://[${name}]`)?.hostname.slice(1, -1) ?? name) : name;
}

function matches(host: string, pattern: string): boolean {
  const wanted = bare(pattern);
  if (wanted.startsWith("*.")) return !isIP(host) && host.endsWith(wanted.slice(1));
  const [address = "", prefix] = wanted.split("/");
  if (prefix === undefined || !isIP(address) || !isIP(host)) return host === wanted;
  const range = new BlockList();
  try {
    range.addSubnet(address, Number(prefix), isIP(address) === 6 ? "ipv6" : "ipv4");
  } catch {
    return false;
  }
  return range.check(host, isIP(host) === 6 ? "ipv6" : "ipv4");
}

/** The configuration line that would allow a refused redirect; undefined where none would. */
export function remedy(from: URL, to: URL, connection: ResolvedConnection): string | undefined {
  if (danger(from, to) !== undefined) return undefined;
  const index = connection.trustedHosts.length;
  return connection.name === "inline"
    ? `add ${JSON.stringify(bare(to.hostname))} to the connection's trustedHosts`
    : advice.configure(`connections.${connection.name}.trustedHosts[${index}]`, bare(to.hostname));
}
