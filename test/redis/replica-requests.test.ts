import assert from "node:assert/strict";
import { behaviour, bodies, type Case, type Harness, healthSays, outputs, refused } from "./cluster.ts";

const leader = { nodeUid: 1 };
const follower = { nodeUid: 2 };
const action = "enslave_node";

const asking: Case[] = [
  {
    it: "refuses the leader with demoteNode: false, in a preview and in an update",
    mutating: 0,
    async run({ stack, session }) {
      const inputs = { ...leader, demoteNode: false };
      await refused(stack.preview(inputs), /^demoteNode: node 1 leads the cluster/);
      await refused(
        session.create(inputs),
        /^redis node 1 leads the cluster \(role master\): .*nothing was sent/,
      );
    },
  },
  {
    it: "fails the shards of a node over that does not lead, without demote_node, and says so",
    mutating: 1,
    async run(harness) {
      const { redis, stack, said } = harness;
      await stack.up(follower);
      assert.deepEqual(bodies(redis, action), [{}]);
      assert.deepEqual([outputs(harness).role, outputs(harness).masterShardCount], ["slave", 0]);
      assert.deepEqual([redis.failovers, redis.leader], [2, 1]);
      assert.match(said.warnings.join(), /node 2 does not lead the cluster, and has 2 master shards/);
      assert.equal(await stack.up(follower), "same");
    },
  },
  {
    it: "says that the leadership moves, and where it went",
    mutating: 1,
    async run({ redis, stack, said }) {
      await stack.up(leader);
      assert.equal(redis.leader, 2);
      assert.match(
        said.warnings[0] ?? "",
        /^node 1 leads the cluster: demote_node makes it hand the leadership/,
      );
      assert.deepEqual(said.warnings.slice(1), ["node 2 leads the cluster now, in place of node 1"]);
    },
  },
  ...(["strings", "count"] as const).map(
    (statusShards): Case => ({
      it: `reads master shards as ${statusShards}`,
      mutating: 1,
      cluster: { statusShards },
      async run(harness) {
        await harness.stack.up(follower);
        assert.deepEqual([outputs(harness).masterShardCount, harness.redis.failovers], [0, 2]);
      },
    }),
  ),
  {
    it: "goes by the role alone where master shards are not told, and says so",
    mutating: 0,
    cluster: { statusShards: "none" },
    async run(harness) {
      await harness.stack.up(follower);
      assert.deepEqual([outputs(harness).role, outputs(harness).masterShardCount], ["slave", undefined]);
      assert.deepEqual(harness.said.warnings, [
        "node 2 is already a replica: nothing will be sent",
        "node 2 does not tell its master shards: only its role counts",
      ]);
    },
  },
  {
    it: "sends nothing to a node whose role is neither of the two",
    mutating: 0,
    async run({ redis, session }) {
      for (const value of [{ role: "witness", master_shards: [] }, { master_shards: [1] }]) {
        redis.fault({ kind: "wrongType", value, match: { path: "/v1/nodes/1/status" }, times: 2 });
        await refused(session.create(leader), /tells the role (witness|\(none\)), neither master nor slave/);
      }
    },
  },
  {
    it: "does not take a node without a status for one that is gone",
    mutating: 1,
    async run({ redis, stack }) {
      await stack.up(leader);
      const match = { path: "/v1/nodes/1/status" };
      redis.fault({ kind: "status", status: 404, match, times: 2 });
      redis.fault({ kind: "wrongType", value: {}, match: { path: "/v1/nodes/status" }, times: 2 });
      await refused(stack.refresh(), /the cluster tells no status of node 1/);
      assert.notEqual(stack.state, undefined);
    },
  },
  {
    it: "says which key it was where the server refuses demote_node, and records nothing",
    mutating: 1,
    effects: 0,
    cluster: { refusedParameters: ["demote_node"] },
    run: ({ session }) =>
      refused(
        session.create(leader),
        /: 400 bad_request: unexpected parameter: demote_node.*; the request held demote_node, .*enslave_node was not started; hand the leadership over by hand/,
      ),
  },
  {
    it: "sends nothing to a node whose master shards it cannot read, and does not take them for none",
    mutating: 0,
    async run(harness) {
      const { redis, session } = harness;
      const value = { role: "slave", master_shards: { "5": { bdb: 1 }, "7": { bdb: 3 } } };
      redis.fault({
        kind: "wrongType",
        value,
        match: { path: /\/v1\/nodes\/2\/status/ },
        times: Number.POSITIVE_INFINITY,
      });
      const result = await session.create(follower).then(
        ({ outputs }) => outputs,
        (error: Error) => error,
      );
      assert.ok(result instanceof Error, `done: ${JSON.stringify(result)}, told: ${harness.said.warnings}`);
    },
  },
];

/** How the other nodes are, and how a refusal says it. */
const away: [string, (harness: Harness) => unknown, RegExp][] = [
  ["in maintenance", ({ redis }) => redis.node(3).putInMaintenance(), /node 3 is in maintenance: no shard/],
  ["down", ({ redis }) => redis.node(3).goDown(), /node 3 is down: no shard/],
  [
    "being removed",
    ({ redis }) => {
      redis.plan({ held: true, actionMs: 0 });
      redis.node(3).start("remove");
    },
    /node 3 is being removed: no shard/,
  ],
];

const drift: Case[] = [
  ...away.map(
    ([how, arrange, why]): Case => ({
      it: `is not repaired while another node is ${how}`,
      mutating: 1,
      async run(harness) {
        const { redis, stack, session } = harness;
        await stack.up(leader);
        redis.changeLeader(1);
        await stack.refresh();
        await arrange(harness);
        await refused(stack.preview(leader), why);
        await refused(session.create(leader), why);
      },
    }),
  ),
  {
    it: "is repaired each time that it was a replica in between",
    mutating: 3,
    async run({ redis, stack }) {
      await stack.up(follower);
      redis.node(2).promoteShards();
      for (const wanted of [
        { ...follower, timeout: "5m" },
        { ...follower, timeout: "6m" },
      ]) {
        await stack.up(wanted);
        assert.equal(
          redis.node(2).shards.some((shard) => shard.role === "master"),
          false,
        );
        redis.changeLeader(2);
      }
      assert.deepEqual(bodies(redis, action), [{}, {}, { demote_node: true }]);
    },
  },
  {
    it: "is not sent beside a node that health does not know to be in maintenance yet",
    mutating: 0,
    async run(harness) {
      const { redis, session } = harness;
      healthSays(redis, () => false);
      redis.node(3).start("maintenance_on").finish();
      await refused(session.create(follower), /node 3/);
    },
  },
];

describe("redis.ReplicaNode, what it asks for", () => behaviour("redis:ReplicaNode", [...asking, ...drift]));
