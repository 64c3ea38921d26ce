import assert from "node:assert/strict";
import { behaviour, bodies, type Case, incomplete, outputs, refused, until, waiting } from "./cluster.ts";

/** Node 1 leads the cluster. */
const leader = { nodeUid: 1 };
const handingOver = { ...leader, demoteNode: true };
const action = "maintenance_on";

const cases: Case[] = [
  {
    it: "says that it leaves the leader the leader",
    mutating: 1,
    async run({ redis, stack, said }) {
      await stack.up(leader);
      assert.deepEqual([redis.leader, bodies(redis, action, 1)], [1, [{}]]);
      assert.deepEqual(said.warnings, [
        "node 1 leads the cluster, and goes on leading it in maintenance; demoteNode: true hands the leadership over",
      ]);
    },
  },
  {
    it: "hands the leadership over with demoteNode: true, and says where it went",
    mutating: 1,
    async run({ redis, stack, said }) {
      await stack.up(handingOver);
      assert.deepEqual([redis.leader, bodies(redis, action, 1)], [2, [{ demote_node: true }]]);
      assert.deepEqual(said.warnings, [
        "node 1 leads the cluster: demote_node makes it hand the leadership over, to a node that the cluster chooses",
        "node 2 leads the cluster now, in place of node 1",
      ]);
      assert.equal(await stack.up(handingOver), "same");
    },
  },
  {
    it: "says nothing of the leadership for another node",
    mutating: 2,
    async run({ stack, said }) {
      await stack.up({ nodeUid: 2 });
      await stack.destroy();
      assert.deepEqual(said.warnings, []);
    },
  },
  {
    it: "records a demoteNode that changes in maintenance, and sends it the next time",
    mutating: 3,
    async run(harness) {
      const { redis, stack, said } = harness;
      await stack.up(leader);
      await harness.costing(0, async () => {
        await stack.preview(handingOver);
        assert.equal(await stack.up(handingOver), "update");
      });
      assert.equal(outputs(harness).demoteNode, true);
      assert.ok(said.warnings.some((text) => /the changed parameters take effect the next time/.test(text)));
      await stack.destroy();
      await stack.up(handingOver);
      assert.deepEqual(bodies(redis, action, 1), [{}, { demote_node: true }]);
    },
  },
  {
    it: "says which key it was where the server refuses demote_node, and records nothing",
    mutating: 1,
    effects: 0,
    cluster: { refusedParameters: ["demote_node"] },
    run: ({ session }) =>
      refused(
        session.create(handingOver),
        /400 bad_request: .*; the request held demote_node, which no page .*: maintenance_on was not started; leave demoteNode out, and where the node leads the cluster hand the leadership over by hand/,
      ),
  },
  {
    it: "is not done while the node leads in spite of demote_node, and is not sent again",
    mutating: 1,
    cluster: { ignoredParameters: ["demote_node"] },
    async run(harness) {
      const { redis, stack } = harness;
      const why =
        /not seen: node 1 without the leadership; instead role master.*, in maintenance .*; the server may not know demote_node, and maintenance_on is not sent again/;
      await incomplete(stack.up(handingOver), why);
      await incomplete(stack.up(handingOver), why);
      redis.changeLeader(3);
      await stack.up(handingOver);
      assert.equal(outputs(harness).inMaintenance, true);
    },
  },
  {
    it: "is done without the leadership moved once that is no longer asked for",
    mutating: 1,
    cluster: { ignoredParameters: ["demote_node"] },
    async run({ stack }) {
      await incomplete(stack.up(handingOver), /without the leadership/);
      await stack.up({ ...leader, demoteNode: false });
      assert.equal(await stack.up(leader), "same");
    },
  },
  {
    it: "says so again when it is resumed, and reads the role back then, too",
    mutating: 1,
    cluster: { ignoredParameters: ["demote_node"] },
    async run(harness) {
      const { redis, stack, said } = harness;
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ ...handingOver, timeout: "3s" }), /not done within/);
      said.warnings.length = 0;
      const up = incomplete(stack.up(handingOver), /not seen: node 1 without the leadership/);
      await waiting(harness);
      redis.node(1).action(action).finish();
      await up;
      assert.match(
        said.warnings.join(),
        /node 1 leads the cluster: demote_node makes it hand the leadership over/,
      );
    },
  },
  {
    it: "follows the leader that takes over while it waits",
    mutating: 1,
    cluster: { endpointPerNode: true },
    async run({ redis, stack }) {
      await stack.up(handingOver);
      assert.equal(redis.leader, 2);
    },
  },
  {
    it: "leaves alone what version 0.1.0 has recorded without it",
    mutating: 1,
    async run({ redis, stack }) {
      await stack.up(leader);
      assert.ok(stack.state);
      const { demoteNode, ...inputs } = stack.state.inputs;
      const { demoteNode: output, ...outputs } = stack.state.outputs;
      assert.deepEqual([demoteNode, output], [false, false]);
      stack.state = { ...stack.state, inputs, outputs };
      const { length } = redis.requests;
      assert.equal(await stack.up(leader), "same");
      assert.equal(redis.requests.length, length);
    },
  },
  {
    it: "is not handed over where the role is no longer told",
    mutating: 1,
    cluster: { ignoredParameters: ["demote_node"] },
    async run(harness) {
      const { redis, session } = harness;
      const value = { master_shards: [] };
      redis.fault({
        kind: "wrongType",
        value,
        match: { path: "/v1/nodes/1/status" },
        times: Number.POSITIVE_INFINITY,
      });
      const result = await session.create({ ...leader, demoteNode: true }).then(
        ({ outputs }) => outputs,
        (error: Error) => error,
      );
      assert.equal(redis.leader, 1);
      assert.ok(result instanceof Error, `done while it leads: ${harness.said.warnings}`);
    },
  },
  {
    it: "says that the node leads where it joins another's, although demoteNode was asked for",
    mutating: 0,
    async run(harness) {
      const { redis, session, said } = harness;
      redis.plan({ held: true, actionMs: 10 });
      const theirs = redis.node(1).start("maintenance_on");
      const up = session.create({ ...leader, demoteNode: true });
      await until(() => said.progress.length > 0);
      theirs.finish();
      await up;
      assert.equal(redis.leader, 1);
      assert.match(said.warnings.join(), /leads the cluster/);
    },
  },
];

