import type { FunctionArgs, ReadFunction } from "../core/lifecycle/read-function.ts";
import { channelFailures } from "./channels.ts";
import {
  type ClusterState,
  type DatabaseState,
  getClusterState,
  getDatabaseState,
  getImportState,
  type ImportState,
} from "./client.ts";
import { factfinder } from "./system.ts";

/** `connection` is the node that is asked, director or worker. */
export interface GetDatabaseStateArgs extends FunctionArgs {
  /** The channel's name. @minLength 1 */
  channel: string;
}

/** `connection` is the node that is asked, director or worker. */
export interface GetImportStateArgs extends FunctionArgs {
  /** The channel's name. @minLength 1 */
  channel: string;
}

/** `connection` is the node that is asked, director or worker. */
export interface GetClusterStateArgs extends FunctionArgs {
  /** The channel's name. @minLength 1 */
  channel: string;
}

export interface GetDatabaseStateResult extends DatabaseState {}

export interface GetImportStateResult extends ImportState {}

export interface GetClusterStateResult extends ClusterState {}

const validChannel = ({ channel }: { channel: string }) => channelFailures("channel", channel);

export const databaseStateFunction: ReadFunction<GetDatabaseStateArgs, GetDatabaseStateResult> = {
  system: factfinder,
  name: "getDatabaseState",
  validate: validChannel,
  call: (scope, { channel }) => getDatabaseState(scope.http, channel, scope),
};

export const importStateFunction: ReadFunction<GetImportStateArgs, GetImportStateResult> = {
  system: factfinder,
  name: "getImportState",
  validate: validChannel,
  call: (scope, { channel }) => getImportState(scope.http, channel, scope),
};

export const clusterStateFunction: ReadFunction<GetClusterStateArgs, GetClusterStateResult> = {
  system: factfinder,
  name: "getClusterState",
  validate: validChannel,
  call: (scope, { channel }) => getClusterState(scope.http, channel, scope),
};
