import assert from "node:assert/strict";
import { behaviour, type Case, type Harness, post, refused, until } from "./cluster.ts";

/*
 * Between the look on which a request rests and the request itself a process may be paused, a token fetched, a redirect followed. What
 * was seen then may be so no more: the decision is made anew, and nothing is sent on old knowledge.
 */

const good = { nodeUid: 2, timeout: "60s" };
const client = { clientId: "ops", clientSecret: "planted-secret" };
const slow = 8_000;

/** Holds the request up for eight seconds, on its way. */
const ways: [
  string,
  (
    harness: Harness,
  ) => Promise<{ user: Harness | Awaited<ReturnType<Harness["another"]>>; isHeld(): boolean }>,
][] = [
  [
    "a token that takes eight seconds",
    async ({ redis, another }) => {
      const oauth2 = { tokenUrl: `${redis.endpoints[0]}/oauth/token`, ...client };
      const user = await another(undefined, { oauth2 });
      redis.fault({ kind: "status", status: 401, match: post("maintenance_on") });
      const held = redis.fault({ kind: "delay", ms: slow, match: { path: "/oauth/token" }, skip: 1 });
      return { user, isHeld: () => held.hits > 0 };
    },
  ],
  [
    "a redirect that takes eight seconds",
    async (harness) => {
      const { redis } = harness;
      const held = redis.fault({ kind: "delay", ms: slow, match: post("maintenance_on") });
      redis.fault({
        kind: "redirect",
        location: (target, host) => `http://${host}${target}?`,
        match: post("maintenance_on"),
      });
      return { user: harness, isHeld: () => held.hits > 0 };
    },
  ],
];

const cases: Case[] = ways.flatMap(([way, arrange]): Case[] => [
  {
    it: `does not enter beside a node that went into maintenance during ${way}`,
    effects: 0,
    cluster: way.includes("token") ? { auth: { oauth2: { clients: [client] } } } : {},
    async run(harness) {
      const { user, isHeld } = await arrange(harness);
      const up = user.stack.up(good);
      up.catch(() => {});
      await until(isHeld);
      harness.redis.node(3).putInMaintenance();
      await refused(up, /node 3 is in maintenance/);
      assert.equal(harness.node.inMaintenance, false);
    },
  },
  {
    it: `does not enter a second time where somebody else did during ${way}`,
    effects: 0,
    cluster: way.includes("token") ? { auth: { oauth2: { clients: [client] } } } : {},
    async run(harness) {
      const { user, isHeld } = await arrange(harness);
      const up = user.stack.up(good);
      await until(isHeld);
      harness.node.putInMaintenance();
      await up;
      assert.equal(harness.node.maintenanceDepth, 1);
    },
  },
]);

describe("redis.NodeMaintenance, a request that is held up on its way", function () {
  this.timeout(60_000);
  behaviour("redis:NodeMaintenance", cases);
});
