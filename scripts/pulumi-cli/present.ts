import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { execa } from "execa";
import { cliVersion, executables, isAtLeast, minimumVersion, versionFolder } from "./layout.ts";

export interface PulumiCli {
  /** The CLI's executable, as an absolute path. */
  bin: string;
  /** Its version without the `v`. */
  version: string;
}

/** A CLI on PATH that is new enough and has both hosts beside it or on PATH; says why one is skipped. */
export async function findOnPath(
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<PulumiCli | undefined> {
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  for (const folder of folders) {
    const bin = join(folder, executables.cli);
    // node_modules/.bin/pulumi is the npm package's launcher: it would start a download of its own.
    if (!isExecutable(bin) || isInNodeModules(bin)) continue;
    const unusable = (why: string) => say(`${bin} is skipped: ${why}`);
    const besideOrOnPath = [dirname(realpathSync(bin)), ...folders];
    const missing = [executables.languageHost, executables.dynamicHost].filter(
      (name) => !besideOrOnPath.some((place) => isExecutable(join(place, name))),
    );
    if (missing.length > 0) {
      unusable(`${missing.join(" and ")} is neither beside it nor on PATH`);
      continue;
    }
    const version = await answeredVersion(bin, env);
    if (version && isAtLeast(version, minimumVersion)) return { bin, version };
    unusable(version ? `${version} is older than ${minimumVersion}` : "it does not answer `pulumi version`");
  }
  return undefined;
}

/** The CLI in the version folder, if that is complete: all three files, and it reports that version. */
export async function findInVersionFolder(
  env: NodeJS.ProcessEnv,
  folder = versionFolder(env),
): Promise<PulumiCli | undefined> {
  const files = Object.values(executables).map((name) => join(folder, "bin", name));
  if (!files.every(isExecutable)) return undefined;
  const bin = join(folder, "bin", executables.cli);
  return (await answeredVersion(bin, env)) === cliVersion ? { bin, version: cliVersion } : undefined;
}

async function answeredVersion(bin: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { stdout } = await execa(bin, ["version"], {
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "1" },
    extendEnv: false,
    stdin: "ignore",
    timeout: 30_000,
    reject: false,
  });
  return /^v?(\d+\.\d+\.\d+)/m.exec(stdout ?? "")?.[1];
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    const stats = statSync(file);
    return stats.isFile() && stats.size > 0;
  } catch {
    return false;
  }
}

function isInNodeModules(file: string): boolean {
  return [file, realpathSync(file)].some((path) => /[\\/]node_modules[\\/]/.test(path));
}
