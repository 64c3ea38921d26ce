import assert from "node:assert/strict";
import { getNodeStatus } from "../../provider/redis/nodes-client.ts";
import { answer, openApi, options, withNock } from "./api.ts";

/** `GET /v1/nodes/{uid}/status`, in part. */
const status = {
  maintenance_snapshot: { created_time: "2024-09-06 20:47:23", name: "maintenance_mode_1", node_uid: "1" },
  node_status: "active",
  role: "master",
};
const read = {
  role: "master",
  masterShards: undefined,
  nodeStatus: "active",
  maintenanceSnapshot: "maintenance_mode_1",
};

/** Parts of a node's status, and what is read of them. */
const statuses: [what: string, written: object, read: object][] = [
  ["no master shards", { master_shards: [] }, { masterShards: 0 }],
  ["master shards by number", { master_shards: [1, 3] }, { masterShards: 2 }],
  ["master shards by text", { master_shards: ["1", "redis:3"] }, { masterShards: 2 }],
  ["the number of master shards", { master_shards: 2 }, { masterShards: 2 }],
  ["that number as text", { master_shards: "2" }, { masterShards: 2 }],
  [
    "master shards in no known way",
    { master_shards: { 1: "active" } },
    { masterShards: undefined, isMastersUnread: true },
  ],
  ["master shards that are null", { master_shards: null }, { masterShards: undefined }],
  ["no snapshot", { maintenance_snapshot: undefined }, { maintenanceSnapshot: undefined }],
  ["an empty snapshot", { maintenance_snapshot: {} }, { maintenanceSnapshot: undefined }],
  ["a snapshot that is null", { maintenance_snapshot: null }, { maintenanceSnapshot: undefined }],
  [
    "a snapshot without a name",
    { maintenance_snapshot: { node_uid: "1" } },
    { maintenanceSnapshot: "without a name" },
  ],
  ["a snapshot that is a name", { maintenance_snapshot: "mine" }, { maintenanceSnapshot: "mine" }],
];

describe("what Redis Enterprise says of a node's status", () => {
  withNock();

  for (const [what, written, differs] of statuses) {
    it(`reads ${what}`, async () => {
      answer("GET", "/v1/nodes/2/status", 200, { ...status, ...written });
      assert.deepEqual(await getNodeStatus(openApi(), 2, options), { nodeUid: 2, ...read, ...differs });
    });
  }
});
