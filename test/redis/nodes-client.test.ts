import assert from "node:assert/strict";
import { BodyError } from "../../provider/core/data/errors.ts";
import type { Http } from "../../provider/core/http/http.ts";
import {
  getMaintenanceByHealth,
  getNode,
  getNodeStatus,
  listNodeStatuses,
  listNodes,
  readNodeHosts,
} from "../../provider/redis/nodes-client.ts";
import { type Ask, answer, openApi, options, withNock } from "./api.ts";

/** `GET /v1/nodes/{uid}` as seen on a live cluster. */
const live = {
  uid: 2,
  addr: "10.0.0.2",
  accept_servers: true,
  max_listeners: 100,
  max_redis_servers: 100,
  shard_count: 1,
  shard_list: [1],
  software_version: "7.4.6-22",
  status: "active",
};
const read = {
  nodeUid: 2,
  addr: "10.0.0.2",
  acceptServers: true,
  maxListeners: 100,
  shardCount: 1,
  softwareVersion: "7.4.6-22",
  status: "active",
};

/** What differs in a node's document, and in what is read of it. */
const nodes: [what: string, written: object, read: object][] = [
  ["a live cluster's node", {}, {}],
  [
    "numbers and booleans as text",
    { uid: "2", shard_count: "1", accept_servers: "true", max_listeners: "100" },
    {},
  ],
  [
    "the length of the list where shards are not counted",
    { shard_count: undefined, shard_list: [1, 2] },
    { shardCount: 2 },
  ],
  ["neither", { shard_count: undefined, shard_list: undefined }, { shardCount: undefined }],
  [
    "a node in maintenance",
    { accept_servers: false, max_listeners: 0, shard_count: 0, shard_list: [] },
    { acceptServers: false, maxListeners: 0, shardCount: 0 },
  ],
  ["a node without a status", { status: undefined }, { status: "unknown" }],
];

/** The documented sample of `GET /v1/nodes/{uid}/status`, in part. */
const status = {
  maintenance_snapshot: { created_time: "2024-09-06 20:47:23", name: "maintenance_mode_1", node_uid: "1" },
  node_status: "active",
  role: "master",
  software_version: "7.4.6-22",
};
const statusRead = {
  role: "master",
  masterShards: undefined,
  nodeStatus: "active",
  maintenanceSnapshot: "maintenance_mode_1",
};

/** Bodies of the health page, and what they say of nodes 1 and 2; undefined: nothing that could be read. */
const healths: [what: string, body: object, said: [number, boolean][] | undefined][] = [
  [
    "the documented shape",
    {
      nodes: [
        { id: "1", in_maintenance: false, quorum_only: false },
        { id: "2", in_maintenance: true },
      ],
    },
    [
      [1, false],
      [2, true],
    ],
  ],
  ["ids as numbers", { nodes: [{ id: 2, in_maintenance: "true" }] }, [[2, true]]],
  ["a word of another case", { nodes: [{ id: "2", in_maintenance: "True" }] }, [[2, true]]],
  ["a number", { nodes: [{ id: "2", in_maintenance: 0 }] }, [[2, false]]],
  ["a word that is none", { nodes: [{ id: "2", in_maintenance: "perhaps" }] }, undefined],
  [
    "a node of which it says nothing",
    { nodes: [{ id: "1" }, { id: "2", in_maintenance: true }] },
    [[2, true]],
  ],
  ["no word on maintenance", { nodes: [{ id: "1", status: "active" }] }, undefined],
  ["ids that are none", { nodes: [{ id: "node:2", in_maintenance: true }] }, undefined],
  ["no nodes", {}, undefined],
];

const reads: [what: string, ask: Ask, path: string, needs: RegExp][] = [
  ["listNodes", (http) => listNodes(http, options), "/v1/nodes", /view_all_nodes_info/],
  ["getNode", (http) => getNode(http, 2, options), "/v1/nodes/2", /view_all_nodes_info/],
  ["getNodeStatus", (http) => getNodeStatus(http, 2, options), "/v1/nodes/2/status", /view_all_nodes_info/],
  ["listNodeStatuses", (http) => listNodeStatuses(http, options), "/v1/nodes/status", /view_all_nodes_info/],
  ["the health", (http) => getMaintenanceByHealth(http, options), "/v4/cluster/health", /view_cluster_info/],
];

