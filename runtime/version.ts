import { createRequire } from "node:module";

/** This package's version. By its own name, since that leads to package.json from the sources and from what is built. */
export function packageVersion(): string {
  return createRequire(import.meta.url)("pulumi-clusterops/package.json").version;
}
