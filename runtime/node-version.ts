/** As in package.json's `engines`: undici needs it. */
export const minimum = "22.19.0";

/** The sentence for a Node.js that is too old for this package; undefined where it is new enough. */
export function tooOld(version: string = process.versions.node): string | undefined {
  if (!isOlder(version, minimum)) return undefined;
  return `pulumi-clusterops needs Node.js ${minimum} or newer, and this is ${version} (${process.execPath}): install a newer one, or put it first on PATH`;
}

/** Whether a version such as `22.9.0` comes before another one. */
export function isOlder(version: string, minimum: string): boolean {
  return version.localeCompare(minimum, "en", { numeric: true }) < 0;
}
