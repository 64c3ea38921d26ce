import { createRequire } from "node:module";
import type * as Pulumi from "@pulumi/pulumi";
import { brief } from "../runtime/brief-error.ts";
import { isOlder } from "../runtime/node-version.ts";

/*
 * Pulumi, as the program has it. Loaded by hand, since an import that fails does so before any line of ours: what is wrong is to be said in a
 * sentence.
 */

/** As in package.json's `peerDependencies`. */
const minimum = "3.248.0";

export const pulumi: typeof Pulumi = load(createRequire(import.meta.url));

/** @param require from where this package is */
export function load(require: NodeJS.Require): typeof Pulumi {
  const { version } = versionIn(require);
  if (isOlder(version, minimum)) {
    throw brief(
      `pulumi-clusterops needs @pulumi/pulumi ${minimum} or newer, and finds ${version}: npm install @pulumi/pulumi@latest`,
    );
  }
  return require("@pulumi/pulumi");
}

function versionIn(require: NodeJS.Require): { version: string } {
  try {
    return require("@pulumi/pulumi/package.json");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    throw brief(
      "pulumi-clusterops finds no @pulumi/pulumi beside it: npm install @pulumi/pulumi in the folder of the program (a package that is linked from elsewhere needs it there, too)",
    );
  }
}
