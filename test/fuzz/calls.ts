import * as aspire from "../../provider/aspire/client.ts";
import * as draft from "../../provider/aspire/draft-client.ts";
import { aspire as aspireSystem } from "../../provider/aspire/system.ts";
import { resolveConnection } from "../../provider/core/connection/resolve.ts";
import type { System } from "../../provider/core/connection/settings.ts";
import { type Http, openHttp } from "../../provider/core/http/http.ts";
import type { Transport } from "../../provider/core/http/transport.ts";
import * as factfinder from "../../provider/factfinder/client.ts";
import { factfinder as factfinderSystem } from "../../provider/factfinder/system.ts";
import * as redis from "../../provider/redis/client.ts";
import * as nodes from "../../provider/redis/nodes-client.ts";
import { redis as redisSystem } from "../../provider/redis/system.ts";
import * as tcf from "../../provider/tcf/client.ts";
import { tcf as tcfSystem } from "../../provider/tcf/system.ts";
import { freely } from "../support/permit.ts";

/** One function of a vendor's client, called as a resource would call it. */
export interface ClientCall {
  /** The function's own name. */
  name: string;
  system: System;
  /** @param id takes the place of whatever id the call puts into its path */
  send(http: Http, id: string): Promise<unknown>;
  /** A good answer. */
  good: unknown;
  /** No id of a user's making is in its path. */
  hasNoId?: boolean;
}

/** Without retries: each test is about one answer. */
const once = { signal: new AbortController().signal, patience: "once" } as const;

const action = {
  name: "maintenance_on",
  node_uid: "2",
  status: "running",
  progress: 40.5,
  task_id: "38c7",
  error_code: "",
};
const node = {
  uid: 2,
  status: "active",
  addr: "10.0.0.2",
  software_version: "8.2.0-25",
  shard_count: 4,
  shard_list: [1, 2, 3, 4],
  accept_servers: true,
  max_listeners: 100,
};
const status = { role: "slave", node_status: "active", maintenance_snapshot: { name: "snapshot-1" } };
const database = { databaseVersion: 41, deltaVersion: 7, deltaErrorCount: 0 };
const counts = [{ type: "DATA", count: 3 }];
const result = {
  success: false,
  record: { id: "1" },
  warnings: ["a warning"],
  error: { name: "FieldConstraintException", description: "Unique value", stacktrace: ["at x"] },
};
const batch = { id: 5, type: "scan", connector: "c1", entry: [{ _id: "e1", url: "file:///x" }] };

type Row = [send: ClientCall["send"], good: unknown, hasNoId?: "no id"];

function rows(system: System, table: Record<string, Row>): ClientCall[] {
  return Object.entries(table).map(([name, [send, good, noId]]) => ({
    name,
    system,
    send,
    good,
    hasNoId: noId !== undefined,
  }));
}

