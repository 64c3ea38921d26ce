import assert from "node:assert/strict";
import type { RedisSimulator } from "../../simulators/index.ts";
import type { Stack } from "../rules/stack.ts";
import { contextFor } from "../support/context.ts";
import { lifecycle } from "../support/flat.ts";
import {
  behaviour,
  bodies,
  type Case,
  incomplete,
  outputs,
  refused,
  type Scene,
  waiting,
} from "./cluster.ts";

/*
 * enslave_node completed, and the node is no replica: each further `up` would fail its shards over once more.
 */

const leader = { nodeUid: 1 };
const follower = { nodeUid: 2 };
const action = "enslave_node";
const deaf = { ignoredParameters: ["demote_node"] };

/** An `up` of a demotion that the server completes after the time has run out: one request. */
async function timedOut({ redis, stack }: Scene, inputs: object = leader, uid = 1): Promise<void> {
  redis.plan({ held: true, actionMs: 10 });
  await incomplete(stack.up({ ...inputs, timeout: "3s" }), /not done within/);
  redis.node(uid).action(action).finish();
}

/** What a preview of the same inputs says before the next operation. */
async function previewed({ endpoints }: RedisSimulator, { state }: Stack): Promise<string> {
  assert.ok(state);
  const context = contextFor({ redis: { endpoints } }, { preview: true });
  await lifecycle("redis:ReplicaNode").diff(context, state.outputs, state.inputs);
  return context.said.warnings.join();
}

const once =
  /^redis node 1: not seen: node 1 as a replica; instead role master \(looked for .*\); enslave_node \{"demote_node":true\} completed \(task [-\w]+\); the same is not sent again: the server may not know demote_node: hand the leadership over by hand .*; or replace this resource/;
const never =
  /^redis node 1: enslave_node \{"demote_node":true\} completed \(task [-\w]+\), and yet node 1 is no replica: role master; the same is not sent again: .*; nothing was sent$/;

const futile: Case[] = [
  {
    it: "is not sent again, by this up or any other, and its shards are not failed over again",
    mutating: 1,
    cluster: deaf,
    async play({ redis, stack }) {
      await incomplete(stack.up(leader), once);
      assert.equal(redis.failovers, 2);
      await refused(stack.up(leader), never);
      await stack.refresh();
      await refused(stack.up({ ...leader, timeout: "5m" }), never);
      assert.equal(redis.failovers, 2);
    },
  },
  {
    it: "is announced by a preview as what will not be sent",
    mutating: 1,
    cluster: deaf,
    async play({ redis, stack }) {
      await incomplete(stack.up(leader), once);
      assert.match(
        await previewed(redis, stack),
        /enslave_node completed the last time .* the same is not sent again$/,
      );
    },
  },
  {
    it: "is over once somebody has handed the leadership over by hand",
    mutating: 1,
    cluster: deaf,
    async play(scene) {
      const { redis, stack } = scene;
      await incomplete(stack.up(leader), once);
      redis.changeLeader(2);
      await stack.up(leader);
      assert.equal(outputs(scene).role, "slave");
      assert.equal(await stack.up(leader), "same");
    },
  },
  {
    it: "is sent once more by a replacement",
    mutating: 2,
    cluster: deaf,
    async play({ stack }) {
      await incomplete(stack.up(leader), once);
      await stack.destroy();
      await incomplete(stack.up(leader), once);
      await refused(stack.up(leader), never);
    },
  },
  {
    it: "is not sent again for shards that cannot be failed over",
    mutating: 2,
    async play({ redis, stack, another }) {
      redis.node(1).loseReplicas();
      redis.node(2).loseReplicas();
      const why =
        /role slave, 2 master shards.* master shards of databases without replication cannot be failed over/;
      await incomplete(stack.up(leader), why);
      await refused(stack.up(leader), why);
      // The cluster chose node 2: with the leadership elsewhere, node 2 is asked for its shards alone.
      redis.changeLeader(3);
      const other = await another();
      await incomplete(other.stack.up(follower), why);
      await refused(other.stack.up(follower), why);
      assert.deepEqual(bodies(redis, action), [{}]);
    },
  },
  {
    it: "is not sent again where it ended after the time ran out",
    mutating: 1,
    cluster: deaf,
    async play(scene) {
      const { redis, stack } = scene;
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ ...leader, timeout: "3s" }), /not done within/);
      redis.node(1).action(action).finish();
      await incomplete(
        stack.up(leader),
        /enslave_node \{"demote_node":true\} completed .*role master; the same/,
      );
      await refused(stack.up(leader), never);
    },
  },
  {
    it: "is over for a node that no longer leads: its shards are asked for where only demote_node had come to nothing",
    mutating: 2,
    cluster: deaf,
    async play(scene) {
      const { redis, stack } = scene;
      await incomplete(stack.up(leader), /role master/);
      // As the message told: the leadership is handed over by hand. Then an ordinary failover.
      redis.changeLeader(2);
      redis.node(1).promoteShards();
      await stack.up(leader);
      assert.deepEqual(bodies(redis, "enslave_node", 1), [{ demote_node: true }, {}]);
    },
  },
  {
    it: "is over once a refresh has seen a replica: later drift is repaired",
    mutating: 2,
    cluster: deaf,
    async play(scene) {
      const { redis, stack } = scene;
      await incomplete(stack.up(leader), /role master/);
      redis.changeLeader(2);
      await stack.refresh();
      redis.node(1).promoteShards();
      await stack.refresh();
      await stack.up(leader);
    },
  },
  {
    it: "is over once a refresh has seen that it ended well after the time had run out: later drift is repaired",
    mutating: 2,
    async play(scene) {
      const { redis, stack } = scene;
      await timedOut(scene, follower, 2);
      assert.equal(
        redis.node(2).shards.some(({ role }) => role === "master"),
        false,
      );
      await stack.refresh();
      redis.node(2).promoteShards();
      await stack.up(follower);
    },
  },
  {
    it: "is not sent again where it ended after the time ran out, and a refresh came between",
    mutating: 1,
    cluster: deaf,
    async play(scene) {
      const { stack } = scene;
      await timedOut(scene);
      await stack.refresh();
      await stack.up(leader).catch(() => {});
    },
  },
];

