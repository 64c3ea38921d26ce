import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

/** The version that is downloaded or built: that of the npm package `pulumi`, so that `npx pulumi` runs the same one. */
export const cliVersion: string = createRequire(import.meta.url)("pulumi/package.json").version;

/** The oldest CLI on PATH that is good enough: what the dynamic host's behaviour was read and measured on. */
export const minimumVersion = "3.248.0";

const windows = process.platform === "win32";

/** The CLI, the language host for Node.js, and the script that starts the host of dynamic resources. */
export const executables = {
  cli: windows ? "pulumi.exe" : "pulumi",
  languageHost: windows ? "pulumi-language-nodejs.exe" : "pulumi-language-nodejs",
  dynamicHost: windows ? "pulumi-resource-pulumi-nodejs.cmd" : "pulumi-resource-pulumi-nodejs",
};

/** Where the npm package `pulumi` and the Automation API keep a CLI: shared with them, so that it is installed once. */
export function versionFolder(env: NodeJS.ProcessEnv): string {
  return join(env.PULUMI_HOME || join(homedir(), ".pulumi"), "versions", cliVersion);
}

/** The folder of one of the two committed Go modules. */
export function goModule(name: "pulumi" | "pulumi-language-nodejs"): string {
  return join(import.meta.dirname, name);
}

/** The oldest Go that builds the CLI, from its go.mod. */
export function goMinimum(): string {
  const goMod = readFileSync(join(goModule("pulumi"), "go.mod"), "utf8");
  return /^go (\S+)$/m.exec(goMod)?.[1] ?? "";
}

/** Compares dotted numbers: is `version` the same as `minimum` or newer? */
export function isAtLeast(version: string, minimum: string): boolean {
  return version.localeCompare(minimum, "en", { numeric: true }) >= 0;
}
