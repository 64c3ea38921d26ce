import { messageOf } from "../core/data/errors.ts";
import type { Looked } from "../core/lifecycle/facts.ts";
import type { Way } from "../core/work/installation.ts";
import type { Scope } from "../core/work/scope.ts";
import { getDatabaseState } from "./client.ts";
import { forPreview } from "./preview.ts";
import { allDatabases, databaseOf } from "./sending.ts";
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
      return [factOf(channel, labelOf(node)), version];
    }),
  );
  return {
    facts: Object.fromEntries(told),
    explains: (fact, _change, sent) =>
      channels.some(
        (channel) =>
          fact.startsWith(factOf(channel, "")) &&
          sent.some((on) => on === allDatabases || on === databaseOf(channel)),
      ),
  };
}

function factOf(channel: string, node: string): string {
  return `databaseVersion of channel ${channel} on ${node}`;
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
