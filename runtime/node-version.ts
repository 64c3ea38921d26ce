/** As in package.json's `engines`: undici needs it. */
export const minimum = "22.19.0";

/** The sentence for a Node.js that is too old for this package; undefined where it is new enough. */
export function tooOld(version: string = process.versions.node): string | undefined {
  if (!isOlder(version, minimum)) return undefined;
  return `pulumi-clusterops needs Node.js ${minimum} or newer, and this is ${version} (${process.execPath}): install a newer one, or put it first on PATH`;
}

/**
 * Whether a version such as `22.9.0` comes before another one. Number by number: `localeCompare` would do, but it loads ICU's collation,
 * which is a tenth of what a start of the native plugin costs.
 */
export function isOlder(version: string, minimum: string): boolean {
  const [own, other] = [version, minimum].map((text) => text.split(/[.+-]/, 3).map(Number)) as [
    number[],
    number[],
  ];
  const at = own.findIndex((number, index) => number !== other[index]);
  return at >= 0 && (own[at] as number) < (other[at] as number);
}
