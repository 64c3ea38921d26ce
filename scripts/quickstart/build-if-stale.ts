import { globSync, statSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";

const sources = [
  "{runtime,provider,doors,sdk,simulators,cli}/**/*.ts",
  "scripts/build.ts",
  "scripts/{build,plugin,docs}/**/*.{ts,js}",
  "package.json",
  "tsconfig*.json",
];

/** Builds dist/ if it is missing or older than its sources: the dynamic host runs the built files. */
export async function buildIfStale(root: string): Promise<void> {
  if (!isStale(root)) return;
  console.log("Building: dist/ is missing, or older than its sources");
  const script = join(root, "scripts", "build.ts");
  await execa(process.execPath, [script], {
    cwd: root,
    stdin: "ignore",
    stdout: "inherit",
    stderr: "inherit",
  });
}

/** Whether dist/ is missing, or older than what it is made of. */
export function isStale(root: string): boolean {
  const built = changedAt(root, "dist/provider/index.js") ?? Number.NEGATIVE_INFINITY;
  // What the build itself makes is no source.
  const files = globSync(sources, { cwd: root, exclude: (file) => file.includes("generated") });
  return files.some((file) => (changedAt(root, file) ?? 0) > built);
}

function changedAt(root: string, file: string): number | undefined {
  return statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs;
}
