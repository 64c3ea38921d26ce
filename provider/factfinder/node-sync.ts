import type { Connection } from "../core/connection/settings.ts";
import { reworded, toldOf } from "../core/data/errors.ts";
import { withoutUndefined } from "../core/data/values.ts";
import type { Forecast } from "../core/lifecycle/resource.ts";
import { type RunInputs, runResource, type Unfinished } from "../core/lifecycle/run.ts";
import { deciding } from "../core/work/deciding.ts";
import type { Scope } from "../core/work/scope.ts";
import { onNode, report, warnOfErrors } from "./catch-up.ts";
import { channelsFailures } from "./channels.ts";
import { effects, syncDatabaseFull } from "./client.ts";
import { gapsOf, gapWarnings, swapsOf, untold } from "./comparison.ts";
import { readDirector } from "./director-reads.ts";
import { factsOfDatabases } from "./facts.ts";
import { type ChannelStatus, describe, follow, type NodeProgress } from "./node-progress.ts";
import { blaming, forPreview } from "./preview.ts";
import { allDatabases, isInDoubt, sendUntilAnswered } from "./sending.ts";
import { mayBeAtWork, requestSync } from "./sync-request.ts";
import { factfinder, labelOf, nameOf, severalEndpoints } from "./system.ts";

/**
 * Fully synchronises one node, once: its missing delta updates are applied, or its databases are reloaded from Postgres; all
 * channels. `connection` is the node. The call answers with nothing: name `channels` and `director` to have the outcome verified;
 * without them the node has accepted the call, and no more is known. A node with `useClusterSync` may get there by itself first.
 *
 * Every field of a state is optional: a node that tells no databaseVersion is never in sync, and a deltaVersion is compared where
 * both sides tell one; a warning says where the databaseVersion alone was.
 * https://docs.fact-finder.com/api-reference/cluster
 */
export interface NodeSyncInputs extends RunInputs {
  /** Channels that must be in sync with the director afterwards. Default: only the call's own success counts. @minItems 1 */
  channels?: string[];
  /** The director to compare with: the name of a connection, or its settings. Needed with `channels`. */
  director?: string | Connection;
}

export interface NodeSyncOutputs {
  /** The listed channels as they are on the node; empty when none is listed. */
  channelStates: NodeSyncChannelState[];
}

/** A version that the node does not tell is absent. */
export interface NodeSyncChannelState {
  /** As in `channels`. */
  channel: string;
  /** The same as the director's. @asType integer */
  databaseVersion?: number;
  /** Delta updates applied on top of that database. @asType integer */
  deltaVersion?: number;
  /** Delta updates that were rejected; a reload sets it to 0. @asType integer */
  deltaErrorCount?: number;
}

/** That the request was sent, and its end not seen. */
type NodeSyncHandle = { asked: true };

export const nodeSync = runResource<NodeSyncInputs, NodeSyncOutputs, NodeSyncHandle>({
  system: factfinder,
  type: "NodeSync",
  timeout: "30m",
  noRerunOn: ["director"],
  onlyRead: ["director"],
  id: ({ connection }) => nameOf(connection),
  subject: ({ connection }) => `factfinder node ${nameOf(connection)}`,
  connections: ({ connection, director }) => [
    ["connection", connection],
    ...(director === undefined ? [] : [["director", director] as [string, string | Connection]]),
  ],
  validate: ({ channels, director }) => [
    ...channelsFailures("channels", channels ?? []),
    ...(channels && director === undefined
      ? [{ property: "director", reason: "is required with channels: it is what they are compared with" }]
      : []),
  ],
  run: (scope, inputs, unfinished) => onNode(scope, scope.http, () => sync(scope, inputs, unfinished)),
  plan,
  facts(scope, { channels = [], director }, _recorded, how) {
    const others = director === undefined ? [] : [scope.connect(director, "director")];
    return factsOfDatabases(scope, channels, [...others, scope.http], how);
  },
});

