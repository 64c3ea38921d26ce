import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Licences under which others' code may stand in ours, as long as their text comes along. */
const allowed = [
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "ISC",
  "MIT",
  "(BSD-3-Clause AND Apache-2.0)",
];

/**
 * The licences of packages, of which parts are in what is built.
 *
 * @throws Error where one has none, or one that has not been thought about
 */
export function licensesOf(packages: string[]): string {
  const parts = packages.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)\b/i.test(name));
    if (!allowed.includes(license) || !file)
      throw new Error(`${name} ${version}: may its code be built into ours? (${license})`);
    return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
  });
  return ["The files in this folder hold code of these packages.\n", ...parts].join(
    `\n${"-".repeat(80)}\n\n`,
  );
}
