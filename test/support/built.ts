import { join } from "node:path";
import { execa } from "execa";
import { isStale } from "../../scripts/quickstart/build-if-stale.ts";

const root = join(import.meta.dirname, "..", "..");

let build: Promise<unknown> | undefined;

/**
 * For `before`: dist/ as the sources are now. `npm test` has just built it; whoever runs one file by hand gets it built here.
 */
export async function built(this: Mocha.Context): Promise<void> {
  this.timeout(120_000);
  build ??= isStale(root) ? execa(process.execPath, ["scripts/build.ts"], { cwd: root }) : Promise.resolve();
  await build;
}
