import { join } from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";

/*
 * Each entry of the package is one file, with everything in it that it needs but the peer: a module that is read, parsed and linked on its
 * own costs the dynamic host, at each `pulumi up`, more than what stands in it. Nothing is minified, so that a stack trace says where.
 */

/** What is loaded from where it is. */
const external = ["@pulumi/pulumi"];

const undici = join(import.meta.dirname, "undici.js");

/** Of undici what is used of it, without its fetch, WebSocket, cache and mocks: more than half of what loading it costs. */
const lessUndici: Plugin = {
  name: "undici",
  setup({ onResolve }) {
    onResolve({ filter: /^undici$/ }, () => ({ path: undici }));
  },
};

/** To `import` node:http is to read all that it exports, which loads the fetch that Node.js has built in; to `require` it is not. */
const required: Plugin = {
  name: "required",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^node:http$/ }, ({ path, kind }) =>
      kind === "require-call" ? { path, external: true } : { path, namespace: "required" },
    );
    onLoad({ filter: /^/, namespace: "required" }, ({ path }) => ({
      contents: `module.exports = require("${path}");`,
    }));
  },
};

/** Of undici as little as is used. */
export const undiciInPart: Plugin[] = [lessUndici, required];

/** The sdk loads the provider only when a function is called: it stays a file of its own there. */
const providerApart: Plugin = {
  name: "provider",
  setup({ onResolve }) {
    onResolve({ filter: /provider\/index\.ts$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "../provider/index.js", external: true } : undefined,
    );
  },
};

/** What is loaded only where somebody asks for it is a file of its own. @param path where the others find it */
function apart(module: RegExp, path: string): Plugin {
  return {
    name: path,
    setup({ onResolve }) {
      onResolve({ filter: module }, ({ kind }) =>
        kind === "dynamic-import" ? { path, external: true } : undefined,
      );
    },
  };
}

export const tracesApart = (path: string) => apart(/^\.\/traces\.ts$/, path);
/** A library of calendars and time zones, for guards. */
const calendarApart = (path: string) => apart(/^\.\/calendar\.ts$/, path);

/** How every file is built: not minified, and with the `require` that packages in CommonJS ask for Node.js' own modules with. */
export const common = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node22.19",
  banner: {
    js: `import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);`,
  },
  charset: "utf8",
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
} as const;

/** Writes that file. Of OpenTelemetry's packages only the modules can be taken in part: a sixth of the whole. */
export async function buildTraces(outfile: string): Promise<Metafile> {
  const entryPoints = ["provider/core/observe/traces.ts"];
  const { metafile } = await build({ ...common, entryPoints, outfile, mainFields: ["module", "main"] });
  return metafile;
}

/**
 * Writes the entries.
 *
 * @param entries e.g. `sdk/index.js`, made of `sdk/index.ts`
 * @param apart the files that are loaded where traces are asked for, and where there are guards
 * @returns the folders of the packages that they now hold parts of
 */
export async function bundle(
  entries: string[],
  { traces, calendar }: { traces: string; calendar: string },
  folder: string,
): Promise<string[]> {
  const { metafile } = await build({
    ...common,
    entryPoints: [...entries, calendar].map((entry) => entry.replace(/\.js$/, ".ts")),
    outbase: ".",
    outdir: folder,
    external,
    // `imports` of package.json names them, for files in whatever folder.
    plugins: [...undiciInPart, providerApart, tracesApart("#traces"), calendarApart("#calendar")],
  });
  return packagesIn(metafile, await buildTraces(join(folder, traces)));
}

/** The folders of the packages that files now hold parts of. */
export function packagesIn(...files: Metafile[]): string[] {
  const packages = files
    .flatMap(({ inputs }) => Object.keys(inputs))
    .flatMap((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []);
  return [...new Set(packages)].sort();
}
