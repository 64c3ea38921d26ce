import assert from "node:assert/strict";
import type { RedisOptions } from "../../simulators/index.ts";
import { behaviour, type Case, refused, type Scene } from "./cluster.ts";

/** What a preview says: a plan, a warning, or why it refuses. */
interface Saying {
  of: string;
  inputs?: object;
  arrange?(scene: Scene): unknown;
  cluster?: RedisOptions;
  plan?: string;
  warning?: string | string[];
  refusal?: RegExp;
  mutating?: number;
}

const running = (action: string) => (scene: Scene) => {
  scene.redis.plan({ held: true, actionMs: 0 });
  scene.node.start(action);
};

const handsOver =
  "node 1 leads the cluster: demote_node makes it hand the leadership over, to a node that the cluster chooses";
const staysLeader = (input: string) =>
  `node 1 leads the cluster, and goes on leading it in maintenance; ${input} hands the leadership over`;

const maintenance: Saying[] = [
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
    arrange(scene) {
      scene.node.putInMaintenance();
      running("maintenance_off")(scene);
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

/** The node that leads the cluster. */
const leader: Saying[] = [
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

const removal: Saying[] = [
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

const replica: Saying[] = [
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

const on = { nodeUid: 2, action: "maintenance_on" };
const action: Saying[] = [
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
  { of: "an action", inputs: { nodeUid: 2, action: "enslave_node" }, plan: "node 2: enslave_node" },
  { of: "maintenance_on", inputs: on, plan: "node 2: maintenance_on" },
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

function sayings(rows: Saying[], usual: object = { nodeUid: 2 }): Case[] {
  return rows.map(({ of, inputs = usual, arrange, cluster, plan, warning, refusal }) => ({
    it: `says of ${of}: ${plan ?? warning ?? refusal?.source}`,
    mutating: 0,
    cluster,
    async play(scene) {
      await arrange?.(scene);
      const preview = scene.stack.preview({ ...inputs });
      if (refusal) await refused(preview, refusal);
      else assert.equal(await preview, "create");
      assert.deepEqual(scene.said.plans, plan === undefined ? [] : [plan]);
      assert.deepEqual(scene.said.warnings, warning === undefined ? [] : [warning].flat());
    },
  }));
}

describe("a preview", () => {
  describe("of redis.NodeMaintenance", () => {
    behaviour("redis:NodeMaintenance", sayings([...maintenance, ...leader]));
  });
  describe("of redis.NodeRemoval", () => behaviour("redis:NodeRemoval", sayings(removal)));
  describe("of redis.ReplicaNode", () => behaviour("redis:ReplicaNode", sayings(replica)));
  describe("of redis.NodeAction", () => behaviour("redis:NodeAction", sayings(action)));
});
