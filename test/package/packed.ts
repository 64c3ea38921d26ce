import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import manifest from "../../package.json" with { type: "json" };

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

/**
 * A folder in which the package is installed from its tarball, removed by whoever asked for it. Beside it is only what package.json asks
 * for: an import of anything else fails.
 */
export async function install(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "clusterops-installed-"));
  const target = join(folder, "node_modules", manifest.name);
  await mkdir(target, { recursive: true });
  await using packed = await pack();
  await execa("tar", ["-xzf", packed.tarball, "-C", target, "--strip-components=1"]);
  for (const dependency of [...Object.keys(manifest.peerDependencies), "@types/node"]) {
    const link = join(folder, "node_modules", dependency);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(root, "node_modules", dependency), link, "junction");
  }
  return folder;
}
