import { clock } from "../core/data/clock.ts";
import { ClusteropsError, messageOf, RequestError, reworded } from "../core/data/errors.ts";
import type { Http } from "../core/http/http.ts";
import { once } from "../core/work/once.ts";
import type { Scope } from "../core/work/scope.ts";
import { demote, promote, TcfError, toggle } from "./client.ts";

const calls = { demote, promote, toggle };
export type CallName = keyof typeof calls;

/** How long, in milliseconds, a call without a clear answer may still take effect: twice as long as an answer may take. */
export function openFor({ connection }: Http): number {
  return 2 * connection.requestTimeout;
}

/** What is kept of a call before it is sent. */
export interface SentCall {
  call: CallName;
  /** Name of the cluster that gets it, or what its user calls it. */
  on: string;
  /** Name of the cluster that was active before. */
  from?: string;
  /** ISO time. */
  sentAt: string;
}

export interface Sending {
  call: CallName;
  on: string;
  from?: string;
  http: Http;
  /** What is known to show while it is under way. */
  outputs?: object;
  /**
   * Reads until `judge` comes to something.
   *
   * @param judge takes whether an effect is to be seen, and whether the cluster that was asked answers at all: only then is
   *   an effect that is not seen an absent one
   */
  readBack(judge: (hasChanged: boolean, isReadable: boolean) => Finding | undefined): Promise<Finding>;
}

type Finding = "carriedOut" | "not";

/**
 * Sends one switching call, at most once for each effect, and keeps it before. What a doubtful answer means is read back:
 * the worker's own `500 {"error"}` is taken at its word once nothing is seen to have changed; after another failure promote
 * and demote are sent again when they provably did nothing, since a late first one would only do the same; a toggle is sent
 * again only when it never left this machine, since the second would undo the first.
 *
 * @returns whether the worker itself said that it was carried out
 */
export async function send(scope: Scope, sending: Sending): Promise<boolean> {
  const { call, on, from, outputs } = sending;
  const before = scope.kept;
  const handle: SentCall = { call, on, from, sentAt: new Date(clock.now()).toISOString() };
  scope.keep({ ...handle }, { ...outputs });
  scope.progress(`${call} ${on}`);
  try {
    return await sendOnce(scope, sending);
  } catch (error) {
    if (error instanceof RequestError && error.effect === "no") {
      if (before) scope.keep(before.handle, before.outputs);
      else scope.forget();
    }
    const text = messageOf(error);
    if (text.startsWith(`${call} ${on}`)) throw error;
    // A cancel says nothing of the request, which may be carried out all the same.
    const what = scope.signal.aborted ? "was sent, then" : "failed:";
    throw reworded(error, `${call} ${on} ${what} ${text}`);
  }
}

function sendOnce(scope: Scope, { call, http, readBack }: Sending): Promise<boolean> {
  let sentAt = 0;
  let doubt: unknown;
  return once(scope, {
    async send() {
      // `once` would send again what provably did nothing; a worker that said why it failed is not asked twice.
      if (doubt instanceof TcfError) throw new TcfError(doubt.message, { ...doubt, effect: "no" });
      sentAt = clock.elapsed();
      try {
        await calls[call](http, { signal: scope.signal });
        return true;
      } catch (error) {
        doubt = error;
        throw error;
      }
    },
    async landed() {
      const found = await readBack((hasChanged, isReadable) => {
        if (hasChanged) return "carriedOut";
        const effect = doubt instanceof RequestError ? doubt.effect : "maybe";
        if (doubt instanceof TcfError || effect === "no") return isReadable ? "not" : undefined;
        const mayStillCome = call === "toggle" || effect === "late";
        if (mayStillCome && clock.elapsed() - sentAt < openFor(http)) return undefined;
        if (call === "toggle") throw notRepeated(doubt);
        return isReadable ? "not" : undefined;
      });
      return found === "carriedOut" ? false : undefined;
    },
  });
}

function notRepeated(doubt: unknown): ClusteropsError {
  const reason = "no change was seen, and it was not sent again: a second toggle would undo the first";
  return new ClusteropsError(`${messageOf(doubt)}; ${reason}`, { cause: doubt });
}