const resumed: Case[] = [
  {
    it: "says, in a preview and in an update, that a demotion is resumed",
    mutating: 1,
    async play(scene) {
      const { redis, stack, said } = scene;
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ ...leader, timeout: "3s" }), /not done within/);
      assert.match(
        await previewed(redis, stack),
        /redis node 1: enslave_node with demote_node was not finished .* is resumed/,
      );
      const up = stack.up({ ...leader, timeout: "3s" });
      await waiting(scene);
      redis.node(1).action(action).finish();
      await up;
      assert.match(said.warnings.join(), /is running, and is resumed: node 1 leads the cluster: demote_node/);
    },
  },
  {
    it: "asks for the rest where version 0.1.0 had asked for less, and it has ended",
    mutating: 1,
    async play({ redis, stack }) {
      redis.plan({ held: true, actionMs: 10 });
      const theirs = redis.node(1).start(action);
      const handle = { nodeUid: 1, action, taskBefore: null, taskId: theirs.taskId };
      const recorded = { ...leader, __unfinished: handle };
      stack.state = { id: "1", inputs: leader, outputs: recorded, unready: true };
      theirs.finish();
      await stack.up(leader);
      assert.deepEqual([redis.node(1).role, bodies(redis, action, 1)], ["slave", [{ demote_node: true }]]);
    },
  },
  {
    it: "asks for the rest where version 0.1.0 had not seen what it asked for",
    mutating: 1,
    async play({ redis, stack }) {
      const { taskId } = redis.node(1).start(action);
      redis.node(1).action(action).finish();
      const failed = "not seen: node 1 as a replica; instead role master";
      const recorded = { ...leader, role: "master", __unfinished: { nodeUid: 1, action, taskId, failed } };
      stack.state = { id: "1", inputs: leader, outputs: recorded, unready: true };
      await stack.up(leader);
      assert.equal(redis.node(1).role, "slave");
    },
  },
  {
    it: "leaves alone what version 0.1.0 has finished",
    mutating: 0,
    async play({ redis, stack }) {
      const outputs = { ...follower, role: "slave", taskId: "t1" };
      stack.state = { id: "2", inputs: follower, outputs, unready: false };
      assert.equal(await stack.up(follower), "same");
      assert.equal(redis.counts().reads, 0);
    },
  },
];

describe("redis.ReplicaNode, where a request came to nothing", () => behaviour("redis:ReplicaNode", futile));
describe("redis.ReplicaNode, resumed", () => behaviour("redis:ReplicaNode", resumed));
