import { type ActionStatus, endedBadly, hasEnded } from "../client.ts";

/** All that tells whether a node is in maintenance. Undefined: not told. */
export interface Signs {
  nodeUid: number;
  /** By `/v4/cluster/health`, which says it outright, since 8.0.16. */
  health?: boolean;
  /** Why the health could not be asked. */
  healthTrouble?: string;
  acceptServers?: boolean;
  maxListeners?: number;
  shardCount?: number;
  /** Whether there is a maintenance snapshot: "in-progress or improperly stopped", and some builds leave it behind (RS122458). */
  hasSnapshot?: boolean;
  /** The last `maintenance_on` and `maintenance_off`, running or ended. Which of them came last is not told. */
  lastOn?: ActionStatus;
  lastOff?: ActionStatus;
  /** Which of them came last, where somebody has recorded it. */
  latest?: "on" | "off";
}

/** What the signs say. */
export interface Reading {
  inMaintenance: boolean;
  /** Left half-way by an activation that ended badly: it takes no shards, and still has some or is not marked. */
  isHalfDone: boolean;
  /** Why it cannot be told. An activation must not be sent then, as activations stack (page "Maintenance mode"). */
  doubt?: string;
  /** The same in a few words, to be said of a node that others ask about. */
  hint?: string;
  /** The doubt rests on `max_listeners` alone, which is 0 on many a quorum node: others need not mind it. */
  mayBeQuorum?: boolean;
  /** The doubt may be over in a moment: reports lag. */
  mayLag?: boolean;
}

/** Whether a node is in maintenance: by the cluster's word, else by what the node itself is like. */
export function readSigns(signs: Signs): Reading {
  return signs.health === undefined ? withoutHealth(signs) : byHealth(signs, signs.health);
}

function byHealth(signs: Signs, inMaintenance: boolean): Reading {
  const { nodeUid, acceptServers, lastOn, lastOff } = signs;
  const isHalfDone = isOnFailed(signs) && (inMaintenance ? !isEmpty(signs) : acceptServers === false);
  const isGoingOn = [lastOn, lastOff].some((action) => action && !hasEnded(action));
  // The health is "observed at" some moment, and may lag behind: where the node and its history say otherwise, both are heard.
  const isDenied = !inMaintenance && acceptServers === false && isOnLatest(signs);
  const isClaimed = inMaintenance && acceptServers === true && !isOnLatest(signs) && !isGoingOn;
  if (!isDenied && !isClaimed) return { inMaintenance, isHalfDone };
  const task = lastOn?.taskId ?? "unknown";
  return {
    inMaintenance,
    isHalfDone,
    mayLag: true,
    hint: isDenied
      ? "it takes no shards and maintenance_on completed, yet the health says that it is not in maintenance"
      : "the health says that it is in maintenance, yet it takes shards",
    doubt: isDenied
      ? `maintenance_on completed (task ${task}) and node ${nodeUid} takes no shards, yet /v4/cluster/health says that it is not in maintenance`
      : `/v4/cluster/health says that node ${nodeUid} is in maintenance, yet it takes shards (accept_servers true)`,
  };
}

/** Before 8.0.16 a quorum node, and a node whose removal failed, take no shards either. */
function withoutHealth(signs: Signs): Reading {
  const { acceptServers, maxListeners, hasSnapshot, lastOn, lastOff, latest } = signs;
  const isIn: Reading = { inMaintenance: true, isHalfDone: isOnFailed(signs) && !isEmpty(signs) };
  const isOut: Reading = { inMaintenance: false, isHalfDone: false };
  /** Both have completed, and nobody has recorded in which order. */
  const isEither = isCompleted(lastOn) && isCompleted(lastOff) && latest === undefined;
  if (acceptServers === true) return isOut;
  if (acceptServers === undefined) {
    const isHinted = hasSnapshot !== false || maxListeners === 0 || isOnLatest(signs);
    return isHinted ? doubtful(signs, "it does not say whether it takes shards (accept_servers)") : isOut;
  }
  if (maxListeners === 0) {
    // Maintenance may make it 0, and so does whoever tunes a quorum node; only maintenance has a snapshot, or a maintenance_on.
    if (hasSnapshot !== false || (lastOn !== undefined && !isEither)) return isIn;
    const why = "it takes no shards and has no listeners, but no maintenance snapshot either";
    return { ...doubtful(signs, why), mayBeQuorum: true };
  }
  if (hasSnapshot) {
    // A snapshot that was left behind (RS122458) on a node that something else has closed since looks the same.
    if (isEither)
      return doubtful(
        signs,
        "it takes no shards and has a maintenance snapshot, and both maintenance_on and maintenance_off have completed",
      );
    // Empty, closed and with a snapshot: that is the state, whatever is still known of its history.
    if (signs.shardCount === 0 || lastOn !== undefined) return isIn;
    return doubtful(
      signs,
      `it takes no shards, still has ${signs.shardCount ?? "an unknown number of"} of its own and a maintenance snapshot, which may be left from an earlier maintenance, and no maintenance_on is known of`,
    );
  }
  if (isOnFailed(signs)) return { inMaintenance: false, isHalfDone: true };
  // A maintenance has a snapshot: a quorum node that was in maintenance once has both actions, and none.
  if (isCompleted(lastOn) && !(isEither && hasSnapshot === false))
    return doubtful(
      signs,
      `it takes no shards and maintenance_on completed (task ${lastOn?.taskId ?? "unknown"}), but ${hasSnapshot === false ? "there is no maintenance snapshot" : "its status, which shows the maintenance snapshot, cannot be read"}`,
    );
  if (hasSnapshot === undefined && (lastOn === undefined || hasEnded(lastOn)))
    return doubtful(
      signs,
      "it takes no shards, and its status, which shows whether there is a maintenance snapshot, cannot be read",
    );
  if (maxListeners === undefined)
    return doubtful(
      signs,
      "it takes no shards, and says neither max_listeners nor of a maintenance snapshot",
    );
  // Without a snapshot nobody has put it into maintenance: a quorum node.
  return isOut;
}

function doubtful({ nodeUid, healthTrouble }: Signs, why: string): Reading {
  const health = healthTrouble
    ? `/v4/cluster/health, which would say it, does not: ${healthTrouble}`
    : "before 8.0.16 there is no /v4/cluster/health, which would say it";
  return {
    inMaintenance: false,
    isHalfDone: false,
    hint: why,
    doubt: `whether node ${nodeUid} is in maintenance cannot be told: ${why}; ${health}`,
  };
}

/** By its actions the node is in maintenance: it entered, and has not left since as far as anybody knows. */
function isOnLatest({ lastOn, lastOff, latest }: Signs): boolean {
  return isCompleted(lastOn) && (latest === "on" || (latest === undefined && !isCompleted(lastOff)));
}

/** It ended badly on the way in, and nobody has taken the node out since. */
function isOnFailed({ lastOn, latest }: Signs): boolean {
  return endedBadly(lastOn) && latest !== "off";
}

function isCompleted(action: ActionStatus | undefined): boolean {
  return action?.status === "completed";
}

/** A number that is not told is not 0. */
export function isEmpty({ shardCount }: { shardCount?: number }): boolean {
  return shardCount === 0;
}
