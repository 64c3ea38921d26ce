import assert from "node:assert/strict";
import { call } from "../simulators/call.ts";
import { behaviour, type Case, type Harness, incomplete, outputs, refused, until } from "./cluster.ts";

/*
 * maintenance_on completed, the node takes no shards, and yet it is not told to be in maintenance. Activations stack: a second one
 * would have to be undone twice.
 */

const good = { nodeUid: 2 };
const old = { softwareVersion: "8.0.6-54" };
const unsure =
  /no maintenance_on is sent, since a second activation would stack on a first one: if the node is in maintenance, run maintenance_off first; if it is not, let it take shards again/;

/** The health says of every node, from now on, that it is not in maintenance. */
function deny({ redis }: Harness): void {
  const value = { nodes: [1, 2, 3].map((id) => ({ id: String(id), in_maintenance: false })) };
  redis.fault({
    kind: "wrongType",
    value,
    match: { path: "/v4/cluster/health" },
    times: Number.POSITIVE_INFINITY,
  });
}

/** An `up` whose activation completes, and whose snapshot is gone by then: one request. */
async function withoutSnapshot({ redis, node, stack }: Harness): Promise<void> {
  redis.plan({ held: true, actionMs: 10 });
  const up = stack.up(good);
  await until(() => node.action("maintenance_on").status === "running");
  node.dropSnapshots();
  node.action("maintenance_on").finish();
  await incomplete(
    up,
    /not seen: node 2 in maintenance with its shards moved; instead in doubt, 0 shards on it, accept_servers false: whether node 2 is in maintenance cannot be told: .* there is no maintenance snapshot/,
  );
}

const own: Case[] = [
  {
    it: "is not sent again after one of its own, neither by the next up nor after a refresh",
    mutating: 1,
    cluster: old,
    async run(harness) {
      const { node, stack } = harness;
      await withoutSnapshot(harness);
      assert.equal(outputs(harness).inMaintenance, false);
      await refused(stack.up(good), unsure);
      await stack.refresh();
      await refused(stack.up({ ...good, timeout: "5m" }), unsure);
      assert.equal(node.maintenanceDepth, 1);
    },
  },
  {
    it: "is not sent again while the health denies its own",
    mutating: 1,
    async run(harness) {
      const { node, stack } = harness;
      deny(harness);
      await incomplete(
        stack.up(good),
        /instead in doubt, .*: maintenance_on completed \(task .*\) and node 2 takes no shards, yet \/v4\/cluster\/health says/,
      );
      await refused(stack.up(good), unsure);
      await stack.refresh();
      await refused(stack.up(good), unsure);
      assert.equal(node.maintenanceDepth, 1);
    },
  },
  {
    it: "is not sent again while the health denies its own, though there was an earlier maintenance_off",
    mutating: 1,
    async run(harness) {
      const { node, stack } = harness;
      node.start("maintenance_on").finish();
      node.start("maintenance_off").finish();
      deny(harness);
      await incomplete(stack.up(good), /instead in doubt, 0 shards on it, accept_servers false/);
      await refused(stack.up(good), unsure);
      await stack.refresh();
      await refused(stack.up(good), unsure);
      assert.equal(node.maintenanceDepth, 1);
    },
  },
  {
    it: "is taken for done as soon as the health confirms it",
    mutating: 1,
    async run(harness) {
      const { redis, stack } = harness;
      deny(harness);
      await incomplete(stack.up(good), /instead in doubt/);
      redis.clearFaults();
      await stack.up(good);
      assert.equal(outputs(harness).inMaintenance, true);
    },
  },
  {
    it: "is sent again once the node takes shards again",
    mutating: 2,
    cluster: old,
    async run(harness) {
      await withoutSnapshot(harness);
      harness.node.takeOutOfMaintenance();
      await harness.stack.up(good);
      assert.equal(harness.node.maintenanceDepth, 1);
    },
  },
  {
    it: "is undone by a delete, though the health denies it and there was an earlier maintenance_off",
    mutating: 2,
    async run(harness) {
      const { node, stack } = harness;
      node.start("maintenance_on").finish();
      node.start("maintenance_off").finish();
      deny(harness);
      await incomplete(stack.up(good), /instead in doubt/);
      await stack.destroy();
      assert.equal(node.maintenanceDepth, 0);
    },
  },
  {
    it: "does not count as undone while the node still takes no shards",
    mutating: 2,
    cluster: old,
    async run(harness) {
      await withoutSnapshot(harness);
      await refused(
        harness.stack.destroy(),
        /not seen: node 2 out of maintenance; maintenance_off completed, yet it is in doubt, .*set skipShardsRestore: true/,
      );
      assert.equal(harness.node.maintenanceDepth, 1);
    },
  },
  {
    it: "is undone by a delete",
    mutating: 2,
    async run(harness) {
      const { redis, node, stack } = harness;
      deny(harness);
      await incomplete(stack.up(good), /instead in doubt/);
      await stack.destroy();
      assert.equal(redis.requests.filter(({ method }) => method === "POST").length, 2);
      assert.deepEqual([node.maintenanceDepth, node.shardCount], [0, 4]);
    },
  },
];

