import { behaviour } from "./cluster.ts";
import { type PreviewText, previewTexts, running } from "./preview-texts.ts";

const maintenance: PreviewText[] = [
  { of: "a node with shards", plan: "node 2: maintenance_on, 4 shards to migrate, 2 other nodes free" },
  {
    of: "a cluster of two",
    cluster: { nodes: 2, shardsPerNode: 1 },
    plan: "node 2: maintenance_on, 1 shard to migrate, 1 other node free",
  },
  {
    of: "a node that does not exist",
    inputs: { nodeUid: 9 },
    refusal: /^nodeUid: the cluster has no node 9; it has nodes 1, 2, 3$/,
  },
  {
    of: "another node in maintenance",
    arrange: ({ redis }) => redis.node(3).putInMaintenance(),
    refusal:
      /^nodeUid: node 3 is in maintenance: set allowOtherNodesUnavailable: true to go ahead all the same$/,
  },
  {
    of: "another node that is down",
    arrange: ({ redis }) => redis.node(3).goDown(),
    refusal: /^nodeUid: node 3 is down: set/,
  },
  {
    of: "another node on its way into maintenance",
    arrange: ({ redis }) => redis.node(3).start("maintenance_on"),
    cluster: { actionMs: 5_000 },
    refusal: /^nodeUid: node 3 is going into maintenance: set/,
  },
  {
    of: "another node in maintenance that is allowed",
    inputs: { nodeUid: 2, allowOtherNodesUnavailable: true },
    arrange: ({ redis }) => redis.node(3).putInMaintenance(),
    plan: "node 2: maintenance_on, 6 shards to migrate, 1 other node free",
    warning: "node 3 is in maintenance",
  },
  {
    of: "a node in maintenance",
    arrange: ({ node }) => node.putInMaintenance(),
    warning: "node 2 is already in maintenance: it is adopted, nothing will be sent",
  },
  {
    of: "a node that somebody left its replicas on",
    arrange: ({ node }) => node.start("maintenance_on", { keep_slave_shards: true }).finish(),
    warning: "node 2 is already in maintenance, with 4 shards on it: nothing will be sent to move them",
  },
  {
    of: "a node on its way in",
    arrange: running("maintenance_on"),
    warning: "node 2: maintenance_on is already running: it will be joined",
  },
  {
    of: "a node on its way out",
    arrange(harness) {
      harness.node.putInMaintenance();
      running("maintenance_off")(harness);
    },
    warning: "node 2: maintenance_off is running: maintenance_on follows its end",
  },
  {
    of: "a node that was left half-way",
    arrange({ redis, node }) {
      redis.plan({ held: true, actionMs: 0 });
      node.start("maintenance_on").fail();
    },
    plan: "node 2: maintenance_on again (the last one ended failed), 2 shards to migrate, 2 other nodes free",
  },
];

const noWayBack =
  "node 2: once remove has begun the node takes no new shards, also if it is cancelled (pulumi destroy) or fails";

const removal: PreviewText[] = [
  {
    of: "a node",
    plan: "node 2: remove, 4 shards to migrate, 2 nodes will be left; this cannot be undone",
    warning: noWayBack,
  },
  {
    of: "a node that is gone",
    arrange: ({ node }) => node.vanish(),
    warning: "the cluster has no node 2: it counts as removed, nothing will be sent",
  },
  {
    of: "a removal that runs",
    arrange: running("remove"),
    warning: "node 2: remove is already running: it will be joined",
  },
];

const on = { nodeUid: 2, action: "maintenance_on" };
const action: PreviewText[] = [
  { of: "an action", inputs: { nodeUid: 2, action: "enslave_node" }, plan: "node 2: enslave_node" },
  { of: "maintenance_on", inputs: on, plan: "node 2: maintenance_on" },
  {
    of: "an action that is misspelled",
    inputs: { nodeUid: 2, action: "maintenence_on" },
    plan: "node 2: maintenence_on",
    warning: "the vendor's pages name no action maintenence_on: did you mean maintenance_on?",
  },
  {
    of: "an action that no page names",
    inputs: { nodeUid: 2, action: "drain" },
    plan: "node 2: drain",
    warning:
      "the vendor's pages name no action drain: known are remove, maintenance_on, maintenance_off, enslave_node",
  },
  {
    of: "an action that runs",
    inputs: on,
    arrange: running("maintenance_on"),
    warning: "node 2: maintenance_on is already running: it will be joined",
  },
  {
    of: "maintenance_on of a node in maintenance",
    inputs: on,
    arrange: ({ node }) => node.putInMaintenance(),
    warning: "node 2 is already in maintenance: nothing will be sent",
  },
  {
    of: "maintenance_off of a node that is not",
    inputs: { nodeUid: 2, action: "maintenance_off" },
    warning: "node 2 is already out of maintenance: nothing will be sent",
  },
  {
    of: "a node that does not exist",
    inputs: { nodeUid: 9, action: "remove" },
    refusal: /^nodeUid: .*no node 9; .*1, 2, 3$/,
  },
];

describe("a preview", () => {
  describe("of redis.NodeMaintenance", () => {
    behaviour("redis:NodeMaintenance", previewTexts(maintenance));
  });
  describe("of redis.NodeRemoval", () => behaviour("redis:NodeRemoval", previewTexts(removal)));
  describe("of redis.NodeAction", () => behaviour("redis:NodeAction", previewTexts(action)));
});
