import { endedBadly, hasEnded, type NodeAction } from "./client.ts";

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
  lastOn?: NodeAction;
  lastOff?: NodeAction;
}

/** What the signs say. */
export interface Reading {
  inMaintenance: boolean;
  /** Left half-way by an activation that ended badly: it takes no shards, and still has some or is not marked. */
  isHalfDone: boolean;
  /** Why it cannot be told. An activation must not be sent then, as activations stack (page "Maintenance mode"). */
  doubt?: string;
  /** The doubt may be over in a moment: reports lag. */
  mayLag?: boolean;
}

/** Whether a node is in maintenance: by the cluster's word, else by what the node itself is like. */
export function readSigns(signs: Signs): Reading {
  return signs.health === undefined ? withoutHealth(signs) : byHealth(signs, signs.health);
}

function byHealth(signs: Signs, inMaintenance: boolean): Reading {
  const { nodeUid, acceptServers, lastOn, lastOff } = signs;
  const takesNoShards = acceptServers === false;
  const isHalfDone = endedBadly(lastOn) && (inMaintenance ? !isEmpty(signs) : takesNoShards);
  // The health is "observed at" some moment, and may lag behind an activation.
  const isContradicted = !inMaintenance && takesNoShards && isCompleted(lastOn) && !isCompleted(lastOff);
  if (!isContradicted) return { inMaintenance, isHalfDone };
  return {
    inMaintenance,
    isHalfDone,
    mayLag: true,
    doubt: `maintenance_on completed (task ${lastOn?.taskId ?? "unknown"}) and node ${nodeUid} takes no shards, yet /v4/cluster/health says that it is not in maintenance`,
  };
}

/** Before 8.0.16 a quorum node, and a node whose removal failed, take no shards either. */
function withoutHealth(signs: Signs): Reading {
  const { acceptServers, maxListeners, hasSnapshot, lastOn, lastOff } = signs;
  const isIn: Reading = { inMaintenance: true, isHalfDone: endedBadly(lastOn) && !isEmpty(signs) };
  const isOut: Reading = { inMaintenance: false, isHalfDone: false };
  if (acceptServers === true) return isOut;
  if (acceptServers === undefined) {
    const isHinted =
      hasSnapshot !== false || maxListeners === 0 || (isCompleted(lastOn) && !isCompleted(lastOff));
    return isHinted ? doubtful(signs, "it does not say whether it takes shards (accept_servers)") : isOut;
  }
  // Nothing else is known to make it 0, nor is it certain that maintenance does.
  if (maxListeners === 0) return isIn;
  if (hasSnapshot) {
    // Empty, closed and with a snapshot: that is the state, whatever is still known of its history.
    if (signs.shardCount === 0 || lastOn !== undefined) return isIn;
    return doubtful(
      signs,
      `it takes no shards, still has ${signs.shardCount ?? "an unknown number of"} of its own and a maintenance snapshot, which may be left from an earlier maintenance, and no maintenance_on is known of`,
    );
  }
  if (endedBadly(lastOn)) return { inMaintenance: false, isHalfDone: true };
  if (isCompleted(lastOn))
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
    doubt: `whether node ${nodeUid} is in maintenance cannot be told: ${why}; ${health}`,
  };
}

function isCompleted(action: NodeAction | undefined): boolean {
  return action?.status === "completed";
}

function isEmpty({ shardCount = 0 }: Signs): boolean {
  return shardCount === 0;
}
