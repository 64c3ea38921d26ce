import type { ReadFunction } from "../core/lifecycle/read-function.ts";
import type { Spec } from "../core/lifecycle/resource.ts";
import { activeCluster } from "./active-cluster/index.ts";
import { canFailOver } from "./can-fail-over.ts";
import { clusterRole } from "./cluster-role/index.ts";
import { getClusters, getStatus, isActive } from "./functions.ts";

/** The resources of Tarantool Clusters Federation. */
export const resources: Spec[] = [activeCluster, clusterRole];
/** Its functions. */
// biome-ignore lint/suspicious/noExplicitAny: each function has arguments and a result of its own
export const functions: ReadFunction<any, any>[] = [getStatus, isActive, getClusters, canFailOver];
