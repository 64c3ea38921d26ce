import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { Fault, RedisOptions } from "../../simulators/index.ts";
import { call } from "../simulators/call.ts";
import { behaviour, type Case, incomplete, outputs, refused, until, waiting } from "./cluster.ts";

const good = { nodeUid: 2 };

/** Where the health says nothing, the nodes have to tell. */
const whatever: Case[] = [
  {
    it: "enters, rests and leaves",
    mutating: 2,
    async run({ node, stack }) {
      await stack.up(good);
      assert.equal(await stack.up(good), "same");
      await stack.refresh();
      assert.equal(await stack.preview(good), "same");
      await stack.destroy();
      assert.deepEqual([node.inMaintenance, node.shardCount], [false, 4]);
    },
  },
  {
    it: "adopts a node that is in maintenance already",
    mutating: 0,
    async run({ node, stack }) {
      node.putInMaintenance();
      await stack.up(good);
    },
  },
  {
    it: "knows another node in maintenance by its snapshot",
    mutating: 0,
    async run({ redis, session }) {
      redis.node(3).putInMaintenance();
      await refused(session.create(good), /node 3 is in maintenance/);
    },
  },
  {
    it: "takes no offence at a node that is a quorum node on purpose",
    mutating: 2,
    cluster: { shardsPerNode: 0 },
    async run({ redis, stack }) {
      await call(redis.endpoints[0], "PUT /v1/nodes/3", {
        body: { accept_servers: false, max_listeners: 0 },
      });
      await stack.up(good);
    },
  },
  {
    it: "knows what a failed activation left",
    mutating: 2,
    async run({ redis, node, stack }) {
      redis.plan({ outcome: "failed" });
      await incomplete(stack.up(good), /failed/);
      await stack.up(good);
      assert.equal(node.shardCount, 0);
    },
  },
  {
    it: "waits for the shards to come back though the node takes some already",
    mutating: 1,
    async run(harness) {
      const { redis, node, stack } = harness;
      await stack.up(good);
      redis.plan({ held: true, actionMs: 0 });
      const action = node.start("maintenance_off");
      const gone = stack.destroy();
      await waiting(harness);
      assert.equal(node.acceptServers, true);
      action.finish();
      await gone;
      assert.equal(node.shardCount, 4);
    },
  },
  {
    it: "undoes stacked activations",
    mutating: 3,
    async run({ node, stack }) {
      await stack.up(good);
      node.start("maintenance_on").finish();
      await stack.destroy();
      assert.equal(node.inMaintenance, false);
    },
  },
  {
    it: "sees a node that was taken out by hand",
    mutating: 1,
    async run({ node, stack }) {
      await stack.up(good);
      node.takeOutOfMaintenance();
      await stack.refresh();
      await until(() => stack.state === undefined);
    },
  },
  {
    it: "takes a node that is a quorum node on purpose for none in maintenance",
    mutating: 2,
    cluster: { shardsPerNode: 0 },
    async run({ redis, node, stack }) {
      await call(redis.endpoints[0], "PUT /v1/nodes/2", { body: { accept_servers: false } });
      await stack.up(good);
      assert.equal(node.maintenanceDepth, 1);
    },
  },
];

/** Clusters without a word on maintenance; what becomes of max_listeners is not documented. */
const clusters: [string, RedisOptions][] = [
  ["before 8.0.16", { softwareVersion: "8.0.6-54" }],
  [
    "before 8.0.16, where maintenance makes max_listeners 0",
    { softwareVersion: "8.0.6-54", maintenanceListeners: "zero" },
  ],
  ["while /v4/cluster/health answers 503", { healthStatus: 503, maintenanceListeners: "kept" }],
  ["without the right to /v4/cluster/health", { healthStatus: 403 }],
];

