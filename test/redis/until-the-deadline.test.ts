import assert from "node:assert/strict";
import { call } from "../simulators/call.ts";
import {
  behaviour,
  type Case,
  faultFor,
  type Harness,
  incomplete,
  outputs,
  post,
  refused,
  until,
} from "./cluster.ts";

/*
 * A request that was provably not carried out is sent until the deadline: a minute's trouble of a load balancer is no reason to call
 * somebody at night. One that may still be carried out is not sent beside itself.
 */

const maintenance = { nodeUid: 2, timeout: "60s" };
const demotion = { nodeUid: 2, action: "enslave_node", timeout: "60s" };

const inMaintenance = ({ node }: Harness) =>
  assert.deepEqual([node.inMaintenance, node.maintenanceDepth], [true, 1]);

const client = { clientId: "ops", clientSecret: "planted-secret" };
const withTokens = { auth: { oauth2: { clients: [client] } } };

/** A connection that gets its tokens from the cluster's own endpoint. */
async function byToken({ redis, another }: Harness, type: string) {
  return another(type, { oauth2: { tokenUrl: `${redis.endpoints[0]}/oauth/token`, ...client } });
}

const turnedAway: Case[] = [
  {
    it: "enters although each request is answered 503 for six seconds",
    effects: 1,
    async run(harness) {
      faultFor(harness.redis, 6_000, { kind: "status", status: 503, match: post("maintenance_on") });
      await harness.stack.up(maintenance);
      inMaintenance(harness);
    },
  },
  {
    it: "enters although each request is answered 429 for six seconds",
    effects: 1,
    async run(harness) {
      faultFor(harness.redis, 6_000, { kind: "status", status: 429, match: post("maintenance_on") });
      await harness.stack.up(maintenance);
      inMaintenance(harness);
    },
  },
  {
    it: "leaves although each request is answered 503 for six seconds",
    effects: 2,
    async run(harness) {
      await harness.stack.up(maintenance);
      faultFor(harness.redis, 6_000, { kind: "status", status: 503, match: post("maintenance_off") });
      await harness.stack.destroy();
      assert.equal(harness.node.inMaintenance, false);
    },
  },
  {
    it: "enters although the token endpoint fails between the last look and the request",
    effects: 1,
    cluster: withTokens,
    async run(harness) {
      const { redis } = harness;
      const user = await byToken(harness, "redis:NodeMaintenance");
      redis.fault({ kind: "status", status: 401, match: post("maintenance_on") });
      redis.fault({ kind: "status", status: 503, match: { path: "/oauth/token" }, skip: 1 });
      await user.stack.up(maintenance);
      inMaintenance(harness);
    },
  },
  {
    it: "does not enter twice where the request that was answered 503 is carried out three seconds later",
    effects: 1,
    async run(harness) {
      const { redis } = harness;
      const lost = redis.fault({ kind: "status", status: 503, match: post("maintenance_on") });
      const up = harness.stack.up(maintenance);
      await until(() => lost.hits > 0);
      const late = new Promise((resolve) => setTimeout(resolve, 3_000)).then(() =>
        call(redis.endpoints[0], "POST /v1/nodes/2/actions/maintenance_on", { body: {} }),
      );
      await Promise.all([up, late]);
      inMaintenance(harness);
    },
  },
];

const refusedLater: Case[] = [
  {
    it: "does not say that nothing was sent once a request was",
    effects: 0,
    async run({ redis, stack }) {
      const turned = redis.fault({ kind: "status", status: 429, match: post("maintenance_on") });
      const up = stack.up(maintenance);
      up.catch(() => {});
      await until(() => turned.hits > 0);
      redis.node(3).putInMaintenance();
      await refused(up, /node 3 is in maintenance: nothing more was sent/);
    },
  },
  {
    it: "does not say so, either, once a follower was sent one and the leader to which it leads could not be reached",
    cluster: { endpointPerNode: true },
    effects: 0,
    async run({ redis, stack }) {
      const gone = `http://${new URL(redis.node(3).url as string).hostname}:1`;
      const followed = redis.fault({
        kind: "redirect",
        location: (target) => gone + target,
        match: post("maintenance_on"),
        times: 3,
      });
      const up = stack.up(maintenance);
      up.catch(() => {});
      await until(() => followed.hits === 3);
      redis.node(3).putInMaintenance();
      await refused(up, /node 3 is in maintenance: nothing more was sent/);
    },
  },
];

const cancelled: Case[] = [
  {
    it: "cancels although each request to do so is answered 503 for six seconds",
    effects: 2,
    async run({ redis, node, stack }) {
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ ...demotion, timeout: "3s" }), /not done within/);
      faultFor(redis, 6_000, { kind: "status", status: 503, match: { method: "DELETE" } });
      stack.state = stack.state && { ...stack.state, outputs: { ...stack.state.outputs, timeout: "60s" } };
      await stack.destroy();
      assert.equal(node.action("enslave_node").status, "cancelled");
    },
  },
];

const runs: Case[] = [
  {
    it: "runs although each request is answered 503 for six seconds",
    effects: 1,
    async run(harness) {
      faultFor(harness.redis, 6_000, { kind: "status", status: 503, match: post("enslave_node") });
      await harness.stack.up(demotion);
      assert.equal(outputs(harness).status, "completed");
    },
  },
  {
    it: "runs although the token endpoint fails between the last look and the request",
    effects: 1,
    cluster: withTokens,
    async run(harness) {
      const { redis } = harness;
      const user = await byToken(harness, "redis:NodeAction");
      redis.fault({ kind: "status", status: 401, match: post("enslave_node") });
      redis.fault({ kind: "status", status: 503, match: { path: "/oauth/token" }, skip: 1 });
      await user.stack.up(demotion);
      assert.equal(outputs(user).status, "completed");
    },
  },
];

const removals: Case[] = [
  {
    it: "removes although each request is answered 503 for six seconds",
    effects: 1,
    async run({ redis, node, stack }) {
      faultFor(redis, 6_000, { kind: "status", status: 503, match: post("remove") });
      await stack.up({ nodeUid: 2, timeout: "60s" });
      assert.equal(node.exists, false);
    },
  },
];

describe("redis, a cluster that turns requests away for a while", function () {
  this.timeout(60_000);
  behaviour("redis:NodeMaintenance", [...turnedAway, ...refusedLater]);
  behaviour("redis:NodeAction", [...runs, ...cancelled]);
  behaviour("redis:NodeRemoval", removals);
});
