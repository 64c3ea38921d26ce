import { Refusal } from "../core/errors.ts";
import { withLock } from "../core/lock.ts";
import { type CommonInputs, stateResource } from "../core/resource.ts";
import type { Scope } from "../core/scope.ts";
import { waitFor } from "../core/wait.ts";
import { performAction, stopAction } from "./action.ts";
import { endedBadly, hasEnded } from "./client.ts";
import { forecastMaintenance } from "./maintenance-forecast.ts";
import { checkVersion, drains, offParameters, onParameters } from "./maintenance-parameters.ts";
import {
  listUnavailableOthers,
  type MaintenanceState,
  missingNode,
  observeMaintenance,
} from "./maintenance-state.ts";
import { redis } from "./system.ts";
import { verify } from "./verify.ts";

/** A node of a Redis Enterprise cluster kept in maintenance mode (pages "Node actions requests", "Maintenance mode"). */
export interface NodeMaintenanceInputs extends CommonInputs {
  /** The node's uid, as `rladmin status nodes` shows it. @minimum 1 @asType integer */
  nodeUid: number;
  /**
   * Take a new snapshot of the node's shards although one exists. Since 7.4.2. Never sent for a node that an earlier attempt
   * has already begun to empty: the snapshot would be of that. @default false
   */
  overwriteSnapshot?: boolean;
  /** Migrate replica shards away too. False keeps them in place and only demotes masters. Since 7.4.2. @default true */
  evictHaReplica?: boolean;
  /** Migrate replica shards of Active-Active databases away too. Since 7.4.2. @default true */
  evictActiveActiveReplica?: boolean;
  /** Ids of the databases whose shards leave the node; all others stay. Default: all leave. Since 7.4.2. @minItems 1 */
  evictDbs?: (string | number)[];
  /** Keep replica shards in place, for servers older than 7.4.2; deprecated there since. Default: false. */
  keepSlaveShards?: boolean;
  /** On leaving: the snapshot to restore. Default: the latest maintenance snapshot. Not with `skipShardsRestore`. @minLength 1 */
  snapshotName?: string;
  /** On leaving: do not bring the shards back. @default false */
  skipShardsRestore?: boolean;
  /** Go ahead although another node is in maintenance or down. The cluster itself does not look. @default false */
  allowOtherNodesUnavailable?: boolean;
}

export interface NodeMaintenanceOutputs {
  inMaintenance: boolean;
  /** The task of the last `maintenance_on`. */
  taskId?: string;
  /** Shards still on the node. */
  shardCount?: number;
  /** Whether the node takes shards. */
  acceptServers?: boolean;
  /** E.g. `7.22.2-170`. */
  softwareVersion?: string;
}

export const nodeMaintenance = stateResource<NodeMaintenanceInputs, NodeMaintenanceOutputs, MaintenanceState>(
  {
    system: redis,
    type: "NodeMaintenance",
    timeout: "30m",
    replaceOn: ["nodeUid"],
    id: ({ nodeUid }) => String(nodeUid),
    subject: ({ nodeUid }) => `redis node ${nodeUid}`,
    validate: ({ snapshotName, skipShardsRestore }) =>
      snapshotName !== undefined && skipShardsRestore
        ? [{ property: "skipShardsRestore", reason: "and snapshotName exclude each other" }]
        : [],
    observe: (scope, { nodeUid }) => observeMaintenance(scope, nodeUid),
    exists: ({ inMaintenance, isHalfDone, lastOn }) =>
      inMaintenance || isHalfDone || (lastOn !== undefined && !hasEnded(lastOn)),
    converge: (scope, inputs) => alone(scope, () => enter(scope, inputs)),
    remove: (scope, inputs) => alone(scope, () => leave(scope, inputs)),
    outputs: outputsOf,
    preflight: forecastMaintenance,
  },
);

/** Two nodes of one cluster never enter or leave at the same moment, and each sees what the other did. */
export function alone<T>(scope: Scope, work: () => Promise<T>): Promise<T> {
  return withLock(`${scope.http.connection.identity} maintenance`, scope.signal, work);
}

