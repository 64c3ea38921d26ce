import assert from "node:assert/strict";
import { manualClock, type RedisOptions, type RedisSimulator, startRedis } from "../../simulators/index.ts";
import { call } from "./call.ts";

describe("the simulated Redis Enterprise cluster", () => {
  let redis: RedisSimulator;
  const clock = manualClock();
  const start = async (options: RedisOptions = {}) => {
    redis = await startRedis({ clock, actionMs: 1000, ...options });
  };
  const send = (line: string, body?: unknown) => call(redis.endpoints[0], line, { body });
  const on = "/v1/nodes/2/actions/maintenance_on";
  const off = "/v1/nodes/2/actions/maintenance_off";
  const run = async (path: string, body: unknown = {}) => {
    await send(`POST ${path}`, body);
    clock.advance(1000);
    return (await send(`GET ${path}`)).json;
  };
  afterEach(() => redis.close());

  it("takes an action through queued, starting and running to completed", async () => {
    await start();
    const posted = (await send(`POST ${on}`, {})).json;
    const seen = [posted.status];
    for (const ms of [100, 100, 400]) {
      clock.advance(ms);
      seen.push((await send(`GET ${on}`)).json.status);
    }
    assert.equal(redis.node(2).shardCount, 2);
    clock.advance(400);
    const last = (await send(`GET ${on}`)).json;
    assert.deepEqual(seen, ["queued", "starting", "running", "running"]);
    assert.deepEqual(last, { status: "completed", progress: 100, task_id: posted.task_id });
  });

  it("shows maintenance in health, status, snapshot and node, and only there", async () => {
    await start();
    await run(on);
    const node = (await send("GET /v1/nodes/2")).json;
    assert.deepEqual(
      [node.accept_servers, node.max_listeners, node.shard_count, node.status],
      [false, 0, 0, "active"],
    );
    assert.match(
      (await send("GET /v1/nodes/2/status")).json.maintenance_snapshot.name,
      /^maintenance_mode_2026-01-01_/,
    );
    const health = (await send("GET /v4/cluster/health")).json.nodes;
    assert.deepEqual(
      health.map((it: { in_maintenance: boolean }) => it.in_maintenance),
      [false, true, false],
    );
    await run(off);
    const restored = (await send("GET /v1/nodes/2")).json;
    assert.deepEqual([restored.accept_servers, restored.max_listeners, restored.shard_count], [true, 100, 4]);
    assert.equal((await send("GET /v1/nodes/2/status")).json.maintenance_snapshot, undefined);
  });

  it("has no health before 8.0.16, and none while it is out of order", async () => {
    await start({ softwareVersion: "8.0.6-54" });
    assert.equal((await send("GET /v4/cluster/health")).status, 404);
    await redis.close();
    await start({ healthStatus: 503 });
    assert.equal((await send("GET /v4/cluster/health")).status, 503);
  });

  const listeners: [RedisOptions, number][] = [
    [{}, 0],
    [{ maintenanceListeners: "kept" }, 100],
    [{ softwareVersion: "8.0.6-54" }, 100],
    [{ softwareVersion: "8.0.6-54", maintenanceListeners: "zero" }, 0],
  ];
  for (const [options, expected] of listeners) {
    it(`has ${expected} listeners in maintenance with ${JSON.stringify(options)}`, async () => {
      await start(options);
      await run(on);
      assert.equal((await send("GET /v1/nodes/2")).json.max_listeners, expected);
    });
  }

  it("stacks activations, and keeps the first snapshot unless told otherwise", async () => {
    await start();
    await run(on);
    await run(on);
    assert.equal(redis.node(2).maintenanceDepth, 2);
    await run(off);
    assert.equal(redis.node(2).inMaintenance, true);
    await run(off);
    assert.deepEqual([redis.node(2).inMaintenance, redis.node(2).shardCount], [false, 4]);
    await run(on);
    await run(on, { overwrite_snapshot: true });
    await run(off);
    await run(off);
    assert.deepEqual([redis.node(2).inMaintenance, redis.node(2).shardCount], [false, 0]);
  });

  it("lists actions with string uids and the name remove_node", async () => {
    await start({ progressAs: "string" });
    await send("POST /v1/nodes/3/actions/remove", {});
    clock.advance(600);
    const entry = { name: "remove_node", node_uid: "3", status: "running", progress: "50" };
    assert.deepEqual((await send("GET /v1/nodes/3/actions")).json, { actions: [entry] });
    assert.deepEqual((await send("GET /v1/nodes/1/actions")).json, { actions: [] });
    assert.deepEqual((await send("GET /v1/nodes/actions")).json, { actions: [entry] });
  });

  it("answers 409 to a second action of the same kind while the first one runs", async () => {
    await start();
    await send(`POST ${on}`, {});
    assert.equal((await send(`POST ${on}`, {})).status, 409);
    assert.equal((await send("POST /v1/nodes/1/actions/maintenance_on", {})).status, 200);
    assert.deepEqual([redis.counts().mutating, redis.counts().effects], [3, 2]);
  });

  it("forgets the last run when a new one is posted", async () => {
    await start();
    const first = await run(on);
    const second = (await send(`POST ${on}`, {})).json;
    assert.notEqual(second.task_id, first.task_id);
    assert.equal((await send(`GET ${on}`)).json.task_id, second.task_id);
  });

  it("wants a JSON body, a known node and a known action", async () => {
    await start();
    assert.equal((await send(`POST ${on}`)).status, 400);
    assert.equal((await send("POST /v1/nodes/9/actions/maintenance_on", {})).status, 404);
    assert.equal((await send("POST /v1/nodes/2/actions/drain", {})).status, 404);
    assert.equal(redis.counts().effects, 0);
  });

  const evictions: [string, unknown, number][] = [
    ["everything by default", {}, 0],
    ["nothing with keep_slave_shards", { keep_slave_shards: true }, 4],
    ["Active-Active shards only without evict_ha_replica", { evict_ha_replica: false }, 3],
    ["the shards of evict_dbs only", { evict_dbs: ["1"] }, 2],
  ];
  for (const [what, body, left] of evictions) {
    it(`evicts ${what}`, async () => {
      await start();
      await run(on, body);
      assert.equal(redis.node(2).shardCount, left);
    });
  }

  it("leaves a node half in maintenance when there is no room", async () => {
    await start({ insufficientResources: "failed" });
    const failed = await run(on);
    assert.deepEqual([failed.status, failed.error_code], ["failed", "insufficient_resources"]);
    const { inMaintenance, acceptServers, shardCount, snapshotNames } = redis.node(2);
    assert.deepEqual([inMaintenance, acceptServers, shardCount, snapshotNames.length], [true, false, 2, 1]);
  });

  it("refuses maintenance that would cost the quorum", async () => {
    await start();
    await redis.node(3).goDown();
    assert.equal((await run(on)).status, "failed");
    assert.equal(redis.node(2).inMaintenance, false);
  });

  it("says completed although an unknown snapshot kept the node in maintenance", async () => {
    await start();
    await run(on);
    assert.equal((await run(off, { snapshot_name: "nightly" })).status, "completed");
    assert.equal(redis.node(2).inMaintenance, true);
    assert.equal((await run(off, { skip_shards_restore: true })).status, "completed");
    assert.deepEqual([redis.node(2).inMaintenance, redis.node(2).shardCount], [false, 0]);
  });

  it("removes a node for good", async () => {
    await start();
    await send("POST /v1/nodes/2/actions/remove", { wait_for_persistence: true });
    clock.advance(1000);
    assert.equal((await send("GET /v1/nodes/2")).json.status, "decommissioning");
    clock.advance(500);
    assert.equal((await send("GET /v1/nodes/2")).status, 404);
    assert.equal((await send("GET /v1/nodes/2/actions/remove")).status, 404);
    assert.deepEqual(redis.nodeUids, [1, 3]);
  });

  it("keeps shards away from a node whose removal failed", async () => {
    await start();
    redis.plan({ action: "remove", outcome: "failed", errorMessage: "no luck" });
    const failed = await run("/v1/nodes/2/actions/remove");
    assert.deepEqual([failed.status, failed.error_message], ["failed", "no luck"]);
    assert.deepEqual([redis.node(2).acceptServers, redis.node(2).shardCount], [false, 2]);
  });

  it("cancels a running action by way of cancelling, and erases an ended one", async () => {
    await start();
    await send(`POST ${on}`, {});
    clock.advance(600);
    assert.equal((await send(`DELETE ${on}`)).status, 200);
    assert.equal((await send(`GET ${on}`)).json.status, "cancelling");
    clock.advance(200);
    assert.equal((await send(`GET ${on}`)).json.status, "cancelled");
    assert.equal(redis.node(2).inMaintenance, true);
    assert.equal((await send(`DELETE ${on}`)).status, 200);
    assert.equal((await send(`GET ${on}`)).status, 404);
    assert.equal((await send(`DELETE ${on}`)).status, 404);
  });
});
