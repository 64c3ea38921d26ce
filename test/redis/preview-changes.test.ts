import assert from "node:assert/strict";
import { behaviour, type Case, incomplete } from "./cluster.ts";

const changes: Case[] = [
  {
    it: "announces changed parameters of a node in maintenance for the next time",
    mutating: 1,
    async run({ stack, said }) {
      await stack.up({ nodeUid: 2 });
      await stack.preview({ nodeUid: 2, evictDbs: [1] });
      assert.deepEqual(said.warnings, [
        "node 2 is in maintenance: the changed parameters take effect the next time",
      ]);
    },
  },
  {
    it: "says nothing of a timeout, or of what counts on leaving",
    mutating: 1,
    async run({ stack, said }) {
      await stack.up({ nodeUid: 2 });
      await stack.preview({ nodeUid: 2, timeout: "20m", skipShardsRestore: true });
      assert.deepEqual([said.warnings, said.plans], [[], []]);
    },
  },
  {
    it: "does not take the node that leaves first for one in the way of the node that replaces it",
    mutating: 1,
    async run({ stack, session }) {
      await stack.up({ nodeUid: 2 });
      assert.equal(await stack.preview({ nodeUid: 3 }), "replace");
      // The engine checks a replacement twice, the second time without what is recorded.
      assert.deepEqual((await session.check(undefined, { nodeUid: 3 }, true)).failures, []);
      const { failures } = await session.check(undefined, { nodeUid: 1 }, true);
      assert.match(String(failures[0]?.reason), /node 2 is in maintenance/);
    },
  },
  {
    it: "replaces one node by another, one after the other",
    mutating: 3,
    async run({ redis, stack }) {
      await stack.up({ nodeUid: 2 });
      await stack.up({ nodeUid: 3 });
      assert.deepEqual([redis.node(2).inMaintenance, redis.node(3).inMaintenance], [false, true]);
    },
  },
  {
    it: "reads nothing when nothing has changed",
    mutating: 1,
    async run({ redis, stack, session }) {
      await stack.up({ nodeUid: 2 });
      const { reads } = redis.counts();
      await session.check(stack.state?.inputs, { nodeUid: 2 }, true);
      assert.equal(redis.counts().reads, reads);
    },
  },
  {
    it: "warns, and no more, when the cluster cannot be reached",
    mutating: 0,
    connection: { endpoints: ["http://127.0.0.1:1"] },
    async run({ stack, said }) {
      assert.equal(await stack.preview({ nodeUid: 2 }), "create");
      assert.match(
        said.warnings.join(),
        /^what would happen could not be looked up: redis node 2: GET http:\/\/127\.0\.0\.1:1\/v/,
      );
    },
  },
  {
    it: "shows in an update what only stops it",
    mutating: 1,
    async run({ redis, stack, said }) {
      redis.plan({ outcome: "failed" });
      await incomplete(stack.up({ nodeUid: 2 }), /failed/);
      assert.deepEqual([said.plans, said.warnings], [[], []]);
    },
  },
];

/** Reads of a preview, however many resources of a type it has. */
const constant: [type: string, softwareVersion: string, reads: number, inputs: (n: number) => object][] = [
  ["redis:NodeMaintenance", "8.2.0-25", 4, (n) => ({ nodeUid: (n % 3) + 1 })],
  ["redis:NodeMaintenance", "8.0.6-54", 4, (n) => ({ nodeUid: (n % 3) + 1 })],
  ["redis:NodeRemoval", "8.2.0-25", 4, (n) => ({ nodeUid: (n % 3) + 1 })],
  ["redis:ReplicaNode", "8.2.0-25", 4, (n) => ({ nodeUid: (n % 3) + 1 })],
  ["redis:NodeAction", "8.2.0-25", 4, (n) => ({ nodeUid: (n % 3) + 1, action: "maintenance_on" })],
];

const economy = constant.map(
  ([type, softwareVersion, reads, inputs]): Case => ({
    it: `costs ${reads} reads for twelve ${type} on ${softwareVersion}`,
    mutating: 0,
    cluster: { softwareVersion },
    async run({ redis, another }) {
      const { session } = await another(type);
      for (let n = 0; n < 12; n++) await session.check(undefined, { ...inputs(n) }, true);
      assert.equal(redis.counts().reads, reads);
    },
  }),
);

describe("a preview of what is there already, or out of reach", () => {
  behaviour("redis:NodeMaintenance", changes);
});
describe("a preview of many resources", () => behaviour("redis:NodeMaintenance", economy));
