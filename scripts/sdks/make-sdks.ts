import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runBounded } from "../pulumi-cli/bounded-run.ts";
import { goEnvironment } from "../pulumi-cli/go-build.ts";
import { goMinimum, goModule } from "../pulumi-cli/layout.ts";

export interface SdkOptions {
  env: NodeJS.ProcessEnv;
  /** Shows one line to the person who waits. */
  say(line: string): void;
  /** Milliseconds for the build of the generators: minutes where Go's caches are empty. Default half an hour. */
  limit?: number;
  /** The schema to make them of. */
  schema?: string;
}

const root = join(import.meta.dirname, "..", "..");
const cache = join(root, ".cache", "sdks");

/**
 * Makes the packages for Python and Go in a folder, which is replaced.
 *
 * @throws Error that says in a sentence what is missing
 */
export async function makeSdks(folder: string, options: SdkOptions): Promise<void> {
  const { env, schema = join(root, "plugin", "schema.json") } = options;
  const generator = await builtGenerator(options);
  const fresh = `${folder}-${process.pid}`;
  try {
    const signal = AbortSignal.timeout(60_000);
    await runBounded(generator, [schema, fresh], { cwd: root, env, limit: 60_000, signal });
    await rm(folder, { recursive: true, force: true });
    await rename(fresh, folder);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** The program that generates, built once for each version of its source. */
async function builtGenerator({ env, say, limit = 1_800_000 }: SdkOptions): Promise<string> {
  const module = goModule("pulumi");
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum", "sdks/main.go"]) hash.update(readFileSync(join(module, file)));
  const target = join(cache, `generator-${hash.digest("hex").slice(0, 12)}`);
  if (existsSync(target)) return target;
  await mkdir(dirname(target), { recursive: true });
  const staging = await mkdtemp(join(cache, "new-"));
  const signal = AbortSignal.timeout(limit);
  try {
    const goEnv = await goEnvironment(staging, { env, signal }).catch((cause) => {
      throw new Error(
        `this needs Go ${goMinimum()} or newer on PATH (https://go.dev/dl/): Pulumi's generators are built from their Go modules (${cause.message})`,
        { cause },
      );
    });
    say("Building Pulumi's generators (minutes the first time, seconds when Go's cache is warm)");
    const fresh = join(staging, "generator");
    const args = ["build", "-mod=readonly", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", fresh];
    await runBounded("go", [...args, "./sdks"], { cwd: module, env: goEnv, limit, signal });
    // Renamed into place: of several that build at once, each finds a whole one.
    await rename(fresh, target);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return target;
}
