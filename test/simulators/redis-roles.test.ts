import assert from "node:assert/strict";
import { manualClock, type RedisOptions, type RedisSimulator, startRedis } from "../../simulators/index.ts";
import { call } from "./call.ts";

describe("the roles of the simulated Redis Enterprise cluster", () => {
  let redis: RedisSimulator;
  const clock = manualClock();
  const start = async (options: RedisOptions = {}) => {
    redis = await startRedis({ clock, actionMs: 1000, ...options });
  };
  const send = (line: string, body?: unknown) => call(redis.endpoints[0], line, { body });
  const run = async (action: string, body: unknown = {}) => {
    const path = `/v1/nodes/1/actions/${action}`;
    const { status } = await send(`POST ${path}`, body);
    clock.advance(1000);
    return status === 200 ? (await send(`GET ${path}`)).json.status : status;
  };
  const statusOf = async (uid: number) => (await send("GET /v1/nodes/status")).json[uid];
  afterEach(() => redis.close());

  /** Bodies of enslave_node, and what becomes of the leader: its role, its master shards, and how many were failed over. */
  const bodies: [body: object, role: string, masters: number[], failovers: number][] = [
    [{}, "master", [], 2],
    [{ demote_node: false }, "master", [], 2],
    [{ shards_only: true }, "master", [], 2],
    [{ endpoints_only: true }, "master", [1, 3], 0],
    [{ demote_node: true }, "slave", [], 2],
  ];
  for (const [body, role, masters, failovers] of bodies) {
    it(`leave the leader ${role} with ${masters.length} masters after enslave_node ${JSON.stringify(body)}`, async () => {
      await start();
      assert.equal(await run("enslave_node", body), "completed");
      const status = await statusOf(1);
      assert.deepEqual(
        [status.role, status.master_shards, redis.failovers, redis.leader],
        [role, masters, failovers, role === "master" ? 1 : 2],
      );
    });
  }

  it("fail over again what has become master since, and count it", async () => {
    await start();
    await run("enslave_node");
    await run("enslave_node");
    assert.equal(redis.failovers, 2);
    redis.node(1).promoteShards(1);
    await run("enslave_node");
    assert.deepEqual([redis.failovers, (await statusOf(1)).master_shards], [3, []]);
  });

  it("keep a master that has no replica", async () => {
    await start();
    redis.node(1).loseReplicas();
    assert.equal(await run("enslave_node", { demote_node: true }), "completed");
    assert.deepEqual([(await statusOf(1)).role, (await statusOf(1)).master_shards], ["slave", [1, 3]]);
  });

  for (const [body, leader] of [
    [{}, 1],
    [{ demote_node: true }, 2],
  ] as const) {
    it(`leave node ${leader} the leader when the leader enters maintenance with ${JSON.stringify(body)}`, async () => {
      await start();
      await run("maintenance_on", body);
      assert.deepEqual([redis.leader, redis.node(1).inMaintenance], [leader, true]);
    });
  }

  it("know no demote_node where the server refuses it, or takes it for nothing", async () => {
    await start({ refusedParameters: ["demote_node"] });
    assert.equal(await run("enslave_node", { demote_node: true }), 400);
    assert.equal(redis.counts().effects, 0);
    await redis.close();
    await start({ ignoredParameters: ["demote_node"] });
    assert.equal(await run("enslave_node", { demote_node: true }), "completed");
    assert.deepEqual([redis.leader, redis.failovers], [1, 2]);
  });

  const spellings: [RedisOptions["statusShards"], unknown][] = [
    ["numbers", [1, 3]],
    ["strings", ["1", "3"]],
    ["count", 2],
    ["none", undefined],
  ];
  for (const [statusShards, written] of spellings) {
    it(`show a node's masters as ${statusShards}`, async () => {
      await start({ statusShards });
      assert.deepEqual((await statusOf(1)).master_shards, written);
    });
  }
});
