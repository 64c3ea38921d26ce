import type { Connection } from "../../core/connection/settings.ts";
import { messageOf } from "../../core/data/errors.ts";
import type { CallOptions, Http } from "../../core/http/call.ts";
import type { Way } from "../../core/work/installation.ts";
import type { Scope } from "../../core/work/scope.ts";
import { type DatabaseState, getDatabaseState } from "../client.ts";
import { type DirectorState, isAhead, isDirectorState, isInSync, requireVersion } from "../comparison.ts";
import { readDirector } from "../director-reads.ts";
import { labelOf } from "../system.ts";

/** One of the listed nodes. Without `database` it could not be read, and `problem` says why. */
export interface NodeState {
  label: string;
  database?: DatabaseState;
  problem?: string;
  inSync: boolean;
}

/** A director and the listed nodes, in the order of the list. */
export interface FleetState {
  director: DirectorState;
  nodes: NodeState[];
}

/** The nodes of a channel, and how each is reached. */
export interface Fleet {
  channel: string;
  director: Way;
  nodes: Way[];
}

export function openFleet(
  scope: Scope,
  inputs: { channel: string; director: string | Connection; nodes: (string | Connection)[] },
): Fleet {
  return {
    channel: inputs.channel,
    director: scope.connect(inputs.director, "director"),
    nodes: inputs.nodes.map((node, index) => scope.connect(node, `nodes[${index}]`)),
  };
}

/** Reads them all at once. Without the director nothing can be said; a node that cannot be read is not in sync as far as is known. */
export function observeFleet(scope: Scope, { channel, director, nodes }: Fleet): Promise<FleetState> {
  return compareFleet(scope, {
    channel,
    director,
    nodes,
    readDirector: () => readDirector(director, channel, scope),
  });
}

/** The same by other ways: a preview's, whose reads are shared and given up soon. */
export async function compareFleet(
  scope: Scope,
  {
    channel,
    director,
    nodes,
    readDirector,
    patience,
  }: {
    channel: string;
    director: Http;
    nodes: readonly Http[];
    readDirector(): Promise<DatabaseState>;
    patience?: CallOptions["patience"];
  },
): Promise<FleetState> {
  const before = requireVersion(await readDirector(), director, channel);
  const seen = await Promise.all(
    nodes.map((node) => readNode(node, channel, { signal: scope.signal, patience })),
  );
  const isMoving = seen.some(({ database }) => database && isAhead(database, before));
  const later = isMoving ? await readDirector() : before;
  const after = isDirectorState(later) ? later : before;
  return {
    director: after,
    nodes: seen.map((node) => ({
      ...node,
      inSync: node.database !== undefined && isInSync(node.database, before, after),
    })),
  };
}

async function readNode(
  node: Http,
  channel: string,
  options: CallOptions,
): Promise<Omit<NodeState, "inSync">> {
  const label = labelOf(node);
  try {
    return { label, database: await getDatabaseState(node, channel, options) };
  } catch (error) {
    options.signal.throwIfAborted();
    return { label, problem: messageOf(error) };
  }
}

/** How many nodes may reload at once: half of those that answer, so that the others keep serving. A node that cannot be read serves nobody. */
export function halfOf(nodes: readonly NodeState[]): number {
  return Math.max(1, Math.floor(nodes.filter(({ database }) => database).length / 2));
}
