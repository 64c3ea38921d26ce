import { clock } from "../core/data/clock.ts";
import { messageOf, RequestError } from "../core/data/errors.ts";
import type { Scope } from "../core/work/scope.ts";
import { waitFor } from "../core/work/wait.ts";
import { listTasks, type TaskStatus } from "./client.ts";
import { ifTold } from "./documented.ts";
import { listNodesAway, type NodeAway } from "./nodes-away.ts";

/*
 * Two processes may decide at the same moment: neither sees the other's node away yet. So whoever has asked for an action that takes its
 * node away looks once more, and the later of the two gives way. It does not wait for the other.
 */

/** What was asked for here. */
export interface Mine {
  nodeUid: number;
  taskId?: string;
  /**
   * An earlier operation has asked for it, and may have ended before it could look. Its user may have taken other nodes away on purpose
   * since then, so it gives way only where the cluster tells that both were asked for at the same moment, and waits for nobody.
   */
  isResumed?: boolean;
  /** The node for which an earlier operation was giving way when it was cut off: the cluster may no longer tell which one came later. */
  givesWayTo?: number;
}

/** How a node is away that somebody takes away at the same moment. A node that goes down does not ask. */
const rivals: readonly NodeAway["how"][] = [
  "in maintenance",
  "entering maintenance",
  "half in maintenance",
  "maybe in maintenance",
  "being removed",
];

/** Milliseconds for the other one to give way, where it cannot be told who came later. */
const grace = 8_000;
const graceLooks = 300;
/** Milliseconds between two requests that may rest on looks which saw nothing of each other, however slow the network was. */
const sameMoment = 120_000;
/** How often the others are read before that is given up. */
const mostTries = 3;

/**
 * The node for which this one has to give way. Undefined: there is none.
 *
 * @param most how many others may be away beside it. With more, those give way that came after as many
 */
export async function findRival(scope: Scope, mine: Mine, most = 0): Promise<NodeAway | undefined> {
  if (most === Number.POSITIVE_INFINITY) return undefined;
  const away = await readRivals(scope, mine.nodeUid);
  if (away.length <= most) return undefined;
  // What cannot be told is decided by the nodes' uids.
  const tasks = (await ifTold(listTasks(scope.http, scope)))?.tasks ?? [];
  let before = 0;
  for (const other of away) {
    const after = sinceOf(mine, other, tasks);
    if ((await isLater(scope, mine, other, after)) && ++before > most) return other;
  }
  return undefined;
}

/** Whether it came after the other one. @param after by how many milliseconds, where that is told */
async function isLater(
  scope: Scope,
  mine: Mine,
  other: NodeAway,
  after: number | undefined,
): Promise<boolean> {
  if (mine.givesWayTo !== undefined) return mine.givesWayTo === other.nodeUid;
  if (mine.isResumed) return wasBefore(mine, other, after);
  if (after) return after > 0;
  return mine.nodeUid > other.nodeUid || !(await hasGivenWay(scope, mine.nodeUid, other));
}

/** What cannot be read just now fails nothing that runs well: it is tried again for a while, and then said. */
async function readRivals(scope: Scope, nodeUid: number): Promise<NodeAway[]> {
  for (let tries = 1; ; tries++) {
    try {
      return await listRivals(scope, nodeUid);
    } catch (error) {
      if (!(error instanceof RequestError) || scope.signal.aborted) throw error;
      if (tries === mostTries) {
        scope.warn(
          `whether another node was taken away at the same moment cannot be read: ${messageOf(error)}`,
        );
        return [];
      }
      await clock.pause(graceLooks, scope.signal);
    }
  }
}

/** The beginning of what is said of giving way. */
export function gaveWay({ reason }: NodeAway): string {
  return `${reason}, by a request of the same moment; with allowOtherNodesUnavailable: true nobody gives way`;
}

async function listRivals(scope: Scope, nodeUid: number): Promise<NodeAway[]> {
  return (await listNodesAway(scope, nodeUid)).filter(({ how }) => rivals.includes(how));
}

/** How long after the other's this one's action was asked for, in milliseconds: to the second, as the cluster tells it. Undefined: not told. */
function sinceOf(mine: Mine, other: NodeAway, tasks: readonly TaskStatus[]): number | undefined {
  const own = tasks.find(
    ({ taskId, nodeUid }) => nodeUid === mine.nodeUid && taskId === mine.taskId,
  )?.createdAt;
  const theirs = tasks
    .filter(
      ({ nodeUid, name }) => nodeUid === other.nodeUid && /^(maintenance_on|remove|decommission)$/.test(name),
    )
    .flatMap(({ createdAt }) => createdAt ?? []);
  return own === undefined || theirs.length === 0 ? undefined : own - Math.max(...theirs);
}

/** By what the cluster tells alone: the other one may be resumed as well, and then gives way in its turn. */
function wasBefore({ nodeUid }: Mine, other: NodeAway, after: number | undefined): boolean {
  if (after === undefined || after > sameMoment) return false;
  return after > 0 || (after === 0 && nodeUid > other.nodeUid);
}

/**
 * The one with the higher uid gives way; but one that had come to its end before this one's request does not look again: what has not
 * begun to come back after some time will not.
 */
async function hasGivenWay(scope: Scope, nodeUid: number, other: NodeAway): Promise<boolean> {
  if (other.how === "entering maintenance" || other.how === "being removed") return true;
  const began = clock.elapsed();
  return waitFor<NodeAway[], boolean>(scope, {
    what: `node ${other.nodeUid} giving way`,
    look: () => listRivals(scope, nodeUid),
    pace: () => graceLooks,
    judge(away) {
      if (!away.some((each) => each.nodeUid === other.nodeUid)) return { done: true };
      return clock.elapsed() - began < grace ? { pending: other.how } : { done: false };
    },
  });
}