describe("the client of Redis Enterprise's nodes", () => {
  let http: Http;
  withNock();
  beforeEach(() => {
    http = openApi();
  });

  for (const [what, written, differs] of nodes) {
    it(`reads ${what}`, async () => {
      answer("GET", "/v1/nodes/2", 200, { ...live, ...written });
      assert.deepEqual(await getNode(http, 2, options), { ...read, ...differs });
      answer("GET", "/v1/nodes", 200, [{ ...live, ...written }]);
      assert.deepEqual(await listNodes(http, options), [{ ...read, ...differs }]);
    });
  }

  it("reads a node's status", async () => {
    answer("GET", "/v1/nodes/2/status", 200, status);
    assert.deepEqual(await getNodeStatus(http, 2, options), { nodeUid: 2, ...statusRead });
    answer("GET", "/v1/nodes/2/status", 200, {});
    assert.deepEqual(await getNodeStatus(http, 2, options), {
      nodeUid: 2,
      role: undefined,
      masterShards: undefined,
      nodeStatus: undefined,
      maintenanceSnapshot: undefined,
    });
  });

  it("reads the status of all nodes by uid", async () => {
    answer("GET", "/v1/nodes/status", 200, { "1": status, "2": status, errors: [], rack: status });
    assert.deepEqual(await listNodeStatuses(http, options), [
      { nodeUid: 1, ...statusRead },
      { nodeUid: 2, ...statusRead },
    ]);
  });

  for (const [what, body, said] of healths) {
    it(`reads the health with ${what}`, async () => {
      answer("GET", "/v4/cluster/health", 200, body);
      const reading = getMaintenanceByHealth(http, options);
      if (said) assert.deepEqual([...((await reading) ?? [])], said);
      else await assert.rejects(reading, /tells of no node whether it is in maintenance/);
    });
  }

  it("does without the health before 8.0.16", async () => {
    answer("GET", "/v4/cluster/health", 404);
    assert.equal(await getMaintenanceByHealth(http, options), undefined);
  });

  for (const [what, ask, path, needs] of reads) {
    for (const status of [401, 403]) {
      it(`${what} names the right that it needs when it is answered ${status}`, async () => {
        answer("GET", path, status);
        await assert.rejects(ask(http), needs);
      });
    }

    for (const body of ["<html></html>", "", '{"a', '"fine"', "null", "7"]) {
      it(`${what} does not take ${JSON.stringify(body)} for an answer`, async () => {
        answer("GET", path, 200, body);
        await assert.rejects(ask(http), BodyError);
      });
    }
  }

  for (const body of [{}, { nodes: [live] }, []]) {
    it(`does not take ${JSON.stringify(body).slice(0, 20)} for the list of nodes`, async () => {
      answer("GET", "/v1/nodes", 200, body);
      await assert.rejects(listNodes(http, options), BodyError);
    });
  }

  describe("a node of which the cluster says 404", () => {
    const gone = { error_code: "node_not_found", description: "node 2 does not exist" };
    const gets: [
      what: string,
      ask: Ask,
      path: string,
      list: string,
      there: unknown,
      absent: unknown,
      read: object,
    ][] = [
      [
        "getNode",
        (http) => getNode(http, 2, options),
        "/v1/nodes/2",
        "/v1/nodes",
        [live],
        [{ ...live, uid: 1 }],
        read,
      ],
      [
        "getNodeStatus",
        (http) => getNodeStatus(http, 2, options),
        "/v1/nodes/2/status",
        "/v1/nodes/status",
        { "2": status },
        { "1": status },
        { nodeUid: 2, ...statusRead },
      ],
    ];
    for (const [what, ask, path, list, there, absent, listed] of gets) {
      it(`is gone for ${what} when it is not in the list either`, async () => {
        answer("GET", path, 404, gone);
        answer("GET", list, 200, absent);
        assert.equal(await ask(http), undefined);
      });

      it(`is for ${what} what the list says while it is in there`, async () => {
        answer("GET", path, 404, gone);
        answer("GET", list, 200, there);
        assert.deepEqual(await ask(http), listed);
      });

      it(`is not gone for ${what} where nothing else is found, such as behind a wrong base path`, async () => {
        answer("GET", path, 404, "<html>not found</html>");
        answer("GET", list, 404, "<html>not found</html>");
        await assert.rejects(ask(http), { status: 404 });
      });
    }
  });

  it("knows the addresses of the nodes, whatever the answer", () => {
    assert.deepEqual(readNodeHosts([live, { uid: 3, addr: "10.0.0.3" }, { uid: 4 }, 7]), [
      "10.0.0.2",
      "10.0.0.3",
    ]);
    for (const body of [undefined, "text", { nodes: [] }, []]) assert.deepEqual(readNodeHosts(body), []);
  });
});