const steps: Case[] = [
  {
    it: "hands the leadership over, and says so",
    mutating: 1,
    async run({ redis, stack, said }) {
      const step = { ...handingOver, phase: "enter" };
      await stack.preview(step);
      await stack.up(step);
      assert.deepEqual([redis.leader, bodies(redis, action, 1)], [2, [{ demote_node: true }]]);
      assert.equal(said.warnings.filter((text) => /hand the leadership over/.test(text)).length, 2);
      assert.equal(await stack.up({ ...step, demoteNode: false }), "update");
    },
  },
];

const actions: Case[] = [
  {
    it: "says what enslave_node means for the leader, in an update too",
    mutating: 1,
    async run({ redis, stack, said }) {
      await stack.up({ ...leader, action: "enslave_node" });
      assert.equal(redis.leader, 1);
      assert.match(
        said.warnings.join(),
        /^node 1 leads the cluster: enslave_node fails its shards over and leaves it/,
      );
    },
  },
  {
    it: "sends demote_node by hand",
    mutating: 1,
    async run({ redis, stack, said }) {
      await stack.up({ ...leader, action: "enslave_node", parameters: { demote_node: true } });
      assert.equal(redis.leader, 2);
      assert.match(said.warnings.join(), /demote_node makes it hand the leadership over/);
    },
  },
];

describe("redis.NodeMaintenance of the leader", () => behaviour("redis:NodeMaintenance", cases));
describe("one step of redis.RollingMaintenance with the leader", () =>
  behaviour("redis:MaintenanceStep", steps));
describe("redis.NodeAction of the leader", () => behaviour("redis:NodeAction", actions));
