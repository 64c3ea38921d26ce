import assert from "node:assert/strict";
import type { RedisActionHandle } from "../../simulators/index.ts";
import {
  after,
  behaviour,
  bodies,
  type Case,
  type Harness,
  incomplete,
  post,
  refused,
  until,
  waiting,
} from "./cluster.ts";

const leader = { nodeUid: 1 };
const follower = { nodeUid: 2 };
const action = "enslave_node";

/** Somebody else's enslave_node of node 2, which leaves its shards alone, until it is let finish. */
function holdOthers({ redis, node }: Harness): RedisActionHandle {
  redis.plan({ held: true, actionMs: 0 });
  return node.start(action, { endpoints_only: true });
}

const together: Case[] = [
  {
    it: "asks one after the other, each on what the one before has left",
    mutating: 2,
    async run({ redis, stack, another }) {
      const other = await another();
      const running: unknown[] = [];
      redis.watch(({ method, status }) => {
        if (method !== "POST" || status !== 200) return;
        const statuses = [1, 3].map((uid) => redis.node(uid).action(action).status);
        running.push(statuses.filter((each) => each !== undefined && each !== "completed").length);
      });
      await Promise.all([stack.up(leader), other.stack.up({ nodeUid: 3 })]);
      assert.deepEqual(running, [1, 1]);
      assert.deepEqual([redis.node(1).role, redis.node(3).role], ["slave", "slave"]);
    },
  },
  {
    it: "waits for its turn where one of the same program has begun before, and is not refused for it",
    mutating: 2,
    async run({ redis, stack, another }) {
      const other = await another();
      redis.plan({ actionMs: 500 });
      const first = stack.up(leader);
      await until(() => redis.node(1).action(action).status === "running");
      await Promise.all([first, other.stack.up({ nodeUid: 3 })]);
      assert.deepEqual([redis.node(1).role, redis.node(3).role], ["slave", "slave"]);
    },
  },
  {
    it: "waits for somebody else's, and sends its own where that asked for less",
    mutating: 1,
    async run(harness) {
      const { redis, stack, said } = harness;
      redis.plan({ held: true, actionMs: 0 });
      const theirs = redis.node(1).start(action);
      const up = stack.up(leader);
      await waiting(harness);
      theirs.finish();
      await up;
      assert.equal(redis.node(1).role, "slave");
      assert.match(
        said.warnings.join(),
        /enslave_node, started by somebody else, is running and is waited for/,
      );
    },
  },
  {
    it: "does not count what made its request a 409 for its own",
    mutating: 2,
    effects: 1,
    async run(harness) {
      const { redis, stack } = harness;
      const late = redis.fault({ kind: "delay", ms: 150, match: post(action) });
      const up = stack.up(follower);
      await until(() => late.hits > 0);
      const theirs = holdOthers(harness);
      await waiting(harness);
      theirs.finish();
      await incomplete(up, /not seen: node 2 as a replica; instead role slave, 2 master shards/);
      await stack.up(follower);
      assert.equal(redis.failovers, 2);
    },
  },
  {
    it: "is asked for again where somebody else's came after its own, whichever way that ended",
    mutating: 2,
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 0 });
      await incomplete(stack.up({ ...follower, timeout: "2s" }), /not done within the timeout of 2s/);
      node.action(action).finish();
      node.start(action, { endpoints_only: true }).finish();
      node.promoteShards();
      await stack.up(follower);
      assert.equal(bodies(redis, action).length, 2);
    },
  },
  {
    it: "does not count what it waited for in vain for its own",
    mutating: 1,
    async run(harness) {
      const theirs = holdOthers(harness);
      await incomplete(harness.stack.up({ ...follower, timeout: "3s" }), /not done within/);
      theirs.finish();
      await harness.stack.up(follower);
      assert.equal(harness.redis.failovers, 2);
    },
  },
  {
    it: "records nothing where it has waited for somebody else's, and may not send its own",
    mutating: 0,
    async run(harness) {
      const { redis, session } = harness;
      redis.plan({ held: true, actionMs: 0 });
      const theirs = redis.node(1).start(action);
      const made = refused(
        session.create({ ...leader, demoteNode: false }),
        /node 1 leads the cluster .*demoteNode/,
      );
      await waiting(harness);
      theirs.finish();
      await made;
    },
  },
  {
    it: "does not take another's action, met just before its own request, for its own",
    mutating: 1,
    async run(harness) {
      const { redis, node, stack } = harness;
      // Somebody else starts one after the last look, and before the request.
      after(
        redis,
        "/v4/cluster/health",
        () => {
          redis.plan({ held: true, actionMs: 10 });
          node.start("enslave_node", { endpoints_only: true });
        },
        0,
      );
      // the preview's looks come first: create without a check.
      const { session } = harness;
      const recorded = await incomplete(session.create({ ...follower, timeout: "3s" }), /not done within/);
      assert.deepEqual(bodies(redis, "enslave_node"), []);
      node.action("enslave_node").finish();
      stack.state = { id: "2", inputs: { ...follower, timeout: "3s" }, outputs: recorded, unready: true };
      await stack.up(follower);
      assert.deepEqual(bodies(redis, "enslave_node"), [{}]);
    },
  },
  {
    it: "sends its own where another's, which it waited for, failed",
    mutating: 1,
    async run(harness) {
      const { redis, session, node } = harness;
      redis.plan({ held: true, actionMs: 0 });
      const theirs = node.start("enslave_node", { endpoints_only: true });
      const up = session.create(follower);
      await until(() => harness.said.progress.length > 0);
      theirs.fail();
      await up;
    },
  },
  {
    it: "takes turns with what brings another node into maintenance, and sees what that has left",
    mutating: 1,
    async run({ redis, session, another }) {
      const other = await another("redis:NodeMaintenance");
      redis.plan({ action: "maintenance_on", actionMs: 600 });
      const entering = other.session.create({ nodeUid: 3 });
      await until(() => redis.node(3).action("maintenance_on").status !== undefined);
      await refused(session.create(follower), /node 3 is in maintenance/);
      await entering;
    },
  },
  {
    it: "is waited for by what would bring another node into maintenance",
    mutating: 2,
    async run({ redis, session, another }) {
      const other = await another("redis:NodeMaintenance");
      redis.plan({ action, actionMs: 600 });
      const handing = session.create(follower);
      await until(() => redis.node(2).action(action).status !== undefined);
      let atOn: string | undefined;
      redis.watch(({ path }) => {
        if (path.endsWith("/maintenance_on")) atOn = redis.node(2).action(action).status;
      });
      await other.session.create({ nodeUid: 3 });
      assert.equal(atOn, "completed");
      await handing;
    },
  },
  {
    it: "of somebody else keeps another node from entering maintenance",
    mutating: 0,
    async run(harness) {
      const other = await harness.another("redis:NodeMaintenance");
      holdOthers(harness);
      await refused(
        other.session.create({ nodeUid: 3 }),
        /node 2 is handing its shards over \(enslave_node\)/,
      );
    },
  },
];

describe("redis.ReplicaNode, beside others", () => behaviour("redis:ReplicaNode", together));
