/*
 * Which installation a connection leads to. Only a way in: `127.0.0.1` and `localhost`, a trailing dot, a default port, another order,
 * one endpoint more or less lead to the same one. Names prove nothing: staging and production may share them.
 */

/** The addresses of some endpoints, `host`, `host:port` or `host:port/path`, in one spelling each. */
export function addressesOf(endpoints: readonly string[]): string[] {
  const addresses = endpoints.flatMap((endpoint) => {
    const url = URL.parse(endpoint);
    if (!url) return [];
    // A move from http to https on the usual ports is no move.
    return [`${hostOf(url.hostname)}${url.port && `:${url.port}`}${pathOf(url)}`];
  });
  return [...new Set(addresses)].sort();
}

/** Whether two ways meet at one address at least. */
export function overlap(some: readonly string[], others: readonly string[]): boolean {
  return some.some((address) => others.includes(address));
}

/** A host in one spelling. This machine has many names. */
export function hostOf(host: string): string {
  const bare = host
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
  return /^(localhost|127(\.\d+){3}|::1|0\.0\.0\.0|::|::ffff:127(\.\d+){3}|::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4})$/.test(
    bare,
  )
    ? "localhost"
    : bare;
}

/** Several installations may stand behind one host, each under a path of its own. */
function pathOf({ pathname }: URL): string {
  return pathname === "/" ? "" : pathname.replace(/\/+$/, "");
}
