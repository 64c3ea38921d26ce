import assert from "node:assert/strict";
import { type EndpointOptions, manualClock, startRedis } from "../../simulators/index.ts";

describe("a simulator on a network of somebody's own", () => {
  it("opens no socket, answers what is handed in, and keeps it on record", async () => {
    const opened: EndpointOptions[] = [];
    await using redis = await startRedis({
      clock: manualClock(),
      network(options) {
        opened.push(options);
        const nothing = async () => {};
        return {
          url: `http://${options.name}.test`,
          inFlight: 0,
          start: nothing,
          stop: nothing,
          close: nothing,
        };
      },
    });
    const [endpoint] = opened;
    assert.ok(endpoint);
    assert.deepEqual(redis.endpoints, ["http://cluster.test"]);
    const request = { headers: { "content-type": "application/json" }, text: "{}" };
    const started = await endpoint.handle({
      method: "POST",
      target: "/v1/nodes/2/actions/maintenance_on",
      ...request,
    });
    const unknown = await endpoint.handle({ method: "GET", target: "/v1/nodes/9", headers: {}, text: "" });
    assert.deepEqual([started.status, started.effect], [200, true]);
    assert.deepEqual([unknown.status, unknown.effect], [404, false]);
    assert.match(JSON.parse(started.body).task_id, /^[0-9a-f-]{36}$/);
    assert.deepEqual(redis.counts(), { mutating: 1, effects: 1, reads: 1, tokens: 0, connections: 0 });
  });
});
