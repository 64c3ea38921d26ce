import assert from "node:assert/strict";
import {
  behaviour,
  bodies,
  type Case,
  incomplete,
  outputs,
  post,
  refused,
  until,
  waiting,
} from "./cluster.ts";

/** Node 1 leads the cluster. */
const good = { nodeUid: 1 };

const cases: Case[] = [
  {
    it: "makes the leader a replica",
    mutating: 1,
    async run(harness) {
      await harness.stack.up(good);
      assert.deepEqual([harness.redis.node(1).role, outputs(harness).role], ["slave", "slave"]);
      assert.equal(outputs(harness).taskId, harness.redis.node(1).action("enslave_node").taskId);
      assert.deepEqual(bodies(harness.redis, "enslave_node", 1), [{ demote_node: true }]);
      assert.equal(outputs(harness).masterShardCount, 0);
      assert.equal(await harness.stack.up(good), "same");
    },
  },
  {
    it: "adopts a node that is a replica already",
    mutating: 0,
    cluster: { shardsPerNode: 0 },
    async run(harness) {
      await harness.stack.up({ nodeUid: 2 });
      assert.equal(outputs(harness).role, "slave");
    },
  },
  {
    it: "shows drift, and makes it a replica again",
    mutating: 2,
    async run({ redis, stack }) {
      await stack.up(good);
      redis.changeLeader(1);
      await stack.refresh();
      assert.equal(stack.state, undefined);
      await stack.up(good);
      assert.equal(redis.node(1).role, "slave");
    },
  },
  {
    it: "changes nothing when it is deleted",
    mutating: 1,
    async run({ redis, stack }) {
      await stack.up(good);
      await stack.destroy();
      assert.equal(redis.node(1).role, "slave");
    },
  },
  {
    it: "takes what somebody else has done since it looked for its own work",
    mutating: 1,
    async run(harness) {
      const { redis, stack } = harness;
      const other = await harness.another();
      await Promise.all([stack.up(good), other.stack.up(good)]);
      assert.equal(outputs(harness).taskId, outputs(other).taskId);
      assert.equal(redis.node(1).role, "slave");
    },
  },
  {
    it: "joins what somebody else has started",
    mutating: 0,
    async run(harness) {
      const { redis, stack } = harness;
      redis.plan({ held: true, actionMs: 0 });
      const action = redis.node(1).start("enslave_node", { demote_node: true });
      const up = stack.up(good);
      await waiting(harness);
      action.finish();
      await up;
      assert.equal(redis.node(1).role, "slave");
    },
  },
  {
    it: "keeps what it started when the time runs out, and resumes it",
    mutating: 1,
    async run(harness) {
      const { redis, stack } = harness;
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ ...good, timeout: "3s" }), /node 1 enslave_node: not done within/);
      await stack.refresh();
      await harness.costing(0, async () => {
        const up = stack.up(good);
        await waiting(harness);
        redis.node(1).action("enslave_node").finish();
        await up;
      });
    },
  },
  {
    it: "records why it failed, and sends one more the next time",
    mutating: 2,
    async run({ redis, stack }) {
      redis.plan({ outcome: "failed", errorMessage: "no luck" });
      await incomplete(stack.up(good), /^redis node 1: enslave_node failed: internal_error: no luck/);
      await stack.up(good);
      assert.equal(redis.node(1).role, "slave");
    },
  },
  {
    it: "counts as done what is called aborted although it is a replica",
    mutating: 1,
    cluster: { shardsPerNode: 0 },
    async run({ redis, stack, said }) {
      redis.plan({ held: true, actionMs: 10 });
      const up = stack.up(good);
      await until(() => redis.node(1).action("enslave_node").status === "running");
      redis.changeLeader(2);
      redis.node(1).action("enslave_node").abort();
      await up;
      assert.match(
        said.warnings.join(),
        /ended aborted, yet what it is for has been done: node 1 as a replica/,
      );
    },
  },
  {
    it: "does not take completed for done while the node still leads",
    mutating: 1,
    async run({ redis, stack }) {
      redis.watch(({ status, method }) => method === "POST" && status === 200 && redis.fault(stillLeading));
      await incomplete(stack.up(good), /not seen: node 1 as a replica; instead role master/);
    },
  },
  {
    it: "refuses a node that does not exist",
    mutating: 0,
    run: ({ session }) => refused(session.create({ nodeUid: 9 }), /no node 9; it has nodes 1, 2, 3/),
  },
  {
    it: "is gone with its node",
    mutating: 1,
    async run({ redis, stack }) {
      await stack.up(good);
      redis.node(1).vanish();
      await stack.refresh();
      assert.equal(stack.state, undefined);
    },
  },
  {
    it: "has its effect once though the answer is lost",
    mutating: 1,
    async run({ redis, stack }) {
      redis.fault({ kind: "reset", when: "after", match: post("enslave_node", 1) });
      await stack.up(good);
      assert.equal(redis.node(1).role, "slave");
    },
  },
];

const stillLeading = {
  kind: "wrongType",
  value: { role: "master" },
  match: { path: "/v1/nodes/1/status" },
  times: Number.POSITIVE_INFINITY,
} as const;

describe("redis.ReplicaNode", () => behaviour("redis:ReplicaNode", cases));
