import type { VendorPage } from "./page.ts";

const test = (call: string): [string, string] => [
  "factfinder/client.test.ts",
  `the client of FACT-Finder's cluster API ${call}`,
];

export const cluster: VendorPage = {
  system: "factfinder",
  title: "Cluster",
  url: "https://docs.fact-finder.com/api-reference/cluster",
  calls: [
    {
      call: "POST /rest/v5/cluster/database/sync/full",
      client: ["client.ts", "syncDatabaseFull"],
      by: {
        DatabaseSync: "to a node whose database is outdated (409), unless `reload` is `never`",
        NodeSync: "to the node",
      },
      test: test("POST database/sync/full"),
    },
    {
      call: "POST /rest/v5/cluster/reset/config/version/counters",
      client: ["client.ts", "resetConfigVersionCounters"],
      by: { ConfigVersionReset: "to the node" },
      test: test("POST reset/config/version/counters"),
    },
    {
      call: "POST /rest/v5/cluster/{channel}/database/prune",
      client: ["client.ts", "pruneDatabase"],
      by: { DatabasePrune: "to the director" },
      test: test("POST database/prune"),
    },
    {
      call: "GET /rest/v5/cluster/{channel}/database/state",
      client: ["client.ts", "getDatabaseState"],
      by: {
        DatabasePrune: "the databaseVersion before and after",
        DatabasePruneIntent: "the databaseVersion before",
        DatabaseSync: "from the director and each node",
        NodeSync: "from the director and the node, for each of `channels`",
        getDatabaseState: "the answer",
      },
      test: test("GET database/state"),
    },
    {
      call: "POST /rest/v5/cluster/{channel}/database/sync",
      client: ["client.ts", "syncDatabase"],
      by: { DatabaseSync: "to each node that is behind" },
      test: test("POST database/sync"),
    },
    {
      call: "GET /rest/v5/cluster/{channel}/import/state",
      client: ["client.ts", "getImportState"],
      by: {
        DatabasePrune: "the import counts before and after",
        DatabasePruneIntent: "the import counts before",
        getImportState: "the answer",
      },
      test: test("GET import/state"),
    },
    {
      call: "GET /rest/v5/cluster/{channel}/state",
      client: ["client.ts", "getClusterState"],
      by: { getClusterState: "the answer" },
      test: test("GET state"),
    },
  ],
};
