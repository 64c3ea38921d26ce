import assert from "node:assert/strict";
import { behaviour, type Case, get, type Harness, healthSays, incomplete, waiting } from "./cluster.ts";

/*
 * One 404 is a claim: a proxy makes it, and so does a node that has just become the leader. What was sent is neither sent again for it
 * nor forgotten.
 */

const leader = { nodeUid: 1 };
const good = { nodeUid: 2 };
const action = "enslave_node";
const deaf = { ignoredParameters: ["demote_node"] };

/** An `up` of a demotion that the server completes after the time has run out: one request. */
async function timedOut({ redis, stack }: Harness, inputs: object = leader, uid = 1): Promise<void> {
  redis.plan({ held: true, actionMs: 10 });
  await incomplete(stack.up({ ...inputs, timeout: "3s" }), /not done within/);
  redis.node(uid).action(action).finish();
}

const roles: Case[] = [
  {
    it: "is not sent again for one 404 on its status",
    mutating: 1,
    cluster: deaf,
    async run(harness) {
      const { redis, stack } = harness;
      await timedOut(harness);
      redis.fault({ kind: "status", status: 404, match: get(action, 1), skip: 1 });
      await stack.up(leader).catch(() => {});
      await stack.up(leader).catch(() => {});
    },
  },
  {
    it: "is not sent again where the cluster no longer knows how its own ended",
    mutating: 1,
    cluster: deaf,
    async run(harness) {
      const { redis, stack } = harness;
      await timedOut(harness);
      redis.node(1).action(action).vanish();
      await stack.up(leader).catch(() => {});
    },
  },
];

const maintenance: Case[] = [
  {
    it: "does not stack on its own where history is lost and health lags",
    mutating: 1,
    async run(harness) {
      const { redis, node, stack } = harness;
      healthSays(redis, () => false);
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ ...good, timeout: "3s" }), /not done within/);
      node.action("maintenance_on").finish();
      node.action("maintenance_on").vanish();
      await stack.up(good).catch(() => {});
      assert.equal(node.maintenanceDepth, 1);
    },
  },
  {
    it: "cancels its activation before it has begun, though its status was answered with one 404",
    mutating: 2,
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 600_000 });
      await incomplete(stack.up({ ...good, timeout: "3s" }), /not done within/);
      assert.equal(node.action("maintenance_on").status, "queued");
      redis.fault({ kind: "status", status: 404, match: get("maintenance_on") });
      await stack.destroy();
      assert.equal(node.action("maintenance_on").status, "cancelled", "still going on, and forgotten");
    },
  },
  {
    it: "does not send maintenance_off while its maintenance_on still runs, for one 404 on its status",
    mutating: 3,
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ ...good, timeout: "3s" }), /not done within/);
      redis.fault({ kind: "status", status: 404, match: get("maintenance_on") });
      await stack.destroy().catch(() => {});
      const sent = redis.requests
        .filter(({ mutating }) => mutating)
        .map(({ method, path }) => `${method} ${path}`);
      assert.notEqual(node.action("maintenance_on").status, "running", `still running: ${sent.join(", ")}`);
    },
  },
];

const refreshed: Case[] = [
  {
    it: "stays recorded by a refresh that is answered with one 404, and is cancelled by a delete",
    mutating: 2,
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 600_000 });
      await incomplete(stack.up({ ...good, timeout: "3s" }), /not done within/);
      redis.fault({ kind: "status", status: 404, match: get("maintenance_on") });
      await stack.refresh();
      await stack.destroy();
      assert.equal(node.action("maintenance_on").status, "cancelled", "still going on, and forgotten");
    },
  },
  {
    it: "is joined by the next up, whose first look is answered with one 404",
    mutating: 1,
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ ...good, timeout: "3s" }), /not done within/);
      redis.fault({ kind: "status", status: 404, match: get("maintenance_on"), times: 3 });
      const up = stack.up(good);
      await waiting(harness);
      node.action("maintenance_on").finish();
      await up;
      assert.equal(node.maintenanceDepth, 1);
    },
  },
];

const actions: Case[] = [
  {
    it: "is not sent again where the cluster has lost the status of its own",
    mutating: 1,
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ ...good, action: "enslave_node", timeout: "3s" }), /not done within/);
      node.action("enslave_node").finish();
      node.action("enslave_node").vanish();
      await stack.up({ ...good, action: "enslave_node" }).catch(() => {});
    },
  },
  {
    it: "is cancelled by a delete though its status was answered with one 404",
    mutating: 2,
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 600_000 });
      await incomplete(stack.up({ ...good, action: "enslave_node", timeout: "3s" }), /not done within/);
      redis.fault({ kind: "status", status: 404, match: get("enslave_node") });
      await stack.destroy();
      assert.equal(node.action("enslave_node").status, "cancelled", "still going on, and forgotten");
    },
  },
];

const activations: Case[] = [
  {
    it: "does not stack on its own, of which the cluster has lost the status",
    mutating: 1,
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ ...good, action: "maintenance_on", timeout: "3s" }), /not done within/);
      node.action("maintenance_on").finish();
      node.action("maintenance_on").vanish();
      await stack.up({ ...good, action: "maintenance_on" }).catch(() => {});
      assert.equal(node.maintenanceDepth, 1);
    },
  },
];

const removals: Case[] = [
  {
    it: "is cancelled by a delete though its status was answered with one 404",
    mutating: 2,
    async run(harness) {
      const { redis, node, stack } = harness;
      redis.plan({ held: true, actionMs: 10 });
      await incomplete(stack.up({ ...good, timeout: "3s" }), /not done within/);
      redis.fault({ kind: "status", status: 404, match: get("remove") });
      await stack.destroy();
      assert.notEqual(node.action("remove").status, "running", "still going on, and forgotten");
    },
  },
];

describe("enslave_node of redis.ReplicaNode, not found", () => behaviour("redis:ReplicaNode", roles));
describe("maintenance_on of redis.NodeMaintenance, not found", () =>
  behaviour("redis:NodeMaintenance", [...maintenance, ...refreshed]));
describe("an action of redis.NodeAction, not found", () => behaviour("redis:NodeAction", actions));
describe("maintenance_on of redis.NodeAction, not found", () => behaviour("redis:NodeAction", activations));
describe("remove of redis.NodeRemoval, not found", () => behaviour("redis:NodeRemoval", removals));
