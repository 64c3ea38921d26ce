import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectionsKey } from "../../../provider/core/connection/configured.ts";
import type { Connection } from "../../../provider/core/connection/settings.ts";
import { Session } from "../../../provider/core/work/installation.ts";
import { contextFor, type TestContext } from "../../support/context.ts";

/** One line of `clusterops:events`. */
export interface Line extends Record<string, unknown> {
  event: string;
  text: string;
}

/** A context with one session, whose configuration has these connections and these settings. */
export function observedContext(
  connections: Record<string, Connection>,
  settings: Record<string, string>,
): TestContext {
  const all: Record<string, string> = { [connectionsKey]: JSON.stringify(connections), ...settings };
  return Object.assign(contextFor(), {
    session: new Session(),
    resource: "clusterops:redis:NodeMaintenance::node-2",
    config: Object.assign((key: string) => all[key], { keys: () => Object.keys(all) }),
  });
}

/** A file for events in a folder of its own, which goes away with it. */
export function eventFile(): { file: string; lines(): Line[] } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), "clusterops-events-"));
  const file = join(folder, "events.jsonl");
  return {
    file,
    lines: () =>
      readFileSync(file, "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Line),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}
