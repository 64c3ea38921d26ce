import { type AspireWorld, aspireLater, openAspire } from "./aspire.ts";
import { type FactFinderWorld, factfinderLater, openFactFinder } from "./factfinder.ts";
import type { Installation } from "./installation.ts";
import { openRedis, type RedisWorld, redisFailed, redisLater } from "./redis.ts";
import { openTcf, type TcfWorld, tcfLater } from "./tcf.ts";

/** The situation of one installation, as plain data from which a simulator can be brought there again. */
export type World = RedisWorld | TcfWorld | FactFinderWorld | AspireWorld;

/** Brings a simulator into the situation. Nothing of that is counted as a request. */
export function open(world: World): Promise<Installation> {
  switch (world.system) {
    case "redis":
      return openRedis(world);
    case "tcf":
      return openTcf(world);
    case "factfinder":
      return openFactFinder(world);
    case "aspire":
      return openAspire(world);
  }
}

/** The same a little later: what was under way has come to its end. */
export function later(world: World): World {
  switch (world.system) {
    case "redis":
      return redisLater(world);
    case "tcf":
      return tcfLater(world);
    case "factfinder":
      return factfinderLater(world);
    case "aspire":
      return aspireLater(world);
  }
}

/** The same a little later: what was under way has ended badly, where a system tells that. */
export function failed(world: World): World {
  return world.system === "redis" ? redisFailed(world) : world;
}