async function sync(
  scope: Scope,
  { channels, director }: NodeSyncInputs,
  unfinished: Unfinished<NodeSyncInputs, NodeSyncHandle> | undefined,
): Promise<NodeSyncOutputs> {
  if (!channels) return syncUnverified(scope);
  let isEarlier = unfinished?.changed.length === 0;
  return deciding(scope, async (decision) => {
    const to = decision.connect(director, "director");
    const progress = await follow(decision, {
      node: decision.http,
      director: to,
      readDirector: (channel, options) => readDirector(to, channel, options),
      channels,
    });
    const joined = isEarlier && (await join(decision, progress));
    // What this operation itself has asked for is not waited for as if another were at it.
    isEarlier = false;
    return outputs(scope, joined || (await syncVerified(decision, progress)));
  });
}

async function syncVerified(scope: Scope, progress: NodeProgress): Promise<ChannelStatus[]> {
  const node = scope.http;
  const asked = await requestSync(scope, progress, {
    what: "sync/full",
    node,
    send: (permit) => syncDatabaseFull(node, permit, scope),
    keep: () => scope.keep({ asked: true } satisfies NodeSyncHandle),
  });
  if ("reached" in asked) return asked.reached;
  report(scope, labelOf(node), asked.answer);
  return (await progress.wait()) as ChannelStatus[];
}

/** An earlier request may still be at work: it gets half of the time before another one is sent. */
function join(scope: Scope, progress: NodeProgress): Promise<ChannelStatus[] | undefined> {
  scope.keep({ asked: true } satisfies NodeSyncHandle);
  return progress.wait(scope.deadline.remaining() / 2);
}

/** Without channels there is nothing to read back: it is sent until it is answered, and a doubt is the user's to settle. */
async function syncUnverified(scope: Scope): Promise<NodeSyncOutputs> {
  const node = scope.http;
  const results = await sendUntilAnswered(scope, {
    what: "sync/full",
    on: allDatabases,
    does: "sync",
    ...effects.sync,
    send: (permit) => syncDatabaseFull(node, permit, scope),
    mayBeAtWork,
  }).catch((error) => {
    if (!isInDoubt(error, scope)) throw error;
    const remedy =
      "name channels and director to have it verified, or give the connection a longer requestTimeout";
    throw reworded(
      error,
      `${toldOf(error, scope)}; whether the node has synchronised is not known: ${remedy}`,
    );
  });
  report(scope, labelOf(node), results);
  return { channelStates: [] };
}

function outputs(scope: Scope, statuses: readonly ChannelStatus[]): NodeSyncOutputs {
  const label = labelOf(scope.http);
  for (const gap of untold(scope.http, gapsIn(label, statuses))) scope.warn(gap);
  for (const { channel, node } of statuses) warnOfErrors(scope, label, channel, node);
  return { channelStates: statuses.map(({ channel, node }) => ({ channel, ...withoutUndefined(node) })) };
}

function gapsIn(label: string, statuses: readonly ChannelStatus[]): string[] {
  return statuses.flatMap(({ channel, node, director }) =>
    gapsOf(channel, director, [{ label, database: node }]),
  );
}

async function plan(scope: Scope, { channels, director }: NodeSyncInputs): Promise<Forecast> {
  const node = scope.http;
  const what = `sync/full of ${labelOf(node)}`;
  if (!channels) {
    const warnings =
      director === undefined ? [] : ["director without channels: nothing will be compared with it"];
    return { plan: `${what}, all channels`, warnings: [...warnings, ...severalEndpoints(node)] };
  }
  const ahead = {
    node: forPreview(node),
    director: forPreview(scope.connect(director, "director")),
    channels,
  };
  const progress = await blaming("director", () => follow(scope, ahead), "channels");
  const statuses = await blaming("connection", () => progress.look(scope), "channels");
  return {
    plan: `${what}: ${describe(statuses) || `channels ${channels.join(", ")} are in sync already`}`,
    warnings: [
      ...statuses.flatMap(({ channel, node: database, director }) =>
        swapsOf(channel, director, [{ label: labelOf(node), database }]),
      ),
      ...gapWarnings(node, gapsIn(labelOf(node), statuses)),
      ...severalEndpoints(node),
    ],
  };
}