export async function enter(scope: Scope, inputs: NodeMaintenanceInputs): Promise<MaintenanceState> {
  const state = await observeStable(scope, inputs.nodeUid);
  const { node, inMaintenance, lastOn } = state;
  const isGoingOn = lastOn !== undefined && !hasEnded(lastOn);
  // An activation that ended badly may be sent again (the page says so, with the snapshot that it left); any other state
  // that looks like maintenance is somebody's: a second activation would stack on it.
  const isLeftHalfWay = state.isHalfDone || (inMaintenance && endedBadly(lastOn) && !isReady(state, inputs));
  if (isGoingOn || !inMaintenance || isLeftHalfWay) {
    checkVersion(inputs, node);
    if (!isGoingOn) await refuseIfOthersUnavailable(scope, inputs);
    const parameters = onParameters(inputs, { isFresh: !isLeftHalfWay });
    await performAction(scope, { nodeUid: node.nodeUid, action: "maintenance_on", parameters });
  }
  return verifyNode(scope, inputs.nodeUid, "in maintenance with its shards moved", (now) =>
    isReady(now, inputs),
  );
}

export async function leave(scope: Scope, inputs: NodeMaintenanceInputs): Promise<void> {
  const { nodeUid } = inputs;
  await stopAction(scope, nodeUid, "maintenance_on");
  const state = await observeMaintenance(scope, nodeUid);
  const isOut = (now: MaintenanceState) => !now.inMaintenance && !now.isHalfDone;
  if (!state || (isOut(state) && !state.runningOff)) return;
  await performAction(scope, { nodeUid, action: "maintenance_off", parameters: offParameters(inputs) });
  // `completed` alone proves nothing: without its snapshot the node stays in maintenance (page "Maintenance mode").
  await verifyNode(scope, nodeUid, "out of maintenance", isOut);
}

/** The state once nobody is just taking the node out. */
async function observeStable(scope: Scope, nodeUid: number): Promise<MaintenanceState> {
  return waitFor<MaintenanceState | undefined, MaintenanceState>(scope, {
    what: `node ${nodeUid} maintenance_off, started by somebody else`,
    look: () => observeMaintenance(scope, nodeUid),
    judge: async (state) => {
      if (!state) throw new Refusal("nodeUid", await missingNode(scope, nodeUid));
      return state.runningOff ? { pending: state.runningOff.status } : { done: state };
    },
  });
}

async function refuseIfOthersUnavailable(scope: Scope, inputs: NodeMaintenanceInputs): Promise<void> {
  if (inputs.allowOtherNodesUnavailable) return;
  const others = await listUnavailableOthers(scope, inputs.nodeUid);
  if (others.length > 0) {
    throw new Refusal(
      "nodeUid",
      `${others.join(", ")}: nothing was sent; allowOtherNodesUnavailable: true goes ahead all the same`,
    );
  }
}

/** In maintenance, and empty unless shards were meant to stay. */
function isReady({ inMaintenance, node }: MaintenanceState, inputs: NodeMaintenanceInputs): boolean {
  return inMaintenance && (!drains(inputs) || (node.shardCount ?? 0) === 0);
}

/** Reads the node until it is what the ended action promised. */
function verifyNode(
  scope: Scope,
  nodeUid: number,
  what: string,
  isSo: (state: MaintenanceState) => boolean,
): Promise<MaintenanceState> {
  return verify<MaintenanceState | undefined, MaintenanceState>(scope, {
    what: `node ${nodeUid} ${what}`,
    look: () => observeMaintenance(scope, nodeUid),
    isSo: (state): state is MaintenanceState => state !== undefined && isSo(state),
    describe: (state) => (state ? describe(state) : "the node is gone"),
    outputs: (state) => ({ ...(state && outputsOf(state)) }),
  });
}

export function outputsOf({ node, inMaintenance, lastOn }: MaintenanceState): NodeMaintenanceOutputs {
  return {
    inMaintenance,
    taskId: lastOn?.taskId,
    shardCount: node.shardCount,
    acceptServers: node.acceptServers,
    softwareVersion: node.softwareVersion,
  };
}

function describe({ inMaintenance, node }: MaintenanceState): string {
  const shards = node.shardCount === undefined ? "" : `, ${node.shardCount} shards on it`;
  return `${inMaintenance ? "in maintenance" : "not in maintenance"}${shards}, accept_servers ${node.acceptServers}`;
}
