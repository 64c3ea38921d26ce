/**
 * `npm run package:plugin`: the native plugin as `pulumi plugin install resource clusterops <version> --file` takes it, and as releases of
 * plugins are named: one file for each platform, all of the same content. `npm run package:plugin -- darwin-arm64` for another platform.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildIfStale } from "./quickstart/build-if-stale.ts";

/** As Pulumi calls what Node.js calls `win32` and `x64`. */
const pulumisWord: Record<string, string> = { win32: "windows", x64: "amd64" };
const here = [process.platform, process.arch].map((word) => pulumisWord[word] ?? word).join("-");

const root = join(import.meta.dirname, "..");
await buildIfStale(root);
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
const named = process.argv.slice(2);
const [first = "", ...others] = (named.length > 0 ? named : [here]).map(
  (platform) => `pulumi-resource-clusterops-v${version}-${platform}.tar.gz`,
);
// What is unpacked is the plugin's folder: the launcher stands at its top.
execFileSync("tar", ["-czf", first, "-C", join(root, "plugin"), "."]);
for (const other of others) copyFileSync(first, other);
for (const file of [first, ...others]) console.log(file);
console.log(`pulumi plugin install resource clusterops ${version} --file ${first}`);
