import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runBounded } from "./bounded-run.ts";
import type { Way } from "./install.ts";
import { cliVersion } from "./layout.ts";

export interface DownloadOptions {
  /** URL that must answer first: the download itself has no deadline and would hang. */
  probe?: string;
  /** Milliseconds for that first answer. */
  probeLimit?: number;
  /** Milliseconds for the whole download. */
  limit?: number;
  /** The launcher of the npm package `pulumi`. */
  launcher?: string;
}

/** Pulumi's official release, through Pulumi's own npm package: its launcher downloads what is missing below PULUMI_HOME. */
export function officialDownload({
  probe = "https://get.pulumi.com/install.sh",
  probeLimit = 15_000,
  limit = 600_000,
  launcher = fileURLToPath(import.meta.resolve("pulumi/run.js")),
}: DownloadOptions = {}): Way {
  return {
    name: "official download",
    async make(staging, { env, say, signal }) {
      await fetch(probe, { method: "HEAD", signal: AbortSignal.timeout(probeLimit) }).catch((cause) => {
        throw new Error(`${new URL(probe).host} cannot be reached (${reasonOf(cause)})`, { cause });
      });
      say(`Pulumi CLI ${cliVersion}: downloading the official release`);
      await runBounded(process.execPath, [launcher, "version"], {
        cwd: staging,
        env: { ...env, PULUMI_HOME: staging, PULUMI_VERSION: cliVersion, PULUMI_SKIP_UPDATE_CHECK: "1" },
        limit,
        signal,
      });
      return join(staging, "versions", cliVersion);
    },
  };
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error ? `${(cause as NodeJS.ErrnoException).code ?? cause.message}` : error.message;
}
