import assert from "node:assert/strict";
import { startAspire, startRedis, startTcf, type TcfOptions } from "../../simulators/index.ts";
import { failureOf } from "../rules/resource-case.ts";
import { CheckFailed } from "../rules/stack.ts";
import { Calendar, closed, openStack, openToday, until } from "./stage.ts";

const day = 86_400_000;

async function federation(type: "tcf:ActiveCluster" | "tcf:ClusterRole", options: TcfOptions = {}) {
  const tcf = await startTcf(options);
  const [east, west] = tcf.clusters.map(({ endpoints }) => ({ endpoints }));
  const opened = await openStack(type, { east: east ?? {}, west: west ?? {} });
  return { tcf, ...opened, [Symbol.asyncDispose]: () => tcf.close() };
}

const wanted = { active: "cluster2", clusters: { cluster1: "east", cluster2: "west" }, stableFor: "0s" };

describe("whatever guards say", () => {
  it("a federation without an active cluster is healed", async () => {
    await using harness = await federation("tcf:ActiveCluster");
    const { tcf, stack, settings } = harness;
    settings.guards = closed;
    for (const cluster of tcf.clusters) cluster.status = "passive";
    assert.equal(await stack.preview(wanted), "create");
    await stack.up(wanted);
    assert.deepEqual(tcf.activeNames, ["cluster2"]);
  });

  it("a cluster is promoted where the other one is passive, by those who control one side", async () => {
    await using harness = await federation("tcf:ClusterRole");
    const { tcf, stack, settings } = harness;
    settings.guards = closed;
    for (const cluster of tcf.clusters) cluster.status = "passive";
    const inputs = { role: "active", cluster: "cluster2", connection: "west", stableFor: "0s" };
    assert.equal(await stack.preview(inputs), "create");
    await stack.up(inputs);
    assert.deepEqual(tcf.activeNames, ["cluster2"]);
  });

  it("nothing stops a failover between demote and promote: the window closes meanwhile", async () => {
    using calendar = new Calendar();
    await using harness = await federation("tcf:ActiveCluster", { switchMs: 300 });
    const { tcf, stack, settings } = harness;
    settings.guards = openToday;
    const up = stack.up(wanted);
    await until(() => tcf.requests.some(({ path }) => path === "/tcf/demote"));
    calendar.putForward(2 * day);
    await up;
    assert.deepEqual(tcf.activeNames, ["cluster2"]);
    const failure = await failureOf(stack.preview({ ...wanted, active: "cluster1" }));
    assert.match(failure.message, /outside of the maintenance windows/, "it has closed");
  });

  it("nothing stops an operation whose request is sent again", async () => {
    using calendar = new Calendar();
    await using redis = await startRedis({ actionMs: 30 });
    const { stack, settings } = await openStack("redis:NodeMaintenance", {
      redis: { endpoints: redis.endpoints },
    });
    settings.guards = openToday;
    redis.fault({ kind: "status", status: 503, match: { method: "POST" } });
    const up = stack.up({ nodeUid: 2 });
    await until(() => redis.requests.some(({ method }) => method === "POST"));
    calendar.putForward(2 * day);
    await up;
    assert.equal(redis.node(2).inMaintenance, true);
  });

  it("what a window let begin is resumed, and only that", async () => {
    await using aspire = await startAspire();
    const [seed, another] = ["AAABcID5GBc=", "AAAB/+7eWUc="];
    const { stack, settings } = await openStack("aspire:SeedRelease", {
      aspire: { endpoints: aspire.endpoints },
    });
    settings.guards = openToday;
    aspire.fault({ kind: "status", status: 404, match: { path: /release/ }, skip: 1 });
    const inputs = { seedIds: [seed, another] };
    await failureOf(stack.up(inputs));
    assert.equal(stack.state?.unready, true);
    settings.guards = closed;
    aspire.resetCounts();
    const failure = await failureOf(stack.up({ seedIds: [seed, "AAABcQk+W/c="] }));
    assert.match(failure.message, /outside of the maintenance windows/, "another job is none that was begun");
    assert.equal(aspire.counts().mutating, 0);
    await stack.up(inputs);
    assert.equal(aspire.counts().mutating, 1, "the rest is sent");
  });

  it("a node comes back: by an action, and by a step of a roll", async () => {
    await using redis = await startRedis({ actionMs: 30 });
    const connections = { redis: { endpoints: redis.endpoints } };
    for (const [type, inputs] of [
      ["redis:NodeAction", { nodeUid: 2, action: "maintenance_off" }],
      ["redis:MaintenanceStep", { nodeUid: 2, phase: "leave" }],
    ] as const) {
      redis.node(2).putInMaintenance();
      const { stack } = await openStack(type, connections, { guards: closed });
      assert.equal(await stack.preview(inputs), "create");
      await stack.up(inputs);
      assert.equal(redis.node(2).inMaintenance, false);
    }
  });

  it("what is so already is adopted", async () => {
    await using redis = await startRedis({ actionMs: 30 });
    redis.node(2).putInMaintenance();
    const { stack } = await openStack(
      "redis:NodeMaintenance",
      { redis: { endpoints: redis.endpoints } },
      { guards: closed },
    );
    assert.equal(await stack.preview({ nodeUid: 2 }), "create");
    await stack.up({ nodeUid: 2 });
    assert.equal(redis.counts().mutating, 0);
  });
});

describe("a window that closes between preview and up", () => {
  it("is closed for the up, which sends nothing", async () => {
    using calendar = new Calendar();
    await using redis = await startRedis({ actionMs: 30 });
    const { stack } = await openStack(
      "redis:NodeMaintenance",
      { redis: { endpoints: redis.endpoints } },
      { guards: openToday },
    );
    assert.equal(await stack.preview({ nodeUid: 2 }), "create");
    calendar.putForward(2 * day);
    const failure = await failureOf(stack.up({ nodeUid: 2 }));
    assert.ok(failure instanceof CheckFailed);
    assert.match(failure.message, /none of them opens any more/);
    assert.equal(redis.counts().mutating, 0);
  });

  it("is closed for an operation whose reads it has outlived", async () => {
    using calendar = new Calendar();
    await using redis = await startRedis({ actionMs: 30 });
    const { stack } = await openStack(
      "redis:NodeMaintenance",
      { redis: { endpoints: redis.endpoints } },
      { guards: openToday },
    );
    // Its plan has four reads, the operation follows.
    const slow = redis.fault({
      kind: "delay",
      ms: 300,
      match: { method: "GET", path: "/v1/nodes/2" },
      skip: 0,
    });
    const up = failureOf(stack.up({ nodeUid: 2 }));
    await until(() => slow.hits > 0);
    calendar.putForward(2 * day);
    const failure = await up;
    assert.match(
      failure.message,
      /outside of the maintenance windows: none of them opens any more; nothing was sent/,
    );
    assert.equal(redis.counts().mutating, 0);
    assert.equal(stack.state, undefined, "nothing is recorded");
  });
});
