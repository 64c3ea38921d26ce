import { behaviour } from "./cluster.ts";
import { type PreviewText, previewTexts, running } from "./preview-texts.ts";

const handsOver =
  "node 1 leads the cluster: demote_node makes it hand the leadership over, to a node that the cluster chooses";
const staysLeader = (input: string) =>
  `node 1 leads the cluster, and goes on leading it in maintenance; ${input} hands the leadership over`;

/** The node that leads the cluster. */
const maintenance: PreviewText[] = [
  {
    of: "the leader",
    inputs: { nodeUid: 1 },
    plan: "node 1: maintenance_on, 4 shards to migrate, 2 other nodes free",
    warning: staysLeader("demoteNode: true"),
  },
  {
    of: "a leader that hands over",
    inputs: { nodeUid: 1, demoteNode: true },
    plan: "node 1: maintenance_on, 4 shards to migrate, 2 other nodes free",
    warning: handsOver,
  },
  {
    of: "a leader in maintenance",
    inputs: { nodeUid: 1, demoteNode: true },
    arrange: ({ redis }) => redis.node(1).putInMaintenance(),
    warning: [
      "node 1 is already in maintenance: it is adopted, nothing will be sent",
      "node 1 leads the cluster, and goes on leading it: demote_node is sent with maintenance_on only",
    ],
  },
];

const replica: PreviewText[] = [
  {
    of: "a leader",
    inputs: { nodeUid: 1 },
    plan: "node 1: enslave_node with demote_node (role master, 2 master shards)",
    warning: handsOver,
  },
  {
    of: "a leader that is to go on leading",
    inputs: { nodeUid: 1, demoteNode: false },
    refusal:
      /^demoteNode: node 1 leads the cluster \(role master\): with demoteNode: false enslave_node would fail its shards/,
  },
  {
    of: "a node that does not lead and has master shards",
    plan: "node 2: enslave_node (role slave, 2 master shards)",
    warning:
      "node 2 does not lead the cluster, and has 2 master shards: enslave_node fails them over to other nodes",
  },
  {
    of: "a replica",
    cluster: { shardsPerNode: 0 },
    warning: "node 2 is already a replica: nothing will be sent",
  },
  {
    of: "a node that does not tell its master shards",
    cluster: { statusShards: "none" },
    warning: [
      "node 2 is already a replica: nothing will be sent",
      "node 2 does not tell its master shards: only its role counts",
    ],
  },
  {
    of: "a replica to be while another node is in maintenance",
    arrange: ({ redis }) => redis.node(3).putInMaintenance(),
    refusal:
      /^nodeUid: node 3 is in maintenance: no shard is failed over and no leadership handed over meanwhile/,
  },
  {
    of: "a node on its way",
    arrange: running("enslave_node"),
    warning: "node 2 (role slave, 2 master shards): enslave_node is already running: it will be joined",
  },
  { of: "a node that does not exist", inputs: { nodeUid: 9 }, refusal: /^nodeUid: .*no node 9; .*1, 2, 3$/ },
];

const action: PreviewText[] = [
  {
    of: "enslave_node of the leader",
    inputs: { nodeUid: 1, action: "enslave_node" },
    plan: "node 1: enslave_node",
    warning:
      "node 1 leads the cluster: enslave_node fails its shards over and leaves it the leader; parameters: { demote_node: true } hands the leadership over",
  },
  {
    of: "enslave_node with demote_node",
    inputs: { nodeUid: 1, action: "enslave_node", parameters: { demote_node: true } },
    plan: "node 1: enslave_node",
    warning: handsOver,
  },
  {
    of: "maintenance_on of the leader",
    inputs: { nodeUid: 1, action: "maintenance_on" },
    plan: "node 1: maintenance_on",
    warning: staysLeader("parameters: { demote_node: true }"),
  },
];

const goes =
  'node 1 leads the cluster: when it is removed another node has to take over, which the cluster chooses, and the API may not answer for a moment; to choose it yourself, hand the leadership over by hand (POST /v1/cluster/actions/change_master with {"node_uid": "..."}) before';
const removal: PreviewText[] = [
  {
    of: "the leader",
    inputs: { nodeUid: 1 },
    plan: "node 1: remove, 4 shards to migrate, 2 nodes will be left; this cannot be undone",
    warning: [
      goes,
      "node 1: once remove has begun the node takes no new shards, also if it is cancelled (pulumi destroy) or fails",
    ],
  },
];
action.push({
  of: "remove of the leader",
  inputs: { nodeUid: 1, action: "remove" },
  plan: "node 1: remove",
  warning: goes,
});

describe("a preview, where the leadership is concerned", () => {
  describe("of redis.NodeMaintenance", () => {
    behaviour("redis:NodeMaintenance", previewTexts(maintenance));
  });
  describe("of redis.ReplicaNode", () => behaviour("redis:ReplicaNode", previewTexts(replica)));
  describe("of redis.NodeAction", () => behaviour("redis:NodeAction", previewTexts(action)));
  describe("of redis.NodeRemoval", () => behaviour("redis:NodeRemoval", previewTexts(removal)));
});
