import { clock } from "../../core/data/clock.ts";
import { messageOf, Refusal, reworded, UnreachableError } from "../../core/data/errors.ts";
import type { CallOptions, Http } from "../../core/http/call.ts";
import type { Scope } from "../../core/work/scope.ts";
import { waitFor } from "../../core/work/wait.ts";
import { type DatabaseState, getDatabaseState } from "../client.ts";
import { labelOf } from "../system.ts";
import { type PruneMark, readImports } from "./evidence.ts";

/** A state whose databaseVersion is known. */
export type Versioned = DatabaseState & Pick<PruneMark, "databaseVersion" | "from">;

/** The same with what explains it. */
export type Explained = Versioned & Required<Pick<PruneMark, "imports" | "at">>;

/**
 * What is there now, for what comes to be told from.
 *
 * @param earlier what it is to be compared with: the same endpoint is asked, since another may be another node
 */
export async function readMark(
  scope: Scope,
  channel: string,
  earlier: Pick<PruneMark, "from"> = {},
): Promise<Explained> {
  const { http } = scope;
  const where = sameEndpoint(http, earlier);
  const imports = await readImports(scope, channel, where);
  const at = clock.now();
  const { signal } = scope;
  return { ...(await readVersion(http, channel, { signal, ...where })), imports, at };
}

export async function readVersion(http: Http, channel: string, options: CallOptions): Promise<Versioned> {
  const state = await readState(http, channel, options);
  if (isVersioned(state)) return state;
  throw new Refusal(
    "connection",
    `${labelOf(http)} does not tell its databaseVersion, so a prune could not be told from none; nothing was sent`,
  );
}

async function readState(http: Http, channel: string, options: CallOptions): Promise<Partial<Versioned>> {
  let from: string | undefined;
  const state = await getDatabaseState(http, channel, options, (endpoint) => {
    from = endpoint;
  }).catch((error) => {
    throw error instanceof UnreachableError && options.endpoint !== undefined
      ? reworded(error, `${messageOf(error)}; ${onlyThere(options.endpoint)}`)
      : error;
  });
  return from !== undefined && http.connection.endpoints.length > 1 ? { ...state, from } : state;
}

/** Who waits for an endpoint that is gone for good would wait for ever. */
function onlyThere(endpoint: string): string {
  return `the databaseVersion from before the prune is from ${endpoint}, and another endpoint may be another node with versions of its own, so no other is asked: if this one is gone for good, take it out of the connection's endpoints, and then change triggers to prune, or set ifDatabaseVersion to count it as done`;
}

function isVersioned(state: Partial<Versioned>): state is Versioned {
  return state.databaseVersion !== undefined;
}

/** The endpoint that told what is compared, as long as the connection lists it. */
function sameEndpoint(http: Http, { from }: Pick<PruneMark, "from">): Pick<CallOptions, "endpoint"> {
  return from !== undefined && http.connection.endpoints.includes(from) ? { endpoint: from } : {};
}

/** Reads back once, and for as long as it takes to be told: the state where its databaseVersion is told. */
export async function lookBack(
  http: Http,
  channel: string,
  mark: PruneMark,
  { signal, onTrouble }: CallOptions,
): Promise<Versioned | undefined> {
  const where = sameEndpoint(http, mark);
  const state = await readState(http, channel, { signal, onTrouble, patience: "patient", ...where });
  return isVersioned(state) ? state : undefined;
}

/** The state once its databaseVersion is above the one before. */
export function waitForRise(scope: Scope, channel: string, mark: PruneMark): Promise<Versioned> {
  const { http } = scope;
  const { databaseVersion } = mark;
  return waitFor<Partial<Versioned>, Versioned>(scope, {
    what: `prune of channel ${channel} on ${labelOf(http)}`,
    where: http.connection.endpoints[0] as string,
    look: (options) =>
      readState(http, channel, { ...options, patience: "patient", ...sameEndpoint(http, mark) }),
    judge(state) {
      if (isVersioned(state) && state.databaseVersion > databaseVersion) return { done: state };
      return {
        pending: `databaseVersion ${state.databaseVersion ?? "unknown"}, expected above ${databaseVersion}`,
      };
    },
  });
}
