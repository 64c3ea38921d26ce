import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { ConfigSource } from "../../provider/index.ts";
import type { CommandLine } from "../shared/command-line.ts";

/*
 * For `refresh`, `destroy` and the first half of `up --refresh` the engine configures a provider with what the last update recorded in state,
 * and tells it nothing of what the stack's configuration says by now (measured: PULUMI_CONFIG is empty there). After a rotation that is the
 * old password. The file is encrypted, with whatever the stack's secrets provider is; who can read it is the CLI that started this host, and
 * the host has its environment. So the CLI is asked, once, and only after a server has refused what was handed over.
 */

/** Longer than a cloud backend and a key service take together. */
const patience = 30_000;

/** All of a stack's configuration as it is now, secrets in clear; undefined where it cannot be had. */
export async function currentConfig(line: CommandLine | undefined): Promise<ConfigSource | undefined> {
  if (line?.program === undefined) return undefined;
  const where = ["stack", "config-file"].flatMap((flag) =>
    line.values(flag).flatMap((value) => [`--${flag}`, value]),
  );
  try {
    const { stdout } = await promisify(execFile)(
      line.program,
      ["config", "--show-secrets", "--json", "--non-interactive", "--color", "never", ...where],
      {
        cwd: line.folder ?? process.cwd(),
        timeout: patience,
        maxBuffer: 64 * 2 ** 20,
        // It would report to the CLI that runs.
        env: { ...process.env, PULUMI_LOG_OTLP_ENDPOINT: undefined, PULUMI_SKIP_UPDATE_CHECK: "true" },
      },
    );
    const values = JSON.parse(stdout) as Record<string, { value?: string }>;
    return Object.assign((key: string) => values[key]?.value, { keys: () => Object.keys(values) });
  } catch {
    // No longer there, no passphrase at hand, no backend in reach: the message says what else there is to do.
    return undefined;
  }
}
