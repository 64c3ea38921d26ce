import { globSync, statSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";

const sources = [
  "provider/**/*.ts",
  "doors/**/*.ts",
  "sdk/**/*.ts",
  "simulators/**/*.ts",
  "scripts/build/**",
  "package.json",
  "tsconfig*.json",
];

/** Builds dist/ if it is missing or older than its sources: the dynamic host runs the built files. */
export async function buildIfStale(root: string): Promise<void> {
  const built = changedAt(root, "dist/provider/index.js");
  const changed = Math.max(...globSync(sources, { cwd: root }).map((file) => changedAt(root, file) ?? 0));
  if (built !== undefined && built >= changed) return;
  console.log(`Building: dist/ is ${built === undefined ? "missing" : "older than its sources"}`);
  const script = join(root, "scripts", "build.ts");
  await execa(process.execPath, [script], {
    cwd: root,
    stdin: "ignore",
    stdout: "inherit",
    stderr: "inherit",
  });
}

function changedAt(root: string, file: string): number | undefined {
  return statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs;
}
