import { ClusteropsError, messageOf, WaitExpired } from "../../core/data/errors.ts";
import { anyOfEndpoints } from "../../core/http/silences.ts";
import { deciding } from "../../core/work/deciding.ts";
import type { Way } from "../../core/work/installation.ts";
import type { Scope } from "../../core/work/scope.ts";
import { catchUp, onNode, warnOfErrors } from "../catch-up.ts";
import { gapsOf, untold, versionsOf } from "../comparison.ts";
import { labelOf } from "../system.ts";
import { type FleetState, halfOf, type NodeState, openFleet } from "./fleet.ts";
import type { DatabaseSyncInputs, DatabaseSyncOutputs } from "./inputs.ts";

/** By node: the databaseVersion for which it was asked to reload, without the end having been seen. */
export type ReloadsAsked = Record<string, number>;

interface Bookkeeping {
  /** What an earlier operation has left. */
  asked: ReloadsAsked;
  outputs(state: FleetState): DatabaseSyncOutputs;
}

/**
 * Brings the nodes that are behind in sync, several at a time. One that cannot be brought there does not keep the others from it.
 *
 * @throws ClusteropsError naming the nodes that are missing in the end, with their versions
 */
export async function syncFleet(
  scope: Scope,
  inputs: DatabaseSyncInputs,
  { asked, outputs }: Bookkeeping,
  observed: FleetState,
): Promise<FleetState> {
  const { channel, reload = "ifNeeded", verbose = false } = inputs;
  const reloads = { ...asked };
  const reached = { ...observed, nodes: observed.nodes.map((node) => ({ ...node })) };
  const record = () => scope.keep({ asked: reloads }, { ...outputs(reached) });

  async function sync(state: NodeState, index: number): Promise<void> {
    if (scope.signal.aborted) throw new ClusteropsError("its turn did not come");
    const earlier = asked[state.label];
    let round = 0;
    let trouble: unknown;
    const bring = (decision: Scope) => {
      const { director, nodes } = openFleet(decision, inputs);
      return catchUp(decision, {
        channel,
        director,
        node: nodes[index] as (typeof nodes)[number],
        reload,
        verbose,
        known: state.database,
        // What this operation itself has asked for is not waited for as if another were at it.
        asked: round++ === 0 ? earlier : undefined,
        ask(databaseVersion) {
          const before = reloads[state.label];
          const note = (version: number | undefined) => {
            if (version === undefined) delete reloads[state.label];
            else reloads[state.label] = version;
            record();
          };
          note(databaseVersion);
          return () => note(before);
        },
        onLook: ([seen]) => {
          state.database = seen?.node;
        },
      }).catch((error) => {
        trouble = error;
        throw error;
      });
    };
    const node = openFleet(scope, inputs).nodes[index] as Way;
    const status = await onNode(scope, node, (turn) => deciding(turn, bring)).catch((error) => {
      if (error instanceof ClusteropsError) throw error;
      // The end of the time says nothing: what the last try ran into does.
      if (trouble instanceof ClusteropsError) throw trouble;
      if (!scope.deadline.hasPassed()) throw error;
      const asked = reloads[state.label] === undefined ? "not done" : "sync/full was sent, and has not ended";
      throw new ClusteropsError(
        `${asked} within the timeout of ${scope.deadline.text} (${anyOfEndpoints(node)})`,
      );
    });
    delete reloads[state.label];
    reached.director = status.director;
    Object.assign(state, { inSync: true, problem: undefined });
  }

  const queue = [...reached.nodes.entries()].filter(([, { inSync }]) => !inSync);
  if (queue.length > 0) record();
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, state] = next;
      await sync(state, index).catch((error) => {
        state.problem = messageOf(error);
      });
      record();
    }
  };
  const slots = inputs.maxParallel ?? halfOf(reached.nodes);
  await Promise.all(Array.from({ length: Math.min(slots, queue.length) }, work));

  const gaps = gapsOf(channel, reached.director, reached.nodes);
  for (const gap of untold(scope.connect(inputs.director, "director"), gaps)) scope.warn(gap);
  const missing = reached.nodes.filter(({ inSync }) => !inSync);
  if (missing.length > 0)
    throw failure(scope, reached, missing, labelOf(scope.connect(inputs.director, "director")));
  for (const { label, database } of reached.nodes) warnOfErrors(scope, label, channel, database);
  return reached;
}

function failure(scope: Scope, { director, nodes }: FleetState, missing: NodeState[], where: string): Error {
  const list = missing.map(({ label, database, problem }) => {
    const versions = database ? versionsOf(database) : "versions unknown";
    return `${label} (${versions}): ${problem}`;
  });
  const message = `${missing.length} of ${nodes.length} nodes are not in sync with ${where} (${versionsOf(director)}): ${list.join("; ")}`;
  return scope.deadline.hasPassed() ? new WaitExpired(message) : new ClusteropsError(message);
}
