import { type EngineCall, type Exchange, nameOf } from "../history.ts";
import type { Played } from "../play.ts";
import type { RedisTruth } from "../systems/redis.ts";
import type { TcfTruth } from "../systems/tcf.ts";
import { sawOlder } from "./outcomes.ts";
import { effectAt, isBeyond, meaningOf, requestTimeoutOf } from "./requests.ts";

interface Moment {
  at: number;
  truth: unknown;
}

/** What was so at all moments at which somebody has changed something, or was about to. */
function moments({ history }: Played, system: string): Moment[] {
  const all: Moment[] = [];
  for (const it of history.exchanges) {
    if (it.system !== system || !it.mutating) continue;
    if (it.leftAt !== undefined) all.push({ at: it.leftAt, truth: it.truth });
    for (const { at, before, after } of it.handled) all.push({ at, truth: before }, { at, truth: after });
  }
  for (const it of history.interventions)
    if (it.system === system) all.push({ at: it.at, truth: it.before }, { at: it.at, truth: it.after });
  return all.sort((a, b) => a.at - b.at);
}

/** Since when something has been so without a break, seen from a moment; undefined where it is not. */
function since(all: Moment[], at: number, isSo: (truth: unknown) => boolean): number | undefined {
  let from: number | undefined;
  for (const moment of all) {
    if (moment.at > at) break;
    if (!isSo(moment.truth)) from = undefined;
    else from ??= moment.at;
  }
  return from;
}

/** Whoever looks sees what has been so for as long as this, however old his look may be. In milliseconds. */
function visibleFor(call: EngineCall | undefined, played: Played, system: string): number {
  const slow = call?.exchanges.some(({ faults }) => faults.length > 0)
    ? requestTimeoutOf(played, system) * 2
    : 0;
  return 12_000 + slow;
}

