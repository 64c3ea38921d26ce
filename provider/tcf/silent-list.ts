import { firstOf, unwanted } from "../core/data/abort.ts";
import { clock } from "../core/data/clock.ts";
import { SilentError } from "../core/data/errors.ts";
import type { CallOptions, Http } from "../core/http/call.ts";
import { anyOfEndpoints } from "../core/http/silences.ts";
import type { Cluster } from "./client.ts";

/*
 * The list of clusters comes out of the state store, a cluster's own word does not have to: where the store hangs, the list may hang with
 * it, and a failover that waits for it comes too late. A list that fails is done without; one that is silent is given up for the same.
 */

/** For how long, in milliseconds, a list may be silent before the cluster is asked for its own word. Settable for tests. */
export const listPatience = { milliseconds: 10_000 };

/** A list, or what came in its place, with the cluster's own word where that was asked for meanwhile. */
export type ListOrWord = { list: Cluster[] } | { error: unknown; word?: string };

/** @param ask for the cluster's own word, whose answer ends the wait for a list that has been silent for long */
export async function listOrWord(
  http: Http,
  options: CallOptions,
  readList: (options: CallOptions) => Promise<Cluster[]>,
  ask: () => Promise<string | undefined>,
): Promise<ListOrWord> {
  const limit = new AbortController();
  let word: string | undefined;
  const callOff = clock.after(listPatience.milliseconds, async () => {
    word = await ask().catch(() => undefined);
    if (word !== undefined) limit.abort(unwanted);
  });
  try {
    const { patience, onTrouble, activity } = options;
    const signal = firstOf([options.signal, limit.signal]);
    return { list: await readList({ signal, patience, onTrouble, activity }) };
  } catch (error) {
    options.signal.throwIfAborted();
    if (word === undefined) return { error };
    const url = anyOfEndpoints(http, "/tcf/clusters");
    const message = `GET ${url}: no answer within ${listPatience.milliseconds / 1_000}s`;
    return { error: new SilentError(message, { method: "GET", url, effect: "no" }, { cause: error }), word };
  } finally {
    callOff();
    limit.abort(unwanted);
  }
}
