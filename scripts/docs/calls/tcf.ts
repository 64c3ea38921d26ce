import type { VendorPage } from "./page.ts";

/** Tests of what reads and of what switches are in files of their own. */
const test = (call: string): [string, string] => [
  call.startsWith("GET") ? "tcf/client.test.ts" : "tcf/client-switching.test.ts",
  `the TCF-worker's client ${call}`,
];

export const tcfWorker: VendorPage = {
  system: "tcf",
  title: "HTTP API TCF-worker",
  url: "https://www.tarantool.io/ru/clustersfederation/doc/latest/references/http_reference_tcf_worker",
  calls: [
    {
      call: "GET /tcf/status",
      client: ["client.ts", "getStatus"],
      by: {
        ActiveCluster: "each cluster's own word, before a step",
        ClusterRole: "the cluster's own word",
        getStatus: "the answer",
        canFailOver: "each cluster's own word",
      },
      test: test("GET /tcf/status"),
    },
    {
      call: "POST /tcf/toggle",
      client: ["client.ts", "toggle"],
      by: { ActiveCluster: 'with `strategy: "toggle"`, from exactly one active cluster; never sent twice' },
      test: test("POST /tcf/toggle"),
    },
    {
      call: "GET /tcf/is_active",
      client: ["client.ts", "isActive"],
      by: {
        ActiveCluster: "where the status cannot be read",
        ClusterRole: "where the status cannot be read",
        isActive: "the answer: 200 active, 418 passive",
      },
      test: test("GET /tcf/is_active"),
    },
    {
      call: "GET /tcf/clusters",
      client: ["client.ts", "listClusters"],
      by: {
        ActiveCluster: "from both clusters, until both lists say the same",
        ClusterRole: "what the other cluster is, and which entry is this one",
        getClusters: "the answer",
        canFailOver: "from both clusters",
      },
      test: test("GET /tcf/clusters"),
    },
    {
      call: "POST /tcf/promote",
      client: ["client.ts", "promote"],
      by: { ActiveCluster: "to the cluster that is to be active", ClusterRole: 'with `role: "active"`' },
      test: test("POST /tcf/promote"),
    },
    {
      call: "POST /tcf/demote",
      client: ["client.ts", "demote"],
      by: { ActiveCluster: "to the other cluster, first", ClusterRole: 'with `role: "passive"`' },
      test: test("POST /tcf/demote"),
    },
  ],
};
