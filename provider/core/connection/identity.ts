/*
 * Which installation a connection leads to. Only a way in: `127.0.0.1` and `localhost`, a trailing dot, a default port, another order,
 * one endpoint more or less lead to the same one. Names prove nothing: staging and production may share them.
 */

/** The addresses of some endpoints, `host`, `host:port` or `host:port/path`, in one spelling each; IPv6 in brackets. */
export function addressesOf(endpoints: readonly string[]): string[] {
  const addresses = endpoints.flatMap((endpoint) => {
    const url = URL.parse(endpoint);
    if (!url) return [];
    // A move from http to https on the usual ports is no move.
    const host = hostOf(url.hostname);
    return [`${host.includes(":") ? `[${host}]` : host}${url.port && `:${url.port}`}${pathOf(url)}`];
  });
  return [...new Set(addresses)].sort();
}

/** Whether two ways meet at one address at least. */
export function overlap(some: readonly string[], others: readonly string[]): boolean {
  return some.some((address) => others.includes(address));
}

/** The host of an address, as `hostOf` spells it. */
export function hostIn(address: string): string {
  const [, ip, name] = /^(?:\[(.*?)\]|([^:/]*))/.exec(address) ?? [];
  return ip ?? name ?? "";
}

/** A host in one spelling. This machine has many names. */
export function hostOf(host: string): string {
  const bare = host
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
  const isIp6 = bare.includes(":");
  // Groups of an IPv6 address may be left out, or written with zeros.
  const spelled = (isIp6 && URL.parse(`http://[${bare}]`)?.hostname.slice(1, -1)) || bare;
  return /^(localhost|127(\.\d+){3}|0\.0\.0\.0|::1?|::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4})$/.test(spelled)
    ? "localhost"
    : spelled;
}

/** Several installations may stand behind one host, each under a path of its own. */
function pathOf({ pathname }: URL): string {
  return pathname === "/" ? "" : pathname.replace(/\/+$/, "");
}
