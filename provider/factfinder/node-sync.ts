import type { Connection } from "../core/connection/settings.ts";
import { messageOf, RequestError, reworded } from "../core/data/errors.ts";
import { withoutUndefined } from "../core/data/values.ts";
import type { Forecast } from "../core/lifecycle/resource.ts";
import { type RunInputs, runResource, type Unfinished } from "../core/lifecycle/run.ts";
import { once } from "../core/work/once.ts";
import type { Scope } from "../core/work/scope.ts";
import { onNode, report, warnOfErrors } from "./catch-up.ts";
import { syncDatabaseFull } from "./client.ts";
import { gapsOf } from "./comparison.ts";
import { describe, type Follower, follow, push, type Standing } from "./follower.ts";
import { blaming, forPreview } from "./preview.ts";
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
  /** The same as the director's. */
  databaseVersion?: number;
  /** Delta updates applied on top of that database. */
  deltaVersion?: number;
  /** Delta updates that were rejected; a reload sets it to 0. */
  deltaErrorCount?: number;
}

/** That the request was sent, and its end not seen. */
type NodeSyncHandle = { asked: true };

export const nodeSync = runResource<NodeSyncInputs, NodeSyncOutputs, NodeSyncHandle>({
  system: factfinder,
  type: "NodeSync",
  timeout: "30m",
  manner: ["director"],
  id: ({ connection }) => nameOf(connection),
  subject: ({ connection }) => `factfinder node ${nameOf(connection)}`,
  connections: ({ connection, director }) => [
    ["connection", connection],
    ...(director === undefined ? [] : [["director", director] as [string, string | Connection]]),
  ],
  validate: ({ channels, director }) =>
    channels && director === undefined
      ? [{ property: "director", reason: "is required with channels: it is what they are compared with" }]
      : [],
  run: (scope, inputs, unfinished) => onNode(scope, scope.http, () => sync(scope, inputs, unfinished)),
  plan,
});

async function sync(
  scope: Scope,
  { channels, director }: NodeSyncInputs,
  unfinished: Unfinished<NodeSyncInputs, NodeSyncHandle> | undefined,
): Promise<NodeSyncOutputs> {
  if (!channels) return syncUnverified(scope);
  const node = scope.http;
  const follower = await follow(scope, { node, director: scope.connect(director, "director"), channels });
  const joined = unfinished?.changed.length === 0 && (await join(scope, follower));
  if (joined) return outputs(scope, joined);
  const asked = await push(scope, follower, {
    send: () => syncDatabaseFull(node, scope),
    keep: () => scope.keep({ asked: true }),
    forget: () => scope.forget(),
  });
  if ("reached" in asked) return outputs(scope, asked.reached);
  report(scope, labelOf(node), asked.answer);
  return outputs(scope, (await follower.wait()) as Standing[]);
}

/** An earlier request may still be at work: it gets half of the time before another one is sent. */
function join(scope: Scope, follower: Follower): Promise<Standing[] | undefined> {
  scope.keep({ asked: true });
  return follower.wait(scope.deadline.remaining() / 2);
}

/** Without channels there is nothing to read back: a doubt is the user's to settle. */
async function syncUnverified(scope: Scope): Promise<NodeSyncOutputs> {
  const send = () => syncDatabaseFull(scope.http, scope);
  const results = await once(scope, { send }).catch((error) => {
    if (!(error instanceof RequestError) || error.effect === "no") throw error;
    const remedy =
      "name channels and director to have it verified, or give the connection a longer requestTimeout";
    throw reworded(error, `${messageOf(error)}; whether the node has synchronised is not known: ${remedy}`);
  });
  report(scope, labelOf(scope.http), results);
  return { channelStates: [] };
}

function outputs(scope: Scope, standings: readonly Standing[]): NodeSyncOutputs {
  const label = labelOf(scope.http);
  for (const gap of gapsIn(label, standings)) scope.warn(gap);
  for (const { channel, node } of standings) warnOfErrors(scope, label, channel, node);
  return { channelStates: standings.map(({ channel, node }) => ({ channel, ...withoutUndefined(node) })) };
}

function gapsIn(label: string, standings: readonly Standing[]): string[] {
  return standings.flatMap(({ channel, node, director }) =>
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
  const follower = await blaming("director", () => follow(scope, ahead), "channels");
  const standings = await blaming("connection", () => follower.look(scope), "channels");
  return {
    plan: `${what}: ${describe(standings) || `channels ${channels.join(", ")} are in sync already`}`,
    warnings: [...gapsIn(labelOf(node), standings), ...severalEndpoints(node)],
  };
}
