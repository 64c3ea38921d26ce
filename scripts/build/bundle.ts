import { dirname, join, posix } from "node:path";
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

/** Loaded once there are guards, with a library that knows time zones: it costs nothing as long as there are none. */
const calendar = "provider/core/guards/calendar.js";

/** @param folder of the entries */
const calendarApart = (folder: string): Plugin => ({
  name: "calendar",
  setup({ onResolve }) {
    const path = posix.relative(folder, calendar).replace(/^(?!\.)/, "./");
    onResolve({ filter: /\/calendar\.ts$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path, external: true } : undefined,
    );
  },
});

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

/**
 * Writes the entries.
 *
 * @param entries e.g. `sdk/index.js`, made of `sdk/index.ts`
 * @returns the folders of the packages that they now hold parts of
 */
export async function bundle(entries: string[], folder: string): Promise<string[]> {
  const all = [...entries, calendar];
  // What stands apart is found from where an entry stands.
  const folders = [...new Set(all.map(dirname))];
  const built = await Promise.all(
    folders.map((from) =>
      build({
        ...common,
        entryPoints: all
          .filter((entry) => dirname(entry) === from)
          .map((entry) => entry.replace(/\.js$/, ".ts")),
        outbase: ".",
        outdir: folder,
        external,
        plugins: [...undiciInPart, providerApart, calendarApart(from)],
      }),
    ),
  );
  return [...new Set(built.flatMap(({ metafile }) => packagesIn(metafile)))].sort();
}

/** The folders of the packages that a file now holds parts of. */
export function packagesIn({ inputs }: Metafile): string[] {
  const packages = Object.keys(inputs).flatMap(
    (file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? [],
  );
  return [...new Set(packages)].sort();
}
