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

/** What our classes use of it. */
type Parts = Pick<
  typeof Pulumi,
  | "ComponentResource"
  | "Config"
  | "createUrn"
  | "CustomResource"
  | "getProject"
  | "getStack"
  | "InputPropertyError"
  | "output"
  | "ProviderResource"
  | "RunError"
  | "secret"
  | "unknown"
> & {
  log: Pick<typeof Pulumi.log, "info" | "warn">;
  runtime: Pick<
    typeof Pulumi.runtime,
    | "allConfig"
    | "getConfig"
    | "getMonitor"
    | "getStackResource"
    | "invoke"
    | "invokeOutput"
    | "isDryRun"
    | "registerStackTransformation"
  >;
};

export const pulumi: Parts = load(createRequire(import.meta.url));

/** @param require from where this package is */
export function load(require: NodeJS.Require): Parts {
  const { version } = versionIn(require);
  if (isOlder(version, minimum)) {
    throw brief(
      `pulumi-clusterops needs @pulumi/pulumi ${minimum} or newer, and finds ${version}: npm install @pulumi/pulumi@latest`,
    );
  }
  return partsOf(require) ?? require("@pulumi/pulumi");
}

/**
 * Module by module, as Pulumi's own entry does: the whole is three times as much to load, since the Automation API and what turns functions
 * into text (npm's own tree of modules, TypeScript) come with it. Undefined: a version that is laid out in another way.
 */
function partsOf(require: NodeJS.Require): Parts | undefined {
  const part = (name: string) => require(`@pulumi/pulumi/${name}`);
  try {
    return {
      ...part("config"),
      ...part("errors"),
      ...part("metadata"),
      ...part("output"),
      ...part("resource"),
      log: part("log"),
      runtime: {
        ...part("runtime/config"),
        ...part("runtime/invoke"),
        ...part("runtime/settings"),
        ...part("runtime/stack"),
      },
    };
  } catch {
    return undefined;
  }
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
