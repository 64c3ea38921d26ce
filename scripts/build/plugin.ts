import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { minimum } from "../../runtime/node-version.ts";
import { buildTraces, common, packagesIn, tracesApart, undiciInPart } from "./bundle.ts";
import { licensesOf } from "./licenses.ts";

/** The file that the launchers start, and the one that it loads where traces are asked for. */
const [program, traces] = ["clusterops.mjs", "traces.mjs"];

/** A program that an engine starts: a folder with one file that has all that it needs, since it is installed without any node_modules. */
interface Program {
  /** Its source, e.g. `doors/native/plugin.ts`. */
  entry: string;
  /** The name of the program, e.g. `pulumi-resource-clusterops`. */
  name: string;
  /** The last lines of its launcher. */
  starts: string;
  /** What stands beside it, by file name. */
  files?: Record<string, string>;
}

const noNode = (name: string) =>
  `${name} needs Node.js ${minimum} or newer on PATH, and there is none: https://nodejs.org`;

/** What is young is collected after 2 MiB, not after 16: an eighth less memory in a preview of 200 resources, and no more work. */
const flags = "--max-semi-space-size=2";

/** POSIX: found through a link, too, as on PATH. */
const launcher = (name: string, last: string) => `#!/bin/sh
if ! command -v node >/dev/null; then
  echo "${noNode(name)}" >&2
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
${last}
`;

/** It is told which process the engine is: that one may be gone before it could ask for its parent. */
const start = `node ${flags} "$(dirname "$self")/${program}" --engine=$PPID "$@"`;
/** The engine's child is the program itself. */
const asItself = `exec ${start}`;
/**
 * The engine's child is the shell: Terraform kills it two seconds after a second Ctrl-C, and a failover between demote and promote may take
 * longer to come to a safe end. The program ends by itself once the engine or the shell is gone.
 */
const asChild = `trap '' INT\n${start}\nexit $?`;

const windowsLauncher = (name: string) =>
  [
    "@where node >nul 2>nul",
    `@if errorlevel 1 (echo ${noNode(name)} 1>&2& exit /b 1)`,
    `@node ${flags} "%~dp0${program}" %*`,
    "",
  ].join("\r\n");

/** Writes the native plugin of Pulumi, with the package's schema. */
export function buildPlugin(schema: object, folder = "plugin"): Promise<void> {
  const files = { "schema.json": JSON.stringify(schema) };
  return buildProgram(
    { entry: "doors/native/plugin.ts", name: "pulumi-resource-clusterops", starts: asItself, files },
    folder,
  );
}

/** Writes the provider of Terraform. */
export function buildTerraformProvider(folder = "terraform"): Promise<void> {
  return buildProgram(
    { entry: "doors/terraform/provider.ts", name: "terraform-provider-clusterops", starts: asChild },
    folder,
  );
}

async function buildProgram({ entry, name, starts, files = {} }: Program, folder: string): Promise<void> {
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
      // Of use only to who asks for gRPC's statistics of itself, and a tenth of the file.
      external: ["@grpc/proto-loader"],
      plugins: [...undiciInPart, tracesApart(`./${traces}`)],
      // A third less to read at each start. Names and lines stay, for stack traces.
      minifyWhitespace: true,
      lineLimit: 120,
    });
    writeFileSync(
      join(fresh, "third-party-licenses.txt"),
      licensesOf(packagesIn(metafile, await buildTraces(join(fresh, traces)))),
    );
    for (const [file, text] of Object.entries(files)) writeFileSync(join(fresh, file), text);
    writeFileSync(join(fresh, name), launcher(name, starts));
    chmodSync(join(fresh, name), 0o755);
    writeFileSync(join(fresh, `${name}.cmd`), windowsLauncher(name));
    if (existsSync(folder)) renameSync(folder, stale);
    renameSync(fresh, folder);
  } finally {
    for (const left of [fresh, stale]) rmSync(left, { recursive: true, force: true });
  }
}
