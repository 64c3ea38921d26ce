import type { VendorPage } from "./page.ts";

const test = (call: string): [string, string] => [
  "redis/client.test.ts",
  `the client of Redis Enterprise's node actions ${call}`,
];
const nodesTest = (title: string): [string, string] => [
  "redis/nodes-client.test.ts",
  `the client of Redis Enterprise's nodes ${title}`,
];

export const nodeActions: VendorPage = {
  system: "redis",
  title: "Node actions requests",
  url: "https://redis.io/docs/latest/operate/rs/references/rest-api/requests/nodes/actions/",
  calls: [
    {
      call: "GET /v1/nodes/actions",
      client: ["client.ts", "getActionList"],
      by: {
        NodeMaintenance:
          "one request a tick for all waits on the cluster; whether another node is just entering",
        NodeRemoval: "one request a tick for all waits on the cluster",
        ReplicaNode: "one request a tick for all waits on the cluster",
        NodeAction: "one request a tick for all waits on the cluster",
        getNodeActions: "without `nodeUid`",
      },
      test: test("GET all actions"),
    },
    {
      call: "GET /v1/nodes/{node_uid}/actions",
      client: ["client.ts", "listNodeActions"],
      by: { getNodeActions: "with `nodeUid`" },
      test: test("GET one node's actions"),
    },
    {
      call: "GET /v1/nodes/{node_uid}/actions/{action}",
      client: ["client.ts", "getNodeAction"],
      by: {
        NodeMaintenance: "whether one runs already, and how it ended",
        NodeRemoval: "whether one runs already, and how it ended",
        ReplicaNode: "whether one runs already, and how it ended",
        NodeAction: "whether one runs already, and how it ended",
        NodeActionIntent: "the task that is there before the run",
        getNodeAction: "the answer",
      },
      test: test("GET one action"),
    },
    {
      call: "POST /v1/nodes/{node_uid}/actions/{action}",
      client: ["client.ts", "startNodeAction"],
      by: {
        NodeMaintenance: "`maintenance_on`; on delete `maintenance_off`",
        NodeRemoval: "`remove`",
        ReplicaNode: "`enslave_node`",
        NodeAction: "the `action`, with its `parameters`",
      },
      test: test("POST"),
    },
    {
      call: "DELETE /v1/nodes/{node_uid}/actions/{action}",
      client: ["client.ts", "cancelNodeAction"],
      by: {
        NodeMaintenance: "on delete, while `maintenance_on` still runs",
        NodeRemoval: "on delete, while it still runs",
        NodeAction: 'on delete, while it still runs; with `onTimeout: "cancel"` when the timeout has passed',
      },
      test: test("DELETE"),
    },
  ],
};

/** What the actions act on. */
export const nodes: VendorPage[] = [
  {
    system: "redis",
    title: "Action requests",
    url: "https://redis.io/docs/latest/operate/rs/references/rest-api/requests/actions/",
    isFurther: true,
    calls: [
      {
        call: "GET /v1/actions",
        client: ["client.ts", "listTasks"],
        by: {
          NodeMaintenance: "after its request: which of two nodes that go away at once was asked for first",
          NodeRemoval: "the same",
          NodeAction: "when an earlier run was asked for, where one is counted",
        },
        test: ["redis/tasks-client.test.ts", "the client of Redis Enterprise's tasks"],
      },
    ],
  },
  {
    system: "redis",
    title: "Node requests",
    url: "https://redis.io/docs/latest/operate/rs/references/rest-api/requests/nodes/",
    isFurther: true,
    calls: [
      {
        call: "GET /v1/nodes",
        client: ["nodes-client.ts", "listNodes"],
        by: {
          NodeMaintenance: "whether another node is down; the nodes that do exist",
          NodeRemoval: "whether the cluster still lists the node; whether another node is away",
          ReplicaNode: "whether another node is away; the nodes that do exist",
          NodeAction: "in a preview: whether the node exists",
          getNode: "the nodes that do exist, where this one does not",
          getNodes: "the answer",
          canMaintain: "the node, and which others are away",
        },
        test: nodesTest("reads a live cluster's node"),
      },
      {
        call: "GET /v1/nodes/{uid}",
        client: ["nodes-client.ts", "getNode"],
        by: {
          NodeMaintenance: "its shards, and whether it takes any",
          NodeAction: "whether the node exists",
          getNode: "the answer",
        },
        test: nodesTest("reads a live cluster's node"),
      },
    ],
  },
  {
    system: "redis",
    title: "Node status requests",
    url: "https://redis.io/docs/latest/operate/rs/references/rest-api/requests/nodes/status/",
    isFurther: true,
    calls: [
      {
        call: "GET /v1/nodes/status",
        client: ["nodes-client.ts", "listNodeStatuses"],
        by: {
          NodeMaintenance:
            "which node leads the cluster; where the health does not tell: which other nodes are in maintenance",
          NodeAction: "with `enslave_node` and `maintenance_on`: which node leads the cluster",
          ReplicaNode: "in a preview: its role and master shards; after a demotion: which node leads now",
        },
        test: nodesTest("reads the status of all nodes by uid"),
      },
      {
        call: "GET /v1/nodes/{uid}/status",
        client: ["nodes-client.ts", "getNodeStatus"],
        by: {
          NodeMaintenance:
            "where the health does not tell, and on delete where the node stays in maintenance: whether there is a snapshot; with `demoteNode`: its role afterwards",
          ReplicaNode: "its role, and its master shards",
        },
        test: nodesTest("reads a node's status"),
      },
    ],
  },
  {
    system: "redis",
    title: "Actions requests",
    url: "https://redis.io/docs/latest/operate/rs/references/rest-api/requests/actions/",
    isFurther: true,
    calls: [
      {
        call: "GET /v1/actions",
        client: ["client.ts", "listTasks"],
        by: {
          NodeMaintenance: "which of two nodes that were taken away at the same moment was later",
          NodeRemoval: "which of two nodes that were taken away at the same moment was later",
          NodeAction: "when an action was asked for that counts as this run's",
          NodeActionIntent: "the cluster's time",
        },
        test: test("GET the tasks of the cluster reads when each was asked for, and the cluster's time"),
      },
    ],
  },
  {
    system: "redis",
    title: "API reference (OpenAPI)",
    url: "https://redis.io/docs/latest/operate/rs/references/rest-api/api-reference",
    isFurther: true,
    calls: [
      {
        call: "GET /v4/cluster/health",
        client: ["nodes-client.ts", "getMaintenanceByHealth"],
        by: {
          NodeMaintenance: "since 8.0.16, where it answers: which nodes are in maintenance",
          ReplicaNode: "the same of the other nodes, before anything is sent",
          NodeAction:
            "with `maintenance_on` and `maintenance_off`: whether the node is in maintenance already",
        },
        test: nodesTest("reads the health"),
      },
    ],
  },
];
