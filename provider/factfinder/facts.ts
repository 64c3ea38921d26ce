import { messageOf } from "../core/data/errors.ts";
import type { Looked } from "../core/lifecycle/facts.ts";
import type { Way } from "../core/work/installation.ts";
import type { Scope } from "../core/work/scope.ts";
import { getDatabaseState } from "./client.ts";
import { forPreview } from "./preview.ts";
import { labelOf } from "./system.ts";

/**
 * The databaseVersion of each channel on each of these nodes: a prune, an import or a reload since then is another decision. A deltaVersion
 * rises all day.
 */
export async function factsOfDatabases(
  scope: Scope,
  channels: readonly string[],
  nodes: readonly Way[],
  { isAhead }: { isAhead: boolean },
): Promise<Looked> {
  const asked = channels.flatMap((channel) => nodes.map((node) => ({ channel, node })));
  const told = await Promise.all(
    asked.map(async ({ channel, node }): Promise<[string, string]> => {
      const http = isAhead ? forPreview(node) : node;
      const version = await versionOf(scope, { channel, http });
      return [`databaseVersion of channel ${channel} on ${labelOf(node)}`, version];
    }),
  );
  return { facts: Object.fromEntries(told), isOurs: (_fact, sent) => sent.length > 0 };
}

async function versionOf(
  scope: Scope,
  { channel, http }: { channel: string; http: Parameters<typeof getDatabaseState>[0] },
): Promise<string> {
  try {
    const { databaseVersion } = await getDatabaseState(http, channel, {
      signal: scope.signal,
      patience: "brief",
    });
    return String(databaseVersion ?? "not told");
  } catch (error) {
    scope.signal.throwIfAborted();
    scope.noteTrouble(error instanceof Error ? error : new Error(messageOf(error)));
    return "cannot be read";
  }
}
