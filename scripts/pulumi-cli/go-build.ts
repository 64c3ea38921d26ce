import { chmod, copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { runBounded } from "./bounded-run.ts";
import type { CliContext, Way } from "./install.ts";
import { cliVersion, executables, goMinimum, goModule, isAtLeast } from "./layout.ts";

export interface GoBuildOptions {
  /** Milliseconds for each of Go's commands. */
  limit?: number;
  /** Milliseconds between two lines of progress. */
  every?: number;
}

type Go = (args: string[], cwd: string, onLine?: (line: string) => void) => Promise<string>;

const sdk = "github.com/pulumi/pulumi/sdk/v3";
const versionVariable = `${sdk}/go/common/version.Version`;

/**
 * A build from Pulumi's Go modules as pinned by the committed go.mod and go.sum. The language host comes from an older sdk, the last
 * whose module holds it (3.68.0); it drives the newer CLI and SDK. The dynamic host's script is a file of the newer one.
 */
export function goBuild({ limit = 1_800_000, every = 10_000 }: GoBuildOptions = {}): Way {
  return {
    name: "build with Go",
    async make(staging, context) {
      const env = await goEnvironment(staging, context);
      const go: Go = (args, cwd, onLine) => runBounded("go", args, { ...context, env, cwd, limit, onLine });
      const bin = join(staging, "bin");
      await mkdir(bin);

      const cli = goModule("pulumi");
      const host = goModule("pulumi-language-nodejs");
      const told = { every, say: context.say };
      await build(go, cli, "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", join(bin, executables.cli), told);
      await build(
        go,
        host,
        `${sdk}/nodejs/cmd/pulumi-language-nodejs`,
        join(bin, executables.languageHost),
        told,
      );

      const sdkFolder = await go(["list", "-mod=readonly", "-m", "-f", "{{.Dir}}", sdk], cli);
      const script = join(bin, executables.dynamicHost);
      await copyFile(join(sdkFolder, "nodejs", "dist", executables.dynamicHost), script);
      await chmod(script, 0o755); // files of Go's module cache are read-only
      return staging;
    },
  };
}

/** Go's environment, if the installed Go is new enough, or can fetch a newer toolchain (from 1.21 on, unless GOTOOLCHAIN forbids it). */
export async function goEnvironment(
  folder: string,
  { env, signal }: Pick<CliContext, "env"> & { signal: AbortSignal },
): Promise<NodeJS.ProcessEnv> {
  const local = { ...env, GOTOOLCHAIN: "local" };
  const ask = (variable: string, asked: NodeJS.ProcessEnv) =>
    runBounded("go", ["env", variable], { cwd: folder, env: asked, limit: 30_000, signal });
  const found = (await ask("GOVERSION", local)).replace(/^go/, "");
  // GOWORK: a go.work above the checkout must not affect the build.
  if (isAtLeast(found, goMinimum())) return { ...local, GOWORK: "off" };
  const fetches = isAtLeast(found, "1.21") && !(await ask("GOTOOLCHAIN", env)).startsWith("local");
  if (!fetches) throw new Error(`Go ${found} is too old, ${goMinimum()} is needed`);
  return { ...env, GOWORK: "off" };
}

async function build(
  go: Go,
  module: string,
  main: string,
  target: string,
  { every, say }: { every: number; say: (line: string) => void },
): Promise<void> {
  const started = Date.now();
  const name = main.slice(main.lastIndexOf("/") + 1);
  let modules = 0;
  let packages = 0;
  let total = "";
  const count = (line: string) => {
    if (line.startsWith("go: downloading ")) modules++;
    else if (/^[\w.-]+(\/[\w.~-]+)*$/.test(line)) packages++;
  };
  const show = () => {
    const elapsed = Math.round((Date.now() - started) / 1000);
    const fetched = modules > 0 ? `${modules} modules fetched, ` : "";
    say(`  ${name}: ${fetched}${packages}${total} packages compiled, ${elapsed} s`);
  };
  say(
    `Pulumi CLI ${cliVersion}: building ${name} from its Go modules (minutes the first time, seconds when Go's cache is warm)`,
  );
  const ticking = setInterval(show, every);
  try {
    const dependencies = await go(["list", "-mod=readonly", "-deps", main], module, count);
    total = ` of at most ${dependencies.split("\n").length}`;
    const version = await go(["list", "-mod=readonly", "-m", "-f", "{{.Version}}", sdk], module, count);
    const flags = `-s -w -X ${versionVariable}=${version}`;
    // Flags on the command line win over GOFLAGS. No VCS stamp: what is built is not of this repository.
    const options = ["-mod=readonly", "-trimpath", "-buildvcs=false", "-v", "-ldflags", flags, "-o", target];
    await go(["build", ...options, main], module, count);
  } finally {
    clearInterval(ticking);
  }
  show();
}
