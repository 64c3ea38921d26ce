import assert from "node:assert/strict";
import type { RedisActionHandle } from "../../simulators/index.ts";
import { behaviour, type Case, incomplete, post, refused, type Scene, until, waiting } from "./cluster.ts";

const leader = { nodeUid: 1 };
const follower = { nodeUid: 2 };
const action = "enslave_node";

/** Somebody else's enslave_node of node 2, which leaves its shards alone, until it is let finish. */
function holdOthers({ redis, node }: Scene): RedisActionHandle {
  redis.plan({ held: true, actionMs: 0 });
  return node.start(action, { endpoints_only: true });
}

const together: Case[] = [
  {
    it: "asks one after the other, each on what the one before has left",
    mutating: 2,
    async play({ redis, stack, another }) {
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
    it: "waits for somebody else's, and sends its own where that asked for less",
    mutating: 1,
    async play(scene) {
      const { redis, stack, said } = scene;
      redis.plan({ held: true, actionMs: 0 });
      const theirs = redis.node(1).start(action);
      const up = stack.up(leader);
      await waiting(scene);
      theirs.finish();
      await up;
      assert.equal(redis.node(1).role, "slave");
      assert.match(
        said.warnings[0] ?? "",
        /enslave_node, started by somebody else, is running and is waited for/,
      );
    },
  },
  {
    it: "does not count what made its request a 409 for its own",
    mutating: 2,
    effects: 1,
    async play(scene) {
      const { redis, stack } = scene;
      const late = redis.fault({ kind: "delay", ms: 150, match: post(action) });
      const up = stack.up(follower);
      await until(() => late.hits > 0);
      const theirs = holdOthers(scene);
      await waiting(scene);
      theirs.finish();
      await incomplete(up, /not seen: node 2 as a replica; instead role slave, 2 master shards/);
      await stack.up(follower);
      assert.equal(redis.failovers, 2);
    },
  },
  {
    it: "does not count what it waited for in vain for its own",
    mutating: 1,
    async play(scene) {
      const theirs = holdOthers(scene);
      await incomplete(scene.stack.up({ ...follower, timeout: "3s" }), /not done within/);
      theirs.finish();
      await scene.stack.up(follower);
      assert.equal(scene.redis.failovers, 2);
    },
  },
  {
    it: "records nothing where it has waited for somebody else's, and may not send its own",
    mutating: 0,
    async play(scene) {
      const { redis, session } = scene;
      redis.plan({ held: true, actionMs: 0 });
      const theirs = redis.node(1).start(action);
      const made = refused(
        session.create({ ...leader, demoteNode: false }),
        /node 1 leads the cluster .*demoteNode/,
      );
      await waiting(scene);
      theirs.finish();
      await made;
    },
  },
];

describe("redis.ReplicaNode, beside others", () => behaviour("redis:ReplicaNode", together));
