import { globSync, statSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";

const root = join(import.meta.dirname, "..", "..");
const sources = "{runtime,provider,doors,sdk,simulators,cli,scripts/build}/**/*.{ts,js}";

let build: Promise<unknown> | undefined;

/**
 * For `before`: dist/ as the sources are now. `npm test` has just built it; whoever runs one file by hand gets it built here.
 */
export async function built(this: Mocha.Context): Promise<void> {
  this.timeout(120_000);
  build ??= isCurrent() ? Promise.resolve() : execa(process.execPath, ["scripts/build.ts"], { cwd: root });
  await build;
}

function isCurrent(): boolean {
  const builtAt = statSync(join(root, "dist", "sdk", "index.js"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return globSync(sources, { cwd: root, exclude: (file) => file.includes("generated") }).every(
    (file) => statSync(join(root, file)).mtimeMs <= builtAt,
  );
}
