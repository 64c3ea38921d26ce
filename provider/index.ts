import "../runtime/require-node.ts";

import * as aspire from "./aspire/index.ts";
import type { Failure } from "./core/data/inputs.ts";
import { type Lifecycle, lifecycleOf } from "./core/lifecycle/lifecycle.ts";
import { observedLifecycle } from "./core/lifecycle/observed.ts";
import {
  type FunctionArgs,
  invoke as invokeFunction,
  judgeArgs,
  type ReadFunction,
} from "./core/lifecycle/read-function.ts";
import type { Spec } from "./core/lifecycle/resource.ts";
import type { Context } from "./core/work/context.ts";
import * as factfinder from "./factfinder/index.ts";
import * as redis from "./redis/index.ts";
import * as tcf from "./tcf/index.ts";

/** The specs of one system and its functions, by the names that users write. */
interface SystemModule {
  resources: Spec[];
  // biome-ignore lint/suspicious/noExplicitAny: each function has arguments and a result of its own
  functions: ReadFunction<any, any>[];
}

const systems: SystemModule[] = [redis, factfinder, aspire, tcf];

const lifecycles = new Map<string, Lifecycle>(
  systems.flatMap(({ resources }) =>
    resources.map(
      (spec) => [`${spec.system.name}:${spec.type}`, observedLifecycle(spec, lifecycleOf(spec))] as const,
    ),
  ),
);
// biome-ignore lint/suspicious/noExplicitAny: each function has arguments and a result of its own
const functions = new Map<string, ReadFunction<any, any>>(
  systems.flatMap((system) => system.functions.map((fn) => [`${fn.system.name}:${fn.name}`, fn] as const)),
);

/** Every resource type, e.g. `redis:NodeMaintenance`. */
export const types: readonly string[] = [...lifecycles.keys()];

/**
 * What a door needs to drive one resource type. State refers to this module by name: `lifecycle` keeps its name and meaning.
 *
 * @param type e.g. `redis:NodeMaintenance`
 */
export function lifecycle(type: string): Lifecycle {
  const found = lifecycles.get(type);
  if (!found)
    throw new Error(`this version of pulumi-clusterops has no resource ${type}; it has ${types.join(", ")}`);
  return found;
}

/** Calls a function, e.g. `redis:getNode`. */
export async function invoke<A extends FunctionArgs, R>(name: string, context: Context, args: A): Promise<R> {
  return invokeFunction(functionAt(name), context, args);
}

/** What is wrong with a function's arguments as they stand: no network, no configuration. */
export function mistakesInArgs(name: string, args: FunctionArgs): Failure[] {
  return judgeArgs(functionAt(name), args).failures;
}

// biome-ignore lint/suspicious/noExplicitAny: each function has arguments and a result of its own
function functionAt(name: string): ReadFunction<any, any> {
  const fn = functions.get(name);
  if (!fn) throw new Error(`there is no function ${name}; there are ${[...functions.keys()].join(", ")}`);
  return fn;
}

export type {
  BatchAcknowledgementInputs,
  BatchAcknowledgementOutputs,
} from "./aspire/batch-acknowledgement.ts";
export type { ClaimBatchArgs } from "./aspire/claim-batch.ts";
export type { ClaimedBatch } from "./aspire/client.ts";
export type { CrawlFailureInputs, CrawlFailureOutputs } from "./aspire/crawl-failure.ts";
export type { SeedReleaseInputs, SeedReleaseOutputs } from "./aspire/seed-release.ts";
export type { SeedThrottleInputs, SeedThrottleOutputs } from "./aspire/seed-throttle.ts";
export type { WorkerReleaseInputs, WorkerReleaseOutputs } from "./aspire/worker-release.ts";
export { type ConfigSource, connectionsKey } from "./core/connection/configured.ts";
export { mistakesIn } from "./core/connection/offline.ts";
export type { Connection, OAuth2 } from "./core/connection/settings.ts";
export type { Words } from "./core/data/advice.ts";
export { clock } from "./core/data/clock.ts";
export { parseDuration } from "./core/data/duration.ts";
export { ClusteropsError } from "./core/data/errors.ts";
export type { Failure } from "./core/data/inputs.ts";
export { throttled } from "./core/data/progress.ts";
export { containsUnknown, unknown } from "./core/data/unknown.ts";
export { isObject, mapTexts } from "./core/data/values.ts";
export { guardMistakesIn } from "./core/guards/offline.ts";
export type { Guard, Guards } from "./core/guards/settings.ts";
export type { Lifecycle, PropertyDiff } from "./core/lifecycle/lifecycle.ts";
export { type Memory, type Recorded, recordedIn } from "./core/lifecycle/memory.ts";
export type { Result } from "./core/lifecycle/settle.ts";
export type { Timing } from "./core/lifecycle/timing.ts";
export type { Context } from "./core/work/context.ts";
export { Session } from "./core/work/installation.ts";
export type { ClusterState, DatabaseState, ImportState } from "./factfinder/client.ts";
export type {
  ConfigVersionResetInputs,
  ConfigVersionResetOutputs,
} from "./factfinder/config-version-reset.ts";
export type { DatabasePruneInputs, DatabasePruneOutputs } from "./factfinder/database-prune/inputs.ts";
export type { DatabaseSyncInputs, DatabaseSyncOutputs } from "./factfinder/database-sync/inputs.ts";
export type {
  GetClusterStateArgs,
  GetDatabaseStateArgs,
  GetImportStateArgs,
} from "./factfinder/functions.ts";
export type { NodeSyncInputs, NodeSyncOutputs } from "./factfinder/node-sync.ts";
export type { CanMaintainArgs, CanMaintainResult } from "./redis/can-maintain.ts";
export type { ActionStatus as NodeActionStatus } from "./redis/client.ts";
export type {
  GetNodeActionArgs,
  GetNodeActionsArgs,
  GetNodeArgs,
  GetNodesArgs,
} from "./redis/functions.ts";
export type { NodeActionInputs, NodeActionOutputs } from "./redis/node-action/inputs.ts";
export type { NodeMaintenanceInputs, NodeMaintenanceOutputs } from "./redis/node-maintenance/inputs.ts";
export type { MaintenanceStepInputs, MaintenanceStepOutputs } from "./redis/node-maintenance/step-inputs.ts";
export type { NodeRemovalInputs, NodeRemovalOutputs } from "./redis/node-removal.ts";
export type { Node } from "./redis/nodes-client.ts";
export type { ReplicaNodeInputs, ReplicaNodeOutputs } from "./redis/replica-node/inputs.ts";
export type { ActiveClusterInputs, ActiveClusterOutputs } from "./tcf/active-cluster/inputs.ts";
export type { CanFailOverArgs, CanFailOverResult } from "./tcf/can-fail-over.ts";
export type { Cluster as TcfCluster } from "./tcf/client.ts";
export type { ClusterRoleInputs, ClusterRoleOutputs } from "./tcf/cluster-role/inputs.ts";
export type { GetClustersArgs, GetStatusArgs, IsActiveArgs } from "./tcf/functions.ts";
