import { delimiter, dirname, join } from "node:path";
import type { PulumiCli } from "./pulumi-cli.ts";

export interface EnvironmentOptions {
  /** The folder of the file backend. It must exist. */
  stateFolder: string;
  /** Where the CLI keeps its logs and what it remembers of projects, instead of ~/.pulumi. */
  home: string;
  passphrase: string;
  /** More variables; these win. */
  extra?: NodeJS.ProcessEnv;
  env?: NodeJS.ProcessEnv;
}

/**
 * The environment of an unattended run of the CLI with a file backend. A person's own CLUSTEROPS_* and PULUMI_* variables are left
 * out: a rehearsal must never reach the real installation that a shell is set up for. Requests to the simulators' own machine never
 * go through a proxy.
 */
export function pulumiEnvironment(cli: PulumiCli, options: EnvironmentOptions): NodeJS.ProcessEnv {
  const { stateFolder, home, passphrase, extra, env = process.env } = options;
  const inherited = Object.entries(env).filter(([name]) => !/^(CLUSTEROPS|PULUMI)_/.test(name));
  const direct = [env.NO_PROXY ?? env.no_proxy, "127.0.0.1", "localhost"].filter(Boolean).join(",");
  const path = [dirname(cli.bin), join(import.meta.dirname, "..", "node_modules", ".bin"), env.PATH ?? ""];
  return {
    ...Object.fromEntries(inherited),
    PATH: path.join(delimiter),
    NO_PROXY: direct,
    no_proxy: direct,
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${stateFolder}`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    ...extra,
  };
}
