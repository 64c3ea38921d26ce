import assert from "node:assert/strict";
import { behaviour, type Case, type Harness, type User } from "./cluster.ts";

/*
 * Two spellings of one cluster are one cluster: two resources that reach it by different addresses take turns all the same.
 */

/** Two users who enter at the same moment: one does, the other is refused. */
async function bothEnter({ redis }: Harness, one: User, other: User): Promise<void> {
  const ends = await Promise.allSettled([
    one.session.create({ nodeUid: 2 }),
    other.session.create({ nodeUid: 3 }),
  ]);
  assert.deepEqual(ends.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  assert.equal([2, 3].filter((uid) => redis.node(uid).inMaintenance).length, 1);
}

const cases: Case[] = [
  {
    it: "takes turns between 127.0.0.1 and localhost",
    mutating: 1,
    async run(harness) {
      const { redis, another } = harness;
      const local = redis.endpoints.map((endpoint) => endpoint.replace("127.0.0.1", "localhost"));
      await bothEnter(harness, await another(), await another(undefined, { endpoints: local }));
    },
  },
  {
    it: "takes turns between lists of endpoints that overlap",
    mutating: 1,
    cluster: { endpointPerNode: true },
    async run(harness) {
      const { redis, another } = harness;
      const [first = "", second = "", third = ""] = redis.endpoints;
      await bothEnter(
        harness,
        await another(undefined, { endpoints: [first, second] }),
        await another(undefined, { endpoints: [first, third] }),
      );
    },
  },
  {
    it: "takes turns between lists of endpoints that have none in common",
    mutating: 1,
    cluster: { addrs: ["10.0.0.1", "10.0.0.2", "10.0.0.3"] },
    async run(harness) {
      const { redis, another } = harness;
      const [first = ""] = redis.endpoints;
      await bothEnter(
        harness,
        await another(undefined, { endpoints: [first] }),
        await another(undefined, { endpoints: [first.replace("127.0.0.1", "[::ffff:127.0.0.1]")] }),
      );
    },
  },
];

describe("redis.NodeMaintenance, one cluster by different addresses", () => {
  behaviour("redis:NodeMaintenance", cases);
});
