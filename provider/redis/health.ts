import { messageOf, RequestError } from "../core/errors.ts";
import type { CallOptions, Http } from "../core/http.ts";
import { getMaintenanceByHealth } from "./nodes-client.ts";

/** What the cluster's health says of maintenance. Both undefined: the server is older than 8.0.16. */
export interface Health {
  /** By the node's uid. */
  said?: ReadonlyMap<number, boolean>;
  /** Why it could not be asked. */
  trouble?: string;
}

/** How long the health may take, in milliseconds: the nodes tell nearly as much. */
const longest = 5_000;

/**
 * The health, or why there is none: 503 is documented, a role may lack the right to it, a gateway may not know the path. It is one
 * source of two, so no trouble with it stops what the nodes themselves tell; trouble with the whole cluster strikes there as well.
 */
export async function readHealth(http: Http, { signal, onTrouble, patience }: CallOptions): Promise<Health> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new SilentHealth()), longest);
  try {
    const how = { signal: AbortSignal.any([signal, silence.signal]), onTrouble };
    // Waiting for it to come back is no use: what is decided on it is looked at again anyway.
    const said = await getMaintenanceByHealth(http, {
      ...how,
      patience: patience === "once" ? "once" : "hasty",
    });
    return { said };
  } catch (error) {
    // A reading that several share ends with the signal of whoever began it.
    if (error instanceof RequestError || error instanceof SilentHealth) return { trouble: messageOf(error) };
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

class SilentHealth extends Error {
  constructor() {
    super(`GET /v4/cluster/health: no answer within ${longest / 1_000}s`);
  }
}
