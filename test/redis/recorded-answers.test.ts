import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import type { Http } from "../../provider/core/http/http.ts";
import {
  getActionList,
  getNodeAction,
  listNodeActions,
  startNodeAction,
} from "../../provider/redis/client.ts";
import { getNode, getNodeStatus, listNodeStatuses, listNodes } from "../../provider/redis/nodes-client.ts";
import { freely } from "../support/permit.ts";
import { answer, openApi, options, withNock } from "./api.ts";

const folder = new URL("../fixtures/redis/", import.meta.url);
const recorded = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(name, folder), "utf8"));

const on = { name: "maintenance_on", nodeUid: 1 };
const unsaid = { progress: undefined, taskId: undefined, errorCode: undefined, errorMessage: undefined };
const path = "/v1/nodes/1/actions/maintenance_on";
const node = {
  nodeUid: 1,
  status: "active",
  addr: undefined,
  softwareVersion: undefined,
  shardCount: 1,
  acceptServers: true,
  maxListeners: 100,
};
const status = {
  nodeUid: 1,
  role: "master",
  masterShards: 0,
  nodeStatus: "active",
  maintenanceSnapshot: "maintenance_mode_2024-09-06_20-47-23",
};
const retried = {
  ...unsaid,
  name: "retry_bdb",
  nodeUid: 1,
  status: "completed",
  progress: 100,
  taskId: "8fc32a11-4688-4057-9237-cd77fccd726f",
};

type Reading = [file: string, call: string, read: (http: Http) => Promise<unknown>, expected: unknown];

/** What each recorded answer is read as, by the call that it answers, or one that may be answered like it. */
const readings: Reading[] = [
  [
    "node-actions-list.json",
    "GET /v1/nodes/1/actions",
    (http) => listNodeActions(http, 1, options),
    [{ ...unsaid, name: "remove", nodeUid: 1, status: "running", progress: 10 }],
  ],
  [
    "action-started.json",
    `POST ${path}`,
    (http) => startNodeAction(http, 1, "maintenance_on", {}, freely, options),
    { ...unsaid, ...on, status: "queued", taskId: "<task-id-guid>" },
  ],
  [
    "action-completed.json",
    `GET ${path}`,
    (http) => getNodeAction(http, 1, "maintenance_on", options),
    { ...unsaid, ...on, status: "completed", taskId: "38c7405b-26a7-4379-b84c-cab4b3db706d" },
  ],
  [
    "v1-actions.json",
    "GET /v1/nodes/actions",
    (http) => getActionList(http, options),
    { actions: [retried], isWhole: true },
  ],
  [
    "v2-action.json",
    `GET ${path}`,
    (http) => getNodeAction(http, 1, "maintenance_on", options),
    { ...unsaid, ...on, status: "completed", progress: 100, taskId: "6155403f-..." },
  ],
  ["node-status.json", "GET /v1/nodes/1/status", (http) => getNodeStatus(http, 1, options), status],
  ["node.json", "GET /v1/nodes/1", (http) => getNode(http, 1, options), node],
  [
    "shard-migrated.json",
    `POST ${path}`,
    (http) => startNodeAction(http, 1, "maintenance_on", {}, freely, options),
    { ...unsaid, ...on, status: "queued", taskId: "..." },
  ],
];

/** Answers of calls that this provider does not make: what it reads must not take them for its own. */
const foreign: [file: string, call: string, read: (http: Http) => Promise<unknown>, why: RegExp][] = [
  ["snapshots.json", "GET /v1/nodes", (http) => listNodes(http, options), /lists no node, not even its own/],
  ["node-check.json", "GET /v1/nodes", (http) => listNodes(http, options), /an object where a list/],
  ["cluster-check.json", "GET /v1/nodes", (http) => listNodes(http, options), /an object where a list/],
];

describe("recorded answers of Redis Enterprise", () => {
  let http: Http;
  withNock();
  beforeEach(() => {
    http = openApi();
  });

  for (const [file, call, read, expected] of readings) {
    it(`${file} answers ${call}`, async () => {
      const [method = "", path = ""] = call.split(" ");
      answer(method, path, 200, recorded(file));
      assert.deepEqual(await read(http), expected);
    });
  }

  it("node.json and node-status.json are read the same in lists", async () => {
    answer("GET", "/v1/nodes", 200, [recorded("node.json")]);
    assert.deepEqual(await listNodes(http, options), [node]);
    answer("GET", "/v1/nodes/status", 200, { "1": recorded("node-status.json") });
    assert.deepEqual(await listNodeStatuses(http, options), [status]);
  });

  for (const [file, call, read, why] of foreign) {
    it(`${file} is no answer to ${call}`, async () => {
      const [method = "", path = ""] = call.split(" ");
      answer(method, path, 200, recorded(file));
      await assert.rejects(read(http), why);
    });
  }

  it("are all read, and all have a source", () => {
    const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
    const read = [...readings, ...foreign].map(([file]) => file);
    assert.deepEqual([...new Set(read)].sort(), files.sort());
    const sources = readFileSync(new URL("README.md", folder), "utf8");
    for (const file of files) assert.ok(sources.includes(`| \`${file}\` |`), `${file} has no source`);
  });
});
