import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { behaviour, type Case, type Harness, incomplete, post, type User, until } from "./cluster.ts";

/*
 * Two processes that decide at the same moment see nothing of each other. Both look once more after their request, and the later one
 * gives way: nobody waits for ever, and at most one node is away once both have looked.
 */

/** Numbers from 0 to 1, the same in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** Who races, with what takes a node away. */
const contestants: [one: [type: string, inputs: object], other: [type: string, inputs: object]][] = [
  [
    ["redis:NodeMaintenance", {}],
    ["redis:NodeMaintenance", {}],
  ],
  [
    ["redis:NodeMaintenance", {}],
    ["redis:NodeAction", { action: "maintenance_on" }],
  ],
  [
    ["redis:NodeRemoval", {}],
    ["redis:NodeMaintenance", {}],
  ],
  [
    ["redis:NodeRemoval", {}],
    ["redis:NodeRemoval", {}],
  ],
];

/** Far more than a race takes, however busy the machine. */
const timeout = "90s";

/** A node that has been removed is no part of the cluster any more. */
function isAway({ redis }: Harness, uid: number): boolean {
  if (!redis.nodeUids.includes(uid)) return false;
  const node = redis.node(uid);
  return node.inMaintenance || node.action("remove").status === "running";
}

/** One race: both decide on looks that show nothing, and their requests leave up to so many milliseconds apart. */
async function race(
  harness: Harness,
  index: number,
  random: () => number,
): Promise<PromiseSettledResult<unknown>[]> {
  const { elsewhere } = harness;
  const [[oneType, one], [otherType, other]] = contestants[
    index % contestants.length
  ] as (typeof contestants)[0];
  const uids = random() < 0.5 ? [2, 3] : [3, 2];
  const users = [await elsewhere(oneType), await elsewhere(otherType)];
  return Promise.allSettled([
    users[0]?.session.create({ ...one, nodeUid: uids[0], timeout }),
    pause(random() * 60).then(() => users[1]?.session.create({ ...other, nodeUid: uids[1], timeout })),
  ]);
}

/** Two hundred of them. */
const races: Case[] = Array.from({ length: 200 }, (_, index): Case => {
  const random = seeded(index + 1);
  const isTimeTold = random() < 0.5;
  const actionMs = Math.round(20 + random() * 400);
  return {
    it: `race ${index + 1}: at most one node is away in the end`,
    cluster: { nodes: 4, actionMs },
    async run(harness) {
      const { redis } = harness;
      if (!isTimeTold)
        redis.fault({
          kind: "status",
          status: 404,
          match: { path: "/v1/actions" },
          times: Number.POSITIVE_INFINITY,
        });
      // Requests that take a while let both decide before either is seen.
      redis.fault({ kind: "delay", ms: Math.round(random() * 150), match: { method: "POST" } });
      redis.fault({ kind: "delay", ms: Math.round(random() * 150), match: { method: "POST" }, skip: 1 });
      const ends = await race(harness, index, random);
      const away = [2, 3].filter((uid) => isAway(harness, uid));
      const told = ends.map((end) => (end.status === "rejected" ? String(end.reason) : "done")).join(" | ");
      assert.ok(away.length <= 1, `both away: ${told}`);
      // Whoever waited for the other would wait until its time is up: who has entered stays.
      assert.doesNotMatch(told, /timeout/, "somebody waited for the other");
      assert.ok(
        ends.some(({ status }) => status === "fulfilled"),
        `nobody entered: ${told}`,
      );
    },
  };
});

const rules: Case[] = [
  {
    it: "is the later one that gives way, whatever its uid",
    async run(harness) {
      const { redis, node, elsewhere } = harness;
      const [first, later] = [await elsewhere(), await elsewhere()];
      const held = redis.fault({ kind: "delay", ms: 2_500, match: post("maintenance_on", 2) });
      const second = later.session.create({ nodeUid: 2 });
      await until(() => held.hits > 0);
      await first.session.create({ nodeUid: 3 });
      await assert.rejects(second, /node 3 is in maintenance.*node 2 was taken out of maintenance again/);
      assert.deepEqual([node.inMaintenance, redis.node(3).inMaintenance], [false, true]);
    },
  },
  ...(
    [
      ["redis:NodeMaintenance", {}],
      ["redis:NodeAction", { action: "maintenance_on" }],
    ] as const
  ).map(
    ([type, inputs]): Case => ({
      it: `gives way when it is resumed, where its time ran out before it could look once more: ${type}`,
      async run(harness) {
        const { redis, node } = harness;
        const later = await cutOffBeside(harness, type, inputs);
        await incomplete(
          later.stack.up({ ...inputs, nodeUid: 2, timeout }),
          /node 3 is in maintenance.*node 2 was taken out of maintenance again/,
        );
        assert.deepEqual([node.inMaintenance, redis.node(3).inMaintenance], [false, true]);
      },
    }),
  ),
  {
    it: "stays when it is resumed and nothing tells which one came later",
    async run(harness) {
      const { redis, node } = harness;
      const later = await cutOffBeside(harness);
      redis.fault({ kind: "status", status: 404, match: { path: "/v1/actions" }, times: 100 });
      await later.stack.up({ nodeUid: 2, timeout });
      assert.deepEqual([node.inMaintenance, redis.node(3).inMaintenance], [true, true]);
    },
  },
];

/** Node 3 enters, and node 2 by a request of the same moment, which lands later and whose answer nobody waits for. */
async function cutOffBeside({ redis, node, elsewhere }: Harness, type?: string, inputs = {}): Promise<User> {
  const [first, later] = [await elsewhere(), await elsewhere(type)];
  const held = redis.fault({ kind: "delay", ms: 2_500, match: post("maintenance_on", 2) });
  const second = incomplete(
    later.stack.up({ ...inputs, nodeUid: 2, timeout: "2s" }),
    /the timeout of 2s ran out/,
  );
  await until(() => held.hits > 0);
  await first.session.create({ nodeUid: 3 });
  await second;
  await until(() => node.inMaintenance);
  return later;
}

describe("redis, two processes at the same moment", function () {
  this.timeout(120_000);
  behaviour("redis:NodeMaintenance", [...rules, ...races]);
});
