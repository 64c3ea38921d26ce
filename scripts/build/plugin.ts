import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { minimum } from "../../runtime/node-version.ts";
import { common, packagesIn, undiciInPart } from "./bundle.ts";
import { licensesOf } from "./licenses.ts";

/** The file that the launchers start. */
const program = "clusterops.mjs";

const noNode = `pulumi-resource-clusterops needs Node.js ${minimum} or newer on PATH, and there is none: https://nodejs.org`;

/** POSIX: found through a link, too, as on PATH. */
const launcher = `#!/bin/sh
if ! command -v node >/dev/null; then
  echo "${noNode}" >&2
  exit 1
fi
self=$0
while [ -h "$self" ]; do
  link=$(readlink "$self")
  case $link in
    /*) self=$link ;;
    *) self=$(dirname "$self")/$link ;;
  esac
done
exec node "$(dirname "$self")/${program}" "$@"
`;

const windowsLauncher = [
  "@where node >nul 2>nul",
  `@if errorlevel 1 (echo ${noNode} 1>&2& exit /b 1)`,
  `@node "%~dp0${program}" %*`,
  "",
].join("\r\n");

/**
 * Writes the native plugin into `plugin/`: one file with all that it needs, since it is installed without any node_modules; its launchers;
 * and the package's schema.
 */
export async function buildPlugin(schema: object, folder = "plugin"): Promise<void> {
  const fresh = `.cache/plugin-${process.pid}`;
  const stale = `${fresh}-old`;
  const require = createRequire(import.meta.url);
  try {
    mkdirSync(fresh, { recursive: true });
    const { metafile } = await build({
      ...common,
      entryPoints: ["doors/native/plugin.ts"],
      outfile: join(fresh, program),
      // Of two copies the one would not know the other's credentials.
      alias: { "@grpc/grpc-js": dirname(require.resolve("@grpc/grpc-js/package.json")) },
      plugins: undiciInPart,
    });
    writeFileSync(join(fresh, "third-party-licenses.txt"), licensesOf(packagesIn(metafile)));
    writeFileSync(join(fresh, "schema.json"), JSON.stringify(schema));
    writeFileSync(join(fresh, "pulumi-resource-clusterops"), launcher);
    chmodSync(join(fresh, "pulumi-resource-clusterops"), 0o755);
    writeFileSync(join(fresh, "pulumi-resource-clusterops.cmd"), windowsLauncher);
    if (existsSync(folder)) renameSync(folder, stale);
    renameSync(fresh, folder);
  } finally {
    for (const left of [fresh, stale]) rmSync(left, { recursive: true, force: true });
  }
}
