import type { FunctionArgs, ReadFunction } from "../core/lifecycle/read-function.ts";
import * as client from "./client.ts";
import { tcf } from "./system.ts";

export interface GetStatusArgs extends FunctionArgs {}

export interface GetStatusResult {
  /** `active`, `passive`, or another word, as it was said. */
  status: string;
}

/** The state of the cluster behind the connection: `active`, `passive`, or another word, as it was said. */
export const getStatus: ReadFunction<GetStatusArgs, GetStatusResult> = {
  system: tcf,
  name: "getStatus",
  call: async (scope) => ({ status: await client.getStatus(scope.http, scope) }),
};

export interface IsActiveArgs extends FunctionArgs {}

export interface IsActiveResult {
  active: boolean;
}

/** Whether the cluster behind the connection is active. */
export const isActive: ReadFunction<IsActiveArgs, IsActiveResult> = {
  system: tcf,
  name: "isActive",
  call: async (scope) => ({ active: await client.isActive(scope.http, scope) }),
};

export interface GetClustersArgs extends FunctionArgs {}

export interface GetClustersResult {
  clusters: client.Cluster[];
}

/** Both clusters of the federation, as the cluster behind the connection sees them. */
export const getClusters: ReadFunction<GetClustersArgs, GetClustersResult> = {
  system: tcf,
  name: "getClusters",
  call: async (scope) => ({ clusters: await client.listClusters(scope.http, scope) }),
};
