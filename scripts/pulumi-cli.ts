import { pathToFileURL } from "node:url";
import { officialDownload } from "./pulumi-cli/download.ts";
import { goBuild } from "./pulumi-cli/go-build.ts";
import type { CliContext, Way } from "./pulumi-cli/install.ts";
import { installOnce, WayFailed } from "./pulumi-cli/install.ts";
import { cliVersion, goMinimum, minimumVersion, versionFolder } from "./pulumi-cli/layout.ts";
import type { PulumiCli } from "./pulumi-cli/present.ts";
import { findInVersionFolder, findOnPath } from "./pulumi-cli/present.ts";

export type { PulumiCli } from "./pulumi-cli/present.ts";

/** What {@link ensurePulumi} works with; tests give their own. */
export interface EnsureOptions extends Partial<CliContext> {
  /** How to get a CLI where there is none, in the order in which they are tried. */
  ways?: Way[];
}

/**
 * The Pulumi CLI: the one that is there (PATH, else the version folder that the npm package `pulumi` uses),
 * else the official download, else a build from Pulumi's own Go modules into that same folder.
 * @throws an Error that names the three ways out when none of them is possible.
 */
export async function ensurePulumi(options: EnsureOptions = {}): Promise<PulumiCli> {
  const env = options.env ?? process.env;
  const say = options.say ?? ((line) => process.stderr.write(`${line}\n`));
  const ways = options.ways ?? [officialDownload(), goBuild()];
  const present = (await findOnPath(env, say)) ?? (await findInVersionFolder(env));
  if (present) return present;

  say(`Pulumi CLI ${cliVersion}: not on PATH and not in ${versionFolder(env)}; getting it once`);
  try {
    await installOnce(ways, { ...options, env, say });
  } catch (error) {
    throw error instanceof WayFailed ? new Error(threeWaysOut(error.reasons), { cause: error }) : error;
  }
  const installed = await findInVersionFolder(env);
  if (!installed) throw new Error(`${versionFolder(env)} was made and is gone again`);
  return installed;
}

function threeWaysOut(reasons: string[]): string {
  return [
    `This needs the Pulumi CLI, and there is none here. Any one of these helps:`,
    `  - install Pulumi ${minimumVersion} or newer so that it is on PATH: https://www.pulumi.com/docs/install/`,
    `  - allow the download of ${cliVersion} from get.pulumi.com`,
    `  - install Go ${goMinimum()} or newer (https://go.dev/dl/): the CLI is then built from its Go modules`,
    ...reasons.map((reason) => `(${reason})`),
  ].join("\n");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    const { bin, version } = await ensurePulumi();
    console.log(`${bin} ${version}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
