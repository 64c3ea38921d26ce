import assert from "node:assert/strict";
import { manualClock, type RedisOptions, type RedisSimulator, startRedis } from "../../simulators/index.ts";
import { call } from "./call.ts";

describe("what may happen to the simulated Redis Enterprise cluster", () => {
  let redis: RedisSimulator;
  const clock = manualClock();
  const start = async (options: RedisOptions = {}) => {
    redis = await startRedis({ clock, actionMs: 1000, ...options });
  };
  const send = (line: string, body?: unknown) => call(redis.endpoints[0], line, { body });
  const on = "/v1/nodes/2/actions/maintenance_on";
  afterEach(() => redis.close());

  it("redirects from followers to the leader, whoever that is", async () => {
    await start({ endpointPerNode: true });
    const [first, second] = redis.endpoints;
    const redirected = await call(second, "POST /v1/nodes/2/actions/maintenance_on?x=%20", { body: {} });
    assert.deepEqual([redirected.status, redirected.headers.get("location")], [307, `${first}${on}?x=%20`]);
    assert.equal(redis.counts().effects, 0);
    redis.changeLeader(2);
    assert.equal((await call(second, "GET /v1/nodes/2")).status, 200);
    assert.equal((await call(first, "GET /v1/nodes/2")).headers.get("location"), `${second}/v1/nodes/2`);
    await redis.node(2).goDown();
    await assert.rejects(call(second, "GET /v1/nodes"));
    assert.equal((await call(first, "GET /v1/nodes/2")).json.status, "down");
    await redis.node(2).comeUp();
    assert.equal((await call(second, "GET /v1/nodes")).status, 307);
  });

  it("lets a test decide how an action goes on", async () => {
    await start();
    redis.plan({ held: true, reaches: 0.5 });
    const action = redis.node(2).start("maintenance_on");
    clock.advance(60_000);
    assert.deepEqual([action.status, action.progress], ["running", 50]);
    action.sayStatus("pausing");
    action.freezeProgress();
    assert.deepEqual([action.status, action.progress], ["pausing", 0]);
    action.replaceTask("someone-elses");
    assert.equal((await send(`GET ${on}`)).json.task_id, "someone-elses");
    action.finish();
    assert.deepEqual([action.status, redis.node(2).shardCount], ["completed", 0]);
    action.vanish();
    assert.equal((await send(`GET ${on}`)).status, 404);
    assert.equal(redis.counts().mutating, 0);
  });

  it("restarts with its history or without", async () => {
    await start();
    const [before] = redis.endpoints;
    redis.node(2).start("maintenance_on");
    clock.advance(600);
    await redis.restart();
    assert.equal((await send(`GET ${on}`)).json.status, "running");
    await redis.restart({ loseHistory: true });
    assert.equal((await send(`GET ${on}`)).status, 404);
    assert.deepEqual(
      [redis.endpoints[0], redis.node(2).shardCount, redis.node(2).inMaintenance],
      [before, 2, true],
    );
  });

  it("can be put into maintenance and taken out by hand", async () => {
    await start();
    redis.node(3).putInMaintenance();
    assert.deepEqual([redis.node(3).inMaintenance, redis.node(3).shardCount], [true, 0]);
    redis.node(3).takeOutOfMaintenance();
    assert.deepEqual([redis.node(3).inMaintenance, redis.node(3).shardCount], [false, 4]);
    assert.deepEqual(redis.counts(), { mutating: 0, effects: 0, reads: 0, tokens: 0, connections: 0 });
  });
});
