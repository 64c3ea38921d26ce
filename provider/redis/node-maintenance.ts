import { type CommonInputs, handleOf, type Properties, stateResource } from "../core/resource.ts";
import { attemptAt } from "./action.ts";
import type { ActionHandle } from "./action-wait.ts";
import { hasEnded } from "./client.ts";
import { enter, hasEntered, isToHandOver } from "./maintenance-enter.ts";
import { forecastMaintenance } from "./maintenance-forecast.ts";
import { leave } from "./maintenance-leave.ts";
import { checkParameters } from "./maintenance-parameters.ts";
import { isUnsure, type MaintenanceState, observeMaintenance, outputsOf } from "./maintenance-state.ts";
import { redis } from "./system.ts";
import { alone, aloneToLeave, isLeaving } from "./turns.ts";

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
  /**
   * Go ahead although another node is in maintenance (or may be), being removed, handing its shards over, or down. The cluster itself
   * does not look. @default false
   */
  allowOtherNodesUnavailable?: boolean;
  /**
   * On entering: a node that leads the cluster hands the leadership over, to a node that the cluster chooses (`demote_node: true`).
   * Without it the leader goes on leading in maintenance, and a preview says so. Has no effect on a node that does not lead. A server
   * that does not know the key may answer 400. @default false
   */
  demoteNode?: boolean;
}

export interface NodeMaintenanceOutputs {
  /** By the node itself, not by the history of its actions. */
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
    validate: checkParameters,
    observe: (scope, { nodeUid }, recorded) => observeMaintenance(scope, nodeUid, { on: recorded?.taskId }),
    exists(state, inputs) {
      const { inMaintenance, isHalfDone, lastOn } = state;
      const isGoingOn = lastOn !== undefined && !hasEnded(lastOn);
      const attempt = attemptOf({ ...inputs });
      // One look that does not find what was sent does not prove that it does not go on: `up` and `destroy` look for longer.
      const isLost = lastOn === undefined && attempt !== undefined && !("failed" in attempt);
      return inMaintenance || isHalfDone || isGoingOn || isLost || isUnsure(state, attempt);
    },
    async converge(scope, inputs, observed, recorded) {
      const handle = attemptOf(recorded);
      const isDone = hasEntered(observed, inputs) && !isToHandOver(inputs, handle);
      if (isDone && !isLeaving(scope, inputs.nodeUid)) return observed;
      return alone(scope, () => enter(scope, inputs, { handle, taskId: recorded?.taskId }));
    },
    async remove(scope, inputs, recorded) {
      const { taskId } = recorded;
      await aloneToLeave(scope, inputs.nodeUid, () =>
        leave(scope, inputs, { handle: attemptOf(recorded), taskId }),
      );
    },
    outputs: (state, _inputs, recorded) => ({
      ...outputsOf(state),
      taskId: state.lastOn?.taskId ?? recorded?.taskId,
    }),
    preflight: forecastMaintenance,
  },
);

/** What an earlier attempt at entering left, that failed or was not finished. */
function attemptOf(recorded: object | undefined): ActionHandle | undefined {
  return attemptAt("maintenance_on", handleOf(recorded as Properties | undefined));
}
