import { firstOf, unwanted } from "../core/data/abort.ts";
import { clock } from "../core/data/clock.ts";
import { messageOf, RequestError } from "../core/data/errors.ts";
import type { CallOptions } from "../core/http/http.ts";
import type { Way } from "../core/work/installation.ts";
import { getMaintenanceByHealth } from "./nodes-client.ts";

/** What the cluster's health says of maintenance. Both undefined: the server is older than 8.0.16. */
export interface Health {
  /** By the node's uid. */
  said?: ReadonlyMap<number, boolean>;
  /** Why it could not be asked. */
  trouble?: string;
}

/** How long the health may take: the nodes tell nearly as much. Settable, so that a test of its silence need not wait as long. */
export const healthPatience = { milliseconds: 5_000 };
/** For how long, in milliseconds, one that was silent is not asked again: each look would cost its time. */
const silenceCounts = 60_000;
interface Silence {
  last?: { since: number; trouble: string };
}

/**
 * The health, or why there is none: 503 is documented, a role may lack the right to it, a gateway may not know the path. It is one
 * source of two, so no trouble with it stops what the nodes themselves tell; trouble with the whole cluster strikes there as well.
 */
export async function readHealth(http: Way, { signal, onTrouble, patience }: CallOptions): Promise<Health> {
  const { milliseconds } = healthPatience;
  const silence = http.installation.note<Silence>("silent health", () => ({}));
  const { last } = silence;
  if (last !== undefined && clock.elapsed() - last.since < silenceCounts) return { trouble: last.trouble };
  let trouble = `GET /v4/cluster/health: no answer within ${milliseconds / 1_000}s`;
  const limit = new AbortController();
  const callOff = clock.after(milliseconds, () => limit.abort(new SilentHealth(trouble)));
  try {
    // Waiting for it to come back is no use: what is decided on it is looked at again anyway.
    const said = await getMaintenanceByHealth(http, {
      signal: firstOf([signal, limit.signal]),
      patience: patience === "once" ? "once" : "hasty",
      // It may have answered, and asked for more time than it gets.
      onTrouble: (error) => {
        trouble = messageOf(error);
        onTrouble?.(error);
      },
    });
    return { said };
  } catch (error) {
    if (signal.aborted) throw error;
    // A reading that several share may end with the patience of whoever began it.
    const isSilent = limit.signal.aborted || error instanceof SilentHealth;
    if (isSilent) silence.last = { since: clock.elapsed(), trouble };
    else if (!(error instanceof RequestError)) throw error;
    return { trouble: isSilent ? trouble : messageOf(error) };
  } finally {
    callOff();
    limit.abort(unwanted);
  }
}

class SilentHealth extends Error {}
