import { type EngineCall, type Exchange, nameOf } from "../history.ts";
import type { Played } from "../play.ts";
import { effectAt, isBeyond, meaningOf, requestTimeoutOf } from "./requests.ts";

/** What one process does one after the other, by what it is about. Undefined: side by side. */
function turnOf(exchange: Exchange): string | undefined {
  const meaning = meaningOf(exchange);
  if (exchange.system === "redis" && /^(maintenance_on|remove)$/.test(meaning?.does ?? "")) return "shards";
  if (meaning?.does === "prune") return meaning.object;
  return undefined;
}

export const turns = {
  /** Each sees what the one before has left: the turn of the first is over before the second sends anything. */
  "operations of one process take turns": (played: Played) => {
    // One that came to nothing ends its turn: it is decided anew, in the next one.
    const sent = played.history.exchanges.filter((it) => it.call && effectAt(it) !== undefined && turnOf(it));
    return sent.flatMap((later) => {
      const at = later.leftAt as number;
      const beside = sent.find(
        (it) =>
          it.process === later.process &&
          it.call !== later.call &&
          turnOf(it) === turnOf(later) &&
          (it.leftAt as number) < at &&
          // So does one that lands when nobody expects it any more.
          !isBeyond(it, requestTimeoutOf(played, it.system)) &&
          isStillAt(it.call as EngineCall, it, at),
      );
      if (!beside) return [];
      const [one, other] = [beside, later].map(({ call }) => nameOf((call as EngineCall).urn));
      return [
        { at, what: `${other} sends #${later.id} while ${one}, which has sent #${beside.id}, goes on` },
      ];
    });
  },
};

/** Whether the call has something to send, or an answer to wait for, later than that. */
function isStillAt(
  { exchanges, endedAt = Number.POSITIVE_INFINITY }: EngineCall,
  sent: Exchange,
  at: number,
): boolean {
  if (endedAt <= at) return false;
  const waits = sent.answeredAt === undefined || sent.answeredAt > at;
  return waits || exchanges.some(({ startedAt, mutating }) => mutating && startedAt > at);
}