/** Every function of every client that sends something. */
export const clientCalls: ClientCall[] = [
  ...rows(redisSystem, {
    getActionList: [(http) => redis.getActionList(http, once), { actions: [action] }, "no id"],
    listAllNodeActions: [(http) => redis.listAllNodeActions(http, once), { actions: [action] }, "no id"],
    listTasks: [
      (http) => redis.listTasks(http, once),
      { actions: [{ ...action, creation_time: "1760400087" }] },
      "no id",
    ],
    listNodeActions: [(http) => redis.listNodeActions(http, 2, once), { actions: [action] }, "no id"],
    getNodeAction: [(http, id) => redis.getNodeAction(http, 2, id, once), action],
    startNodeAction: [(http, id) => redis.startNodeAction(http, 2, id, {}, freely, once), action],
    cancelNodeAction: [(http, id) => redis.cancelNodeAction(http, 2, id, freely, once), action],
    listNodes: [(http) => nodes.listNodes(http, once), [node], "no id"],
    getNode: [(http) => nodes.getNode(http, 2, once), node, "no id"],
    getNodeStatus: [(http) => nodes.getNodeStatus(http, 2, once), status, "no id"],
    listNodeStatuses: [(http) => nodes.listNodeStatuses(http, once), { "2": status }, "no id"],
    getMaintenanceByHealth: [
      (http) => nodes.getMaintenanceByHealth(http, once),
      { nodes: [{ id: 2, in_maintenance: true }] },
      "no id",
    ],
  }),
  ...rows(tcfSystem, {
    getStatus: [(http) => tcf.getStatus(http, once), "active", "no id"],
    isActive: [(http) => tcf.isActive(http, once), "", "no id"],
    listClusters: [
      (http) => tcf.listClusters(http, once),
      [{ id: "cluster_1", name: "cluster1", status: "active" }],
      "no id",
    ],
    promote: [(http) => tcf.promote(http, freely, once), "", "no id"],
    demote: [(http) => tcf.demote(http, freely, once), "", "no id"],
    toggle: [(http) => tcf.toggle(http, freely, once), "", "no id"],
  }),
  ...rows(factfinderSystem, {
    getDatabaseState: [(http, id) => factfinder.getDatabaseState(http, id, once), database],
    getImportState: [(http, id) => factfinder.getImportState(http, id, once), { importCounts: counts }],
    getClusterState: [
      (http, id) => factfinder.getClusterState(http, id, once),
      { cacheFlush: 1, database, imports: counts },
    ],
    pruneDatabase: [(http, id) => factfinder.pruneDatabase(http, id, freely, once), "pruned"],
    syncDatabase: [
      (http, id) => factfinder.syncDatabase(http, id, { verbose: true }, freely, once),
      [result],
    ],
    syncDatabaseFull: [(http) => factfinder.syncDatabaseFull(http, freely, once), "", "no id"],
    resetConfigVersionCounters: [
      (http) => factfinder.resetConfigVersionCounters(http, freely, once),
      "ok",
      "no id",
    ],
  }),
  ...rows(aspireSystem, {
    releaseWorker: [(http, id) => aspire.releaseWorker(http, id, freely, once), { message: "done" }],
    releaseWorkers: [
      (http, id) => aspire.releaseWorkers(http, [id], freely, once),
      { message: "done" },
      "no id",
    ],
    releaseSeed: [(http, id) => aspire.releaseSeed(http, id, freely, once), { message: "done" }],
    releaseSeeds: [(http, id) => aspire.releaseSeeds(http, [id], freely, once), { message: "done" }, "no id"],
    acknowledgeBatch: [
      (http, id) => aspire.acknowledgeBatch(http, id, "scan", freely, once),
      { message: "done" },
    ],
    acknowledgeBatches: [
      (http, id) => aspire.acknowledgeBatches(http, [id], "scan", freely, once),
      { message: "done", error: {} },
      "no id",
    ],
    markCrawlFailed: [(http, id) => aspire.markCrawlFailed(http, id, freely, once), { message: "done" }],
    throttleSeed: [
      (http, id) => aspire.throttleSeed(http, id, 1_900_000_000_000, freely, once),
      { message: "done" },
    ],
    claimBatch: [
      (http, id) => aspire.claimBatch(http, { worker: id, type: "scan" }, freely, once),
      { batch, message: "here" },
      "no id",
    ],
    sendByGet: [(http, id) => draft.sendByGet(http, "release/seed", id, freely, once), { message: "done" }],
    sendOneId: [
      (http, id) => draft.sendOneId(http, "release/seed", id, freely, once),
      { message: "done" },
      "no id",
    ],
    sendIdObjects: [(http, id) => draft.sendIdObjects(http, "batch/ack", [id], freely, once), {}, "no id"],
    claimBatches: [
      (http, id) => draft.claimBatches(http, { tags: [id] }, freely, once),
      { batches: [batch] },
      "no id",
    ],
  }),
];

/** What else the clients hand out: nothing that sends by itself. */
const helpers = ["hasEnded", "endedBadly", "readNodeHosts", "readBatches", "send", "TcfError"];

/** The names of all functions that the clients export. */
export function exportedCalls(): string[] {
  return [redis, nodes, tcf, factfinder, aspire, draft]
    .flatMap((client) => Object.entries(client))
    .filter(([name, value]) => typeof value === "function" && !helpers.includes(name))
    .map(([name]) => name);
}

/** HTTP to a server that is a function: no socket, so that thousands of answers take a second. */
export function openWith({ system }: ClientCall, transport: Transport): Http {
  const connection = { endpoint: `http://${system.name}.test`, requestTimeout: "5s" };
  return openHttp(
    resolveConnection(system, connection, () => undefined),
    { transport },
  );
}