const others: Case[] = [
  {
    it: "is not sent on top of somebody else's, by NodeMaintenance or NodeAction, and a preview says so",
    mutating: 0,
    cluster: old,
    async run({ node, stack, session, another }) {
      node.start("maintenance_on").finish();
      node.dropSnapshots();
      await refused(stack.preview(good), unsure);
      await refused(session.create(good), unsure);
      const by = await another("redis:NodeAction");
      const action = { ...good, action: "maintenance_on" };
      await refused(by.stack.preview(action), unsure);
      await refused(by.session.create(action), unsure);
      const step = await another("redis:MaintenanceStep");
      await refused(step.session.create({ ...good, phase: "enter" }), unsure);
      assert.equal(node.maintenanceDepth, 1);
    },
  },
  {
    it: "is not sent where the node's status, which would tell, cannot be read",
    mutating: 1,
    cluster: { ...old, shardsPerNode: 0 },
    async run({ redis, session }) {
      await call(redis.endpoints[0], "PUT /v1/nodes/2", { body: { accept_servers: false } });
      const match = { path: "/v1/nodes/2/status" };
      redis.fault({ kind: "status", status: 403, match, times: Number.POSITIVE_INFINITY });
      await refused(
        session.create(good),
        /its status, which shows whether there is a maintenance snapshot, cannot be read/,
      );
    },
  },
  {
    it: "waits for a health that lags behind somebody else's, and adopts the node",
    mutating: 0,
    async run(harness) {
      const { redis, node, stack } = harness;
      node.start("maintenance_on").finish();
      const value = { nodes: [1, 2, 3].map((id) => ({ id: String(id), in_maintenance: false })) };
      redis.fault({ kind: "wrongType", value, match: { path: "/v4/cluster/health" }, times: 4 });
      await stack.up(good);
      assert.equal(outputs(harness).inMaintenance, true);
    },
  },
  {
    it: "is refused beside a node that may be in maintenance",
    mutating: 0,
    cluster: old,
    async run({ redis, session }) {
      redis.node(3).start("maintenance_on").finish();
      redis.node(3).dropSnapshots();
      await refused(
        session.create(good),
        /node 3 may be in maintenance: it takes no shards and maintenance_on completed \(task .*\), but there is no maintenance snapshot: nothing was sent/,
      );
    },
  },
  {
    it: "is refused beside a node that takes no shards and tells no status",
    mutating: 1,
    cluster: { ...old, shardsPerNode: 0 },
    async run({ redis, session }) {
      await call(redis.endpoints[0], "PUT /v1/nodes/3", { body: { accept_servers: false } });
      redis.fault({ kind: "wrongType", value: {}, match: { path: "/v1/nodes/status" } });
      await refused(
        session.create(good),
        /node 3 may be in maintenance: it takes no shards, and its status, .* cannot be read/,
      );
    },
  },
  {
    it: "is refused beside a node that is being removed",
    mutating: 0,
    async run({ redis, session, stack }) {
      redis.plan({ held: true, actionMs: 0 });
      redis.node(3).start("remove");
      await refused(session.create(good), /node 3 is being removed: nothing was sent/);
      await refused(stack.preview(good), /^nodeUid: node 3 is being removed/);
    },
  },
];

describe("maintenance_on, in doubt", () => behaviour("redis:NodeMaintenance", [...own, ...others]));
