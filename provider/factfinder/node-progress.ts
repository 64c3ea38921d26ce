import { clock } from "../core/data/clock.ts";
import { ClusteropsError } from "../core/data/errors.ts";
import type { CallOptions, Http } from "../core/http/call.ts";
import type { Scope } from "../core/work/scope.ts";
import { waitFor } from "../core/work/wait.ts";
import { type DatabaseState, getDatabaseState } from "./client.ts";
import {
  type DirectorState,
  differences,
  isAhead,
  isDirectorState,
  isInSync,
  requireVersion,
} from "./comparison.ts";
import { labelOf } from "./system.ts";

/** One channel of a node beside its director. */
export interface ChannelStatus {
  channel: string;
  node: DatabaseState;
  director: DirectorState;
  inSync: boolean;
}

/** A node that is to get to where its director was when it was first looked at. */
export interface NodeProgress {
  look(options: CallOptions): Promise<ChannelStatus[]>;
  /** Looks until all channels are in sync; undefined when `patience` (milliseconds) runs out before the deadline. */
  wait(patience?: number): Promise<ChannelStatus[] | undefined>;
}

/** Which node, which channels, and which director. */
export interface SyncTarget {
  node: Http;
  director: Http;
  /** Default: asks the director itself, which a hundred nodes should not do at a time. */
  readDirector?(channel: string, options: CallOptions): Promise<DatabaseState>;
  channels: readonly string[];
  /** What was seen of the node before, where it follows one channel. */
  known?: DatabaseState;
  /** Told of each look. */
  onLook?(statuses: ChannelStatus[]): void;
}

/** A node that tells no databaseVersion for so long, in milliseconds, is not going to. */
const silence = 60_000;

/** Sets the goal: where the director is now. */
export async function follow(scope: Scope, target: SyncTarget): Promise<NodeProgress> {
  const { node, director, channels, known, onLook } = target;
  const readDirector =
    target.readDirector ??
    ((channel: string, options: CallOptions) => getDatabaseState(director, channel, options));
  const tracks = await Promise.all(
    channels.map(async (channel) => {
      const goal = requireVersion(await readDirector(channel, scope), director, channel);
      return { channel, goal, latest: goal, told: known };
    }),
  );

  async function lookAt(track: (typeof tracks)[number], options: CallOptions): Promise<ChannelStatus> {
    const { channel, goal } = track;
    const state = withTold(await getDatabaseState(node, channel, options), track.told);
    track.told = state;
    // The director is asked again only when it matters: the node has come further than the director was.
    if (isAhead(state, track.latest)) {
      const latest = await readDirector(channel, options);
      if (isDirectorState(latest)) track.latest = latest;
    }
    const inSync = isInSync(state, goal) || isInSync(state, goal, track.latest);
    return { channel, node: state, director: track.latest, inSync };
  }

  async function look(options: CallOptions): Promise<ChannelStatus[]> {
    const statuses = await Promise.all(tracks.map((track) => lookAt(track, options)));
    onLook?.(statuses);
    return statuses;
  }

  return {
    look,
    wait(patience = Number.POSITIVE_INFINITY) {
      const began = clock.elapsed();
      const isEndless = patience === Number.POSITIVE_INFINITY;
      const longestSilence = Math.min(silence, scope.deadline.remaining() / 2);
      let heard = began;
      return waitFor<ChannelStatus[], ChannelStatus[] | undefined>(scope, {
        what: `sync of ${labelOf(node)}`,
        where: node.connection.endpoints[0] as string,
        look: (options) => look({ ...options, patience: "patient" }),
        judge(statuses) {
          if (statuses.every(({ inSync }) => inSync)) return { done: statuses };
          if (clock.elapsed() - began >= patience) return { done: undefined };
          if (statuses.some(({ inSync, node }) => !inSync && node.databaseVersion !== undefined))
            heard = clock.elapsed();
          // Whoever waits for it keeps its turn from others.
          if (isEndless && clock.elapsed() - heard >= longestSilence)
            throw new ClusteropsError(`cannot be seen to be in sync: ${describe(statuses)}`);
          return { pending: describe(statuses) };
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
export function describe(statuses: readonly ChannelStatus[]): string {
  return statuses
    .filter(({ inSync }) => !inSync)
    .map(({ channel, node, director }) => `channel ${channel}: ${differences(node, director)}`)
    .join("; ");
}
