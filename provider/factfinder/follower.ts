import { isDeepStrictEqual } from "node:util";
import { clock } from "../core/data/clock.ts";
import { ClusteropsError, RequestError, StatusError } from "../core/data/errors.ts";
import type { CallOptions, Http } from "../core/http/http.ts";
import { once } from "../core/work/once.ts";
import type { Scope } from "../core/work/scope.ts";
import { waitFor } from "../core/work/wait.ts";
import { type DatabaseState, getDatabaseState } from "./client.ts";
import {
  type DirectorState,
  differences,
  getDirectorState,
  isDirectorState,
  isInSync,
} from "./comparison.ts";
import { labelOf } from "./system.ts";

/** Where a node stands with one channel. */
export interface Standing {
  channel: string;
  node: DatabaseState;
  director: DirectorState;
  inSync: boolean;
}

/** One node on its way to where the director was when it was first looked at. */
export interface Follower {
  look(options: CallOptions): Promise<Standing[]>;
  /** Looks until all channels are in sync; undefined when `patience` (milliseconds) runs out before the deadline. */
  wait(patience?: number): Promise<Standing[] | undefined>;
}

export interface Course {
  node: Http;
  director: Http;
  channels: readonly string[];
  /** What was seen of the node before, where it follows one channel. */
  known?: DatabaseState;
  /** Told of each look. */
  onLook?(standings: Standing[]): void;
}

/** A node that tells no databaseVersion for so long, in milliseconds, is not going to. */
const silence = 60_000;

/** Sets the goal: where the director is now. */
export async function follow(
  scope: Scope,
  { node, director, channels, known, onLook }: Course,
): Promise<Follower> {
  const tracks = await Promise.all(
    channels.map(async (channel) => {
      const goal = await getDirectorState(director, channel, scope);
      return { channel, goal, latest: goal, last: undefined as DatabaseState | undefined, told: known };
    }),
  );

  async function lookAt(track: (typeof tracks)[number], options: CallOptions): Promise<Standing> {
    const { channel, goal } = track;
    const state = withTold(await getDatabaseState(node, channel, options), track.told);
    track.told = state;
    // The director is asked again only when it matters: the node has moved, and not to where the director was.
    if (isInSync(state, goal) || isDeepStrictEqual(state, track.last)) {
      track.last = state;
    } else {
      const latest = await getDatabaseState(director, channel, options);
      // One that tells nothing for a moment is asked again with the next look.
      track.last = isDirectorState(latest) ? state : undefined;
      if (isDirectorState(latest)) track.latest = latest;
    }
    const inSync = isInSync(state, goal) || isInSync(state, goal, track.latest);
    return { channel, node: state, director: track.latest, inSync };
  }

  async function look(options: CallOptions): Promise<Standing[]> {
    const standings = await Promise.all(tracks.map((track) => lookAt(track, options)));
    onLook?.(standings);
    return standings;
  }

  return {
    look,
    wait(patience = Number.POSITIVE_INFINITY) {
      const began = clock.elapsed();
      const isEndless = patience === Number.POSITIVE_INFINITY;
      const longestSilence = Math.min(silence, scope.deadline.remaining() / 2);
      let heard = began;
      return waitFor<Standing[], Standing[] | undefined>(scope, {
        what: `sync of ${labelOf(node)}`,
        where: node.connection.endpoints[0] as string,
        look: (options) => look({ ...options, patience: "patient" }),
        judge(standings) {
          if (standings.every(({ inSync }) => inSync)) return { done: standings };
          if (clock.elapsed() - began >= patience) return { done: undefined };
          if (standings.some(({ inSync, node }) => !inSync && node.databaseVersion !== undefined))
            heard = clock.elapsed();
          // Whoever waits for it keeps its turn from others.
          if (isEndless && clock.elapsed() - heard >= longestSilence)
            throw new ClusteropsError(`cannot be seen to be in sync: ${describe(standings)}`);
          return { pending: describe(standings) };
        },
      });
    },
  };
}

/** What a node has told of its delta updates holds, on the same database, until it tells something else. */
function withTold(state: DatabaseState, told: DatabaseState | undefined): DatabaseState {
  return told?.deltaVersion === undefined || told.databaseVersion !== state.databaseVersion
    ? state
    : { deltaVersion: told.deltaVersion, ...state };
}

/** `channel de: databaseVersion 41 instead of 42`, for those that are not in sync. */
export function describe(standings: readonly Standing[]): string {
  return standings
    .filter(({ inSync }) => !inSync)
    .map(({ channel, node, director }) => `channel ${channel}: ${differences(node, director)}`)
    .join("; ");
}

/** A request that makes a node catch up. */
export interface Push<T> {
  send(): Promise<T>;
  /** How long (milliseconds) a node may be at it without an answer; without end by default: a reload takes what it takes. */
  patience?: number;
  /** Called before each sending. */
  keep?(): void;
  /** Called when the request was refused, or has come to nothing. */
  forget?(): void;
}

/** A connection that breaks later than this broke under a request that was being worked on. */
const quick = 2_000;
/** How long the effect of a request may take to show before the request counts as lost. */
const visible = 4_000;

/**
 * Sends it so that a node never works on it twice. Where the answer is in doubt the node's state decides; while the node may
 * still be at it (no answer in time, or the connection broke in the middle of a reload) nothing is sent again.
 */
export async function push<T>(
  scope: Scope,
  follower: Follower,
  { send, patience, keep, forget }: Push<T>,
): Promise<{ answer: T } | { reached: Standing[] }> {
  let isAtWork = false;
  let failedAt = 0;
  return once<{ answer: T } | { reached: Standing[] }>(scope, {
    async send() {
      keep?.();
      const began = clock.elapsed();
      try {
        return { answer: await send() };
      } catch (error) {
        if (error instanceof RequestError && error.effect === "no") forget?.();
        failedAt = clock.elapsed();
        isAtWork = mayBeAtWork(error, failedAt - began);
        throw error;
      }
    },
    async landed() {
      const limit = isAtWork ? (patience ?? Number.POSITIVE_INFINITY) : visible;
      const reached = await follower.wait(limit - (clock.elapsed() - failedAt));
      return reached && { reached };
    },
  }).catch((error) => {
    // Reads leave no doubt behind: this is the request's own, and it has come to nothing.
    if (error instanceof RequestError && error.effect === "maybe") forget?.();
    throw error;
  });
}

function mayBeAtWork(error: unknown, elapsed: number): boolean {
  if (!(error instanceof RequestError)) return false;
  const isBroken = error.effect === "maybe" && !(error instanceof StatusError);
  return error.effect === "late" || (isBroken && elapsed > quick);
}