export const safety = {
  "nobody takes a node away while another one is": (played: Played) => {
    const all = moments(played, "redis");
    return played.history.exchanges.flatMap((exchange) => {
      const { call, leftAt, handled, truth } = exchange;
      const meaning = meaningOf(exchange);
      if (exchange.system !== "redis" || leftAt === undefined || !call) return [];
      if (!["maintenance_on", "remove"].includes(meaning?.does ?? "")) return [];
      if (!handled.some(({ effect }) => effect) || call.inputs.allowOtherNodesUnavailable === true) return [];
      const own = Number(call.inputs.nodeUid);
      const others = (truth as RedisTruth).away.filter((uid) => uid !== own);
      return others.flatMap((uid) => {
        const from = since(
          all,
          leftAt,
          (seen) => (seen as RedisTruth | undefined)?.away.includes(uid) ?? false,
        );
        if (from === undefined || leftAt - from < visibleFor(call, played, "redis")) return [];
        if (sawOlder(played, call, leftAt)) return [];
        return [
          {
            at: leftAt,
            what: `${call.method} of ${nameOf(call.urn)} sends #${exchange.id}, and node ${uid} has been away since ${from}`,
          },
        ];
      });
    });
  },

  /** Of two that entered at the same moment one has taken its node out again. */
  "at most one node is away once all is quiet": (played: Played) => {
    const { history, systems, quietAt } = played;
    const truth = systems.redis?.truth() as RedisTruth | undefined;
    if (!truth || history.interventions.some(({ system }) => system === "redis")) return [];
    // One that lands later than anybody may expect meets nobody who reckons with it.
    const timeout = requestTimeoutOf(played, "redis");
    if (history.exchanges.some((it) => it.system === "redis" && isBeyond(it, timeout))) return [];
    if (history.exchanges.some(isOfTheKilled)) return [];
    const away = Object.keys(truth.depth);
    return away.length > 1 ? [{ at: quietAt, what: `nodes ${away.join(", ")} are in maintenance` }] : [];
  },

  "maintenance is not turned on twice": (played: Played) => {
    // What ended badly is run again, as the vendor's page says.
    if (played.history.interventions.some(({ what }) => /actions fail|no room/.test(what))) return [];
    const all = moments(played, "redis");
    return played.history.exchanges.flatMap((exchange) => {
      const { call, leftAt, handled } = exchange;
      if (meaningOf(exchange)?.does !== "maintenance_on" || leftAt === undefined || !call) return [];
      const uid = Number(call.inputs.nodeUid);
      const isIn = (truth: unknown) => ((truth as RedisTruth | undefined)?.depth[uid] ?? 0) > 0;
      if (isBeyond(exchange, requestTimeoutOf(played, "redis"))) return [];
      // Nor has it ended well where it was cancelled.
      const isCancelled = played.history.exchanges.some(
        (it) =>
          meaningOf(it)?.object === meaningOf(exchange)?.object &&
          meaningOf(it)?.does === "cancel maintenance_on" &&
          (effectAt(it) ?? leftAt) < leftAt,
      );
      if (isCancelled) return [];
      return handled
        .filter(({ effect, before }) => effect && isIn(before))
        .flatMap(({ at }) => {
          const from = since(all, at, isIn) ?? at;
          if (leftAt - from < visibleFor(call, played, "redis")) return [];
          if (isLostOnItsWayOut(played, uid, [from, leftAt])) return [];
          return [
            {
              at,
              what: `#${exchange.id} turns maintenance of node ${uid} on, which it has been since ${from}`,
            },
          ];
        });
    });
  },

  "nobody makes a second cluster active": (played: Played) => {
    const all = moments(played, "tcf");
    return played.history.exchanges.flatMap((exchange) => {
      const { call, leftAt, handled } = exchange;
      if (exchange.system !== "tcf" || leftAt === undefined || !call || call.inputs.force === true) return [];
      if (isBeyond(exchange, requestTimeoutOf(played, "tcf"))) return [];
      return handled.flatMap(({ at, effect, before, after }) => {
        const [was, is] = [before, after].map((truth) => actives(truth as TcfTruth)) as [string[], string[]];
        if (!effect || is.length < 2 || was.length > 1) return [];
        const [other] = was;
        const from = since(
          all,
          at,
          (truth) => other !== undefined && actives(truth as TcfTruth).includes(other),
        );
        if (from === undefined || leftAt - from < visibleFor(call, played, "tcf")) return [];
        return [
          { at, what: `#${exchange.id} makes a second cluster active: ${other} has been so since ${from}` },
        ];
      });
    });
  },
};

/** It takes a second node away when its sender has been killed: nothing on record tells of it, and who looked before that saw nothing. */
function isOfTheKilled(exchange: Exchange): boolean {
  const { call, handled } = exchange;
  if (call?.outcome !== "cut off" || meaningOf(exchange)?.does !== "maintenance_on") return false;
  return handled.some(
    ({ effect, at, before }) =>
      effect &&
      at > (call.endedAt ?? 0) &&
      (before as RedisTruth).away.some((uid) => uid !== Number(call.inputs.nodeUid)),
  );
}

/** A restart has lost its `maintenance_off` half-way: the node takes shards again, and only the health, since 8.0.16, tells that it is in. */
function isLostOnItsWayOut(
  { history, story }: Played,
  uid: number,
  [from, to]: readonly [number, number],
): boolean {
  const options = story.systems.find(({ system }) => system === "redis")?.options;
  if (!String(options?.softwareVersion).startsWith("7.")) return false;
  return history.interventions.some(
    ({ at, what, before }) =>
      what.includes("has lost what was under way") &&
      at > from &&
      at < to &&
      (before as RedisTruth).running.includes(`maintenance_off ${uid}`),
  );
}

function actives(truth: TcfTruth | undefined): string[] {
  return Object.entries(truth ?? {})
    .filter(([, status]) => status === "active")
    .map(([name]) => name);
}
