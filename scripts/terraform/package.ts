/**
 * Makes of terraform/ what Terraform and OpenTofu install: an archive for each platform, their checksums, and what a registry asks for, in
 * the layout of a filesystem mirror. Run `npm run build` first: `npm run package:terraform` does.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { type Entry, zip } from "./zip.ts";

const root = join(import.meta.dirname, "..", "..");
const source = "registry.terraform.io/pulumi-clusterops/clusterops";
const name = "terraform-provider-clusterops";

/** The program is the same everywhere, and runs on Node.js: only the launcher differs. */
const platforms = ["linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64", "windows_amd64"];

const mirror = process.argv[2] ?? join(root, "packages", "terraform");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
const base = `${name}_${version}`;
const folder = join(mirror, source);

mkdirSync(folder, { recursive: true });
const files = new Map<string, Buffer>();
for (const platform of platforms) files.set(`${base}_${platform}.zip`, zip(entriesFor(platform)));
const manifest = { version: 1, metadata: { protocol_versions: ["6.0"] } };
files.set(`${base}_manifest.json`, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
for (const [file, content] of files) writeFileSync(join(folder, file), content);
const sums = [...files].map(
  ([file, content]) => `${createHash("sha256").update(content).digest("hex")}  ${file}\n`,
);
writeFileSync(join(folder, `${base}_SHA256SUMS`), sums.join(""));

console.log(`${files.size} files and their checksums: ${relative(process.cwd(), folder) || folder}`);
console.log(`As a filesystem mirror: ${relative(process.cwd(), mirror) || mirror}`);
console.log(`A registry wants the signature beside them: gpg --detach-sign ${base}_SHA256SUMS`);

function entriesFor(platform: string): Entry[] {
  const launcher = platform.startsWith("windows") ? `${name}.cmd` : name;
  return [
    entry(launcher, 0o755),
    entry("clusterops.mjs", 0o644),
    entry("traces.mjs", 0o644),
    entry("third-party-licenses.txt", 0o644),
    { name: "LICENSE", content: readFileSync(join(root, "LICENSE")), mode: 0o644 },
  ];
}

function entry(file: string, mode: number): Entry {
  return { name: file, content: readFileSync(join(root, "terraform", file)), mode };
}
