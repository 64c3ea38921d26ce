import { clock } from "../core/data/clock.ts";
import type { Installation } from "../core/work/installation.ts";
import type { Scope } from "../core/work/scope.ts";

/** Who has the turn on one cluster, and who has set out to take which node out. */
interface Turns {
  /** The one whose turn it is: the node, and what is done to it. */
  holder?: { nodeUid: number; action: string };
  leaving: Map<number, Leaving>;
}

interface Leaving {
  /** How many are at it. */
  count: number;
  /** When the last one had done, in milliseconds of `clock.elapsed`. */
  endedAt: number;
}

function turnsOf({ installation }: { installation: Installation }): Turns {
  return installation.note<Turns>("turns", () => ({ leaving: new Map() }));
}

/**
 * What moves shards on one cluster takes turns, in this process: entering and leaving maintenance, removing nodes, and handing roles
 * over. What one moves another may take, and each sees what the one before has left. The time of an operation does not run meanwhile.
 *
 * @param action what it does to the node, for those who wait, e.g. `maintenance_on`
 */
export async function alone<T>(
  scope: Scope,
  nodeUid: number,
  action: string,
  work: () => Promise<T>,
): Promise<T> {
  const { http } = scope;
  const turns = turnsOf(http);
  const { holder } = turns;
  if (holder)
    scope.progress(
      `node ${nodeUid} ${action} waits for its turn, after node ${holder.nodeUid} ${holder.action} of the same program`,
    );
  return scope.inTurn(http, "shards", async () => {
    turns.holder = { nodeUid, action };
    try {
      return await work();
    } finally {
      turns.holder = undefined;
    }
  });
}

/** Whether it is this node that somebody in this process moves shards on: whoever comes next waits for its turn, and looks then. */
export function hasTurn({ http }: Pick<Scope, "http">, nodeUid: number): boolean {
  return turnsOf(http).holder?.nodeUid === nodeUid;
}

/** The same for work that takes a node out: whoever wants it in meanwhile waits for its turn. */
export async function aloneToLeave<T>(scope: Scope, nodeUid: number, work: () => Promise<T>): Promise<T> {
  const { leaving } = turnsOf(scope.http);
  const entry = leaving.get(nodeUid) ?? { count: 0, endedAt: Number.NEGATIVE_INFINITY };
  leaving.set(nodeUid, entry);
  entry.count++;
  try {
    return await alone(scope, nodeUid, "maintenance_off", work);
  } finally {
    entry.count--;
    entry.endedAt = clock.elapsed();
  }
}

/** Whether somebody in this process takes the node out, or has done so since the scope has looked: what was seen of it may be over. */
export function isLeaving({ http, knowledge }: Scope, nodeUid: number): boolean {
  const entry = turnsOf(http).leaving.get(nodeUid);
  return entry !== undefined && (entry.count > 0 || entry.endedAt >= knowledge.from);
}
