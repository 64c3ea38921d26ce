import { Refusal } from "../core/errors.ts";
import type { CallOptions, Http } from "../core/http.ts";
import type { Scope } from "../core/scope.ts";
import { waitFor } from "../core/wait.ts";
import { type DatabaseState, getDatabaseState } from "./client.ts";
import { type PruneMark, readImports } from "./prune-evidence.ts";
import { labelOf } from "./system.ts";

/** A state whose databaseVersion is known. */
export type Versioned = DatabaseState & { databaseVersion: number };

/** The same with what explains it. */
export type Explained = Versioned & Required<PruneMark>;

/** What is there now, for what comes to be told from. */
export async function readMark(scope: Scope, channel: string): Promise<Explained> {
  const imports = await readImports(scope.http, channel, scope);
  return { ...(await readVersion(scope.http, channel, scope)), imports };
}

export async function readVersion(http: Http, channel: string, options: CallOptions): Promise<Versioned> {
  const state = await getDatabaseState(http, channel, options);
  if (isVersioned(state)) return state;
  throw new Refusal(
    "connection",
    `${labelOf(http)} does not tell its databaseVersion, so a prune could not be told from none; nothing was sent`,
  );
}

function isVersioned(state: DatabaseState): state is Versioned {
  return state.databaseVersion !== undefined;
}

/** The state once its databaseVersion is above `before`; undefined when `givesUp` says so first. */
export function waitForRise(
  scope: Scope,
  channel: string,
  before: number,
  givesUp: (databaseVersion: number | undefined) => boolean,
): Promise<Versioned | undefined> {
  return waitFor<DatabaseState, Versioned | undefined>(scope, {
    what: `prune of channel ${channel} on ${labelOf(scope.http)}`,
    where: scope.http.connection.endpoints[0] as string,
    look: (options) => getDatabaseState(scope.http, channel, { ...options, patience: "patient" }),
    judge(state) {
      if (isVersioned(state) && state.databaseVersion > before) return { done: state };
      if (givesUp(state.databaseVersion)) return { done: undefined };
      return { pending: `databaseVersion ${state.databaseVersion ?? "unknown"}, expected above ${before}` };
    },
  });
}
