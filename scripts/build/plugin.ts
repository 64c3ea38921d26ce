import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { common, packagesIn, undiciInPart } from "./bundle.ts";
import { licensesOf } from "./licenses.ts";

/** The file that the launchers start. */
const program = "clusterops.mjs";

/** A program that an engine starts: a folder with one file that has all that it needs, since it is installed without any node_modules. */
interface Program {
  /** Its source, e.g. `doors/native/plugin.ts`. */
  entry: string;
  /** The name of the program, e.g. `pulumi-resource-clusterops`. */
  name: string;
  /** What stands beside it, by file name. */
  files?: Record<string, string>;
}

/** POSIX: found through a link, too, as on PATH. */
const launcher = `#!/bin/sh
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

const windowsLauncher = `@node "%~dp0${program}" %*\r\n`;

/** Writes the native plugin of Pulumi, with the package's schema. */
export function buildPlugin(schema: object, folder = "plugin"): Promise<void> {
  const files = { "schema.json": JSON.stringify(schema) };
  return buildProgram({ entry: "doors/native/plugin.ts", name: "pulumi-resource-clusterops", files }, folder);
}

/** Writes the provider of Terraform. */
export function buildTerraformProvider(folder = "terraform"): Promise<void> {
  return buildProgram(
    { entry: "doors/terraform/provider.ts", name: "terraform-provider-clusterops" },
    folder,
  );
}

async function buildProgram({ entry, name, files = {} }: Program, folder: string): Promise<void> {
  const fresh = `.cache/${folder}-${process.pid}`;
  const stale = `${fresh}-old`;
  const require = createRequire(import.meta.url);
  try {
    mkdirSync(fresh, { recursive: true });
    const { metafile } = await build({
      ...common,
      entryPoints: [entry],
      outfile: join(fresh, program),
      // Of two copies the one would not know the other's credentials.
      alias: { "@grpc/grpc-js": dirname(require.resolve("@grpc/grpc-js/package.json")) },
      plugins: undiciInPart,
    });
    writeFileSync(join(fresh, "third-party-licenses.txt"), licensesOf(packagesIn(metafile)));
    for (const [file, text] of Object.entries(files)) writeFileSync(join(fresh, file), text);
    writeFileSync(join(fresh, name), launcher);
    chmodSync(join(fresh, name), 0o755);
    writeFileSync(join(fresh, `${name}.cmd`), windowsLauncher);
    if (existsSync(folder)) renameSync(folder, stale);
    renameSync(fresh, folder);
  } finally {
    for (const left of [fresh, stale]) rmSync(left, { recursive: true, force: true });
  }
}