describe("redis.NodeMaintenance, by what the nodes tell", () => {
  for (const [when, cluster] of clusters) {
    describe(when, () =>
      behaviour(
        "redis:NodeMaintenance",
        whatever.map((each) => ({ ...each, cluster: { ...cluster, ...each.cluster } })),
      ),
    );
  }
});

const ambiguous: Case[] = [
  {
    it: "is not done by a leaked snapshot after a removal that failed, where both actions have completed",
    mutating: 0,
    cluster: { softwareVersion: "8.0.6-54", leaksSnapshot: true },
    async run(harness) {
      const { redis, node, session } = harness;
      node.start("maintenance_on").finish();
      node.start("maintenance_off", { skip_shards_restore: true }).finish();
      redis.insufficientResources = "failed";
      node.start("remove").finish();
      redis.insufficientResources = undefined;
      const result = await session.create(good).then(
        ({ outputs }) => outputs,
        (error: Error) => error,
      );
      assert.equal(node.inMaintenance, false);
      assert.ok(result instanceof Error, `done: ${JSON.stringify(result)}`);
    },
  },
  {
    it: "knows by the list of actions that it was taken in again since it was taken out",
    mutating: 1,
    cluster: { softwareVersion: "7.4.6-22" },
    async run(harness) {
      const { redis, node, stack } = harness;
      await stack.up(good);
      node.start("maintenance_off").finish();
      await pause(1_100);
      node.start("maintenance_on").finish();
      await stack.refresh();
      assert.equal(outputs(harness).inMaintenance, true);
      // Where nothing tells, what was known stays.
      redis.fault({ kind: "status", status: 404, match: { path: "/v1/actions" }, times: 100 });
      await stack.refresh();
      assert.equal(outputs(harness).inMaintenance, true);
      assert.equal(await stack.up(good), "same");
    },
  },
  {
    it: "cannot tell a quorum node with no listeners from one in maintenance, and sends it nothing",
    mutating: 1,
    cluster: { softwareVersion: "8.0.6-54", shardsPerNode: 0 },
    async run({ redis, stack }) {
      await call(redis.endpoints[0], "PUT /v1/nodes/2", {
        body: { accept_servers: false, max_listeners: 0 },
      });
      await refused(stack.up(good), /it takes no shards and has no listeners, but no maintenance snapshot/);
    },
  },
  {
    it: "takes no offence at a quorum node that was in maintenance once",
    mutating: 2,
    cluster: { softwareVersion: "8.0.6-54", shardsPerNode: 0 },
    async run({ redis, stack }) {
      redis.node(3).start("maintenance_on").finish();
      redis.node(3).start("maintenance_off").finish();
      await call(redis.endpoints[0], "PUT /v1/nodes/3", { body: { accept_servers: false } });
      await stack.up(good);
    },
  },
];

describe("redis.NodeMaintenance, where the nodes cannot tell either", () =>
  behaviour("redis:NodeMaintenance", ambiguous));

const health = { path: "/v4/cluster/health" };
const troubles: [string, Fault][] = [
  ["401", { kind: "status", status: 401 }],
  ["500", { kind: "status", status: 500 }],
  ["504", { kind: "status", status: 504 }],
  ["a page of a gateway", { kind: "html" }],
  ["nothing for a long time", { kind: "delay", ms: 30_000 }],
];

const out: Case[] = troubles.map(([what, fault]) => ({
  it: `enters, rests and leaves though the health answers ${what}`,
  mutating: 2,
  async run({ redis, node, stack }) {
    const trouble = redis.fault({ ...fault, match: health, times: Number.POSITIVE_INFINITY });
    await stack.up(good);
    assert.equal(await stack.up(good), "same");
    await stack.refresh();
    await stack.destroy();
    assert.equal(node.inMaintenance, false);
    // A silent one costs its time once.
    if (fault.kind === "delay") assert.equal(trouble.hits, 1);
  },
}));

describe("redis.NodeMaintenance, where the health is out of order", () => {
  behaviour("redis:NodeMaintenance", out);
});
