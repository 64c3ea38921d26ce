import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

export const root = join(import.meta.dirname, "..", "..");

/** The package as users get it. */
export interface Packed extends AsyncDisposable {
  /** Paths within the package. */
  files: string[];
  tarball: string;
  /** Removed in the end. */
  folder: string;
}

/** Packs what is built. Without its scripts, which would build it again under the feet of other tests. */
export async function pack(): Promise<Packed> {
  const folder = await mkdtemp(join(tmpdir(), "clusterops-pack-"));
  const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
  const { stdout } = await execa("npm", args, { cwd: root });
  const [{ filename, files }] = JSON.parse(stdout);
  return {
    files: files.map(({ path }: { path: string }) => path),
    tarball: join(folder, filename),
    folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
