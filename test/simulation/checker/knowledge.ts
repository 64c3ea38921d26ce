import { type Exchange, nameOf } from "../history.ts";
import type { Played } from "../play.ts";
import { meaningOf } from "./requests.ts";

/** Longer than this, in milliseconds, no knowledge may rest before a request leaves, however quick the look was. */
const longestAge = 5_000;

export const knowledge = {
  /** Counted from what the network has seen, not from what the provider says of itself. */
  "no request leaves on old knowledge": ({ history }: Played) =>
    history.exchanges.flatMap((exchange) => {
      const { call, leftAt, system, process } = exchange;
      if (!call || leftAt === undefined || !meaningOf(exchange) || !isRead(system, exchange.target))
        return [];
      const reads = history.exchanges.filter(
        (it) =>
          it.process === process &&
          it.system === system &&
          !it.mutating &&
          !it.token &&
          it.answeredAt !== undefined &&
          it.answeredAt <= leftAt &&
          it.answeredAt >= call.startedAt &&
          /^[234]/.test(it.outcome ?? ""),
      );
      const last = reads.reduce<(typeof reads)[number] | undefined>(
        (newest, it) => (newest && newest.startedAt > it.startedAt ? newest : it),
        undefined,
      );
      if (!last)
        return [
          { at: leftAt, what: `${call.method} of ${nameOf(call.urn)} sends #${exchange.id} without a look` },
        ];
      const first = Math.min(...reads.map(({ startedAt }) => startedAt));
      // A read of the same look that came to nothing has taken its time, too.
      const ends = history.exchanges
        .filter((it) => it.process === process && !it.mutating && it.startedAt <= last.startedAt + 10)
        .map(({ answeredAt = 0 }) => (answeredAt <= leftAt ? answeredAt : 0));
      const span = endOfTries(history.exchanges, process, Math.max(...ends)) - first;
      const age = leftAt - last.startedAt;
      if (age <= Math.max(longestAge, 2 * span) + 10) return [];
      return [
        {
          at: leftAt,
          what: `${call.method} of ${nameOf(call.urn)} sends #${exchange.id} on what was read ${age / 1_000} s ago (#${last.id})`,
        },
      ];
    }),
};

/** A read that came to nothing is tried again at once, on another way: the look goes on until then. */
function endOfTries(exchanges: readonly Exchange[], process: string, end: number): number {
  const next = exchanges.find(
    (it) =>
      it.process === process &&
      !it.mutating &&
      it.startedAt >= end &&
      it.startedAt <= end + 10 &&
      !/^[234]/.test(it.outcome ?? "2"),
  );
  return next?.answeredAt === undefined || next.answeredAt <= end
    ? end
    : endOfTries(exchanges, process, next.answeredAt);
}

/** What can be read before it is changed. */
function isRead(system: string, target: string): boolean {
  return system !== "aspire" && !target.includes("reset/config");
}
