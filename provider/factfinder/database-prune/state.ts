import { Refusal } from "../../core/data/errors.ts";
import type { CallOptions, Http } from "../../core/http/http.ts";
import type { Scope } from "../../core/work/scope.ts";
import { waitFor } from "../../core/work/wait.ts";
import { type DatabaseState, getDatabaseState } from "../client.ts";
import { labelOf } from "../system.ts";
import { type PruneMark, readImports } from "./evidence.ts";

/** A state whose databaseVersion is known. */
export type Versioned = DatabaseState & Pick<PruneMark, "databaseVersion" | "from">;

/** The same with what explains it. */
export type Explained = Versioned & Required<Pick<PruneMark, "imports">>;

/** What is there now, for what comes to be told from. */
export async function readMark(scope: Scope, channel: string): Promise<Explained> {
  const imports = await readImports(scope, channel);
  return { ...(await readVersion(scope.http, channel, scope)), imports };
}

export async function readVersion(http: Http, channel: string, options: CallOptions): Promise<Versioned> {
  const state = await readState(http, channel, options);
  if (isVersioned(state)) return state;
  throw new Refusal(
    "connection",
    `${labelOf(http)} does not tell its databaseVersion, so a prune could not be told from none; nothing was sent`,
  );
}

async function readState(http: Http, channel: string, options: CallOptions) {
  let from: string | undefined;
  const state = await getDatabaseState(http, channel, options, (endpoint) => {
    from = endpoint;
  });
  return from !== undefined && http.connection.endpoints.length > 1 ? { ...state, from } : state;
}

function isVersioned(state: Partial<Versioned>): state is Versioned {
  return state.databaseVersion !== undefined;
}

/**
 * The state once its databaseVersion is above the one before; undefined when `givesUp` says so first.
 *
 * @param givesUp is told whether the version is known to be no higher: not from a node that tells none, nor from another one
 */
export function waitForRise(
  scope: Scope,
  channel: string,
  before: PruneMark,
  givesUp: (isTold: boolean) => boolean,
): Promise<Versioned | undefined> {
  const { databaseVersion, from } = before;
  return waitFor<Partial<Versioned>, Versioned | undefined>(scope, {
    what: `prune of channel ${channel} on ${labelOf(scope.http)}`,
    where: scope.http.connection.endpoints[0] as string,
    look: (options) => readState(scope.http, channel, { ...options, patience: "patient" }),
    judge(state) {
      if (isVersioned(state) && state.databaseVersion > databaseVersion) return { done: state };
      if (givesUp(isVersioned(state) && (from === undefined || from === state.from)))
        return { done: undefined };
      return {
        pending: `databaseVersion ${state.databaseVersion ?? "unknown"}, expected above ${databaseVersion}`,
      };
    },
  });
}
