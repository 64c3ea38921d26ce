import type { Exchange } from "../history.ts";
import type { Played } from "../play.ts";

/** What a mutating request is about. */
export interface Meaning {
  /** What it changes, e.g. `redis node 2`. */
  object: string;
  /** What it does there, e.g. `maintenance_on`. */
  does: string;
  /** What a second one does where the first was carried out. */
  repeat: "harmless" | "never";
  /** How late it may land after its answer has failed to come, in milliseconds: the clients' own rows say the same. */
  mayLandWithin: number;
}

const redisAction = /^\/v1\/nodes\/(\d+)\/actions\/(\w+)$/;
const ffCall = /\/rest\/v5\/cluster\/(.*)$/;

/** What the request means, by the vendors' pages. Undefined: it only reads. */
export function meaningOf({
  mutating,
  system,
  endpoint,
  method,
  target,
  call,
}: Exchange): Meaning | undefined {
  if (!mutating) return undefined;
  if (system === "redis") {
    // A node that is to go goes, however often that is said.
    const isRemoval = call?.type === "redis:NodeRemoval";
    const [, uid, action] = redisAction.exec(target) ?? [];
    const object = `redis node ${uid}`;
    return method === "POST"
      ? {
          object,
          does: action as string,
          repeat: isRemoval ? "harmless" : "never",
          mayLandWithin: 6_000,
        }
      : { object, does: `cancel ${action}`, repeat: "harmless", mayLandWithin: 6_000 };
  }
  if (system === "tcf") {
    const does = target.replace("/tcf/", "");
    const repeat = does === "toggle" ? "never" : "harmless";
    const object = does === "toggle" ? "tcf roles" : `tcf role of ${endpoint.split("/")[0]}`;
    return { object, does, repeat, mayLandWithin: 10_000 };
  }
  if (system === "factfinder") {
    const [, call = ""] = ffCall.exec(target) ?? [];
    const isPrune = call.includes("database/prune");
    return {
      object: `${endpoint} ${call}`,
      does: isPrune ? "prune" : "sync",
      repeat: isPrune ? "never" : "harmless",
      mayLandWithin: isPrune ? 35_000 : 10_000,
    };
  }
  return { object: target, does: "aspire", repeat: "harmless", mayLandWithin: 10_000 };
}

/** When it had its effect, the first time. */
export function effectAt({ handled }: Exchange): number | undefined {
  return handled.find(({ effect }) => effect)?.at;
}

/** It took effect later than anybody may expect, or the network has made two of it: what follows from that is nobody's fault. */
export function isBeyond(exchange: Exchange, requestTimeout: number): boolean {
  return isTooLate(exchange, requestTimeout) || exchange.faults.includes("duplicate");
}

/** It took effect later than anybody may expect. */
export function isTooLate(exchange: Exchange, requestTimeout: number): boolean {
  const meaning = meaningOf(exchange);
  if (!meaning || exchange.leftAt === undefined) return false;
  const { leftAt, handled, answeredAt = Number.POSITIVE_INFINITY, outcome } = exchange;
  // With no answer in time the client reckons from when it gave up; else from the answer that told nothing.
  const failedAt = Math.min(answeredAt, leftAt + requestTimeout);
  const wasLate = outcome === "given up" || outcome === "504" || outcome === "408";
  const latest = failedAt + meaning.mayLandWithin + (wasLate ? requestTimeout : 0);
  return handled.some(({ effect, at }) => effect && at > latest);
}

export function requestTimeoutOf({ story }: Played, system: string): number {
  return story.systems.find((choice) => choice.system === system)?.requestTimeout ?? 0;
}
