import assert from "node:assert/strict";
import { Session } from "../../provider/index.ts";
import { type RedisSimulator, startRedis } from "../../simulators/index.ts";
import { serve } from "../core/server.ts";
import { Tables } from "../rules/tables.ts";
import { contextFor } from "../support/context.ts";
import { lifecycle } from "../support/flat.ts";

const types = ["NodeMaintenance", "NodeAction", "ReplicaNode", "NodeRemoval"];

/** Previews of some resources of one program, one after the other, as an engine asks for them. */
async function previews(endpoints: string[], count: number, typeOf: (index: number) => string) {
  const session = new Session();
  const told: string[] = [];
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const type = typeOf(index);
    const context = contextFor({ redis: { endpoints } }, { preview: true });
    const inputs = { nodeUid: (index % 6) + 1, ...(type === "NodeAction" && { action: "maintenance_on" }) };
    const began = performance.now();
    const { failures } = await lifecycle(`redis:${type}`).check({ ...context, session }, undefined, inputs);
    times.push(performance.now() - began);
    assert.deepEqual(failures, []);
    told.push([...context.said.warnings, ...context.said.plans].join(" | "));
  }
  const [first = 0, ...others] = times;
  return { told, first, others: others.reduce((sum, time) => sum + time, 0) };
}

function silentOn(redis: RedisSimulator, path: string): void {
  redis.fault({ kind: "hang", match: { path }, times: Number.POSITIVE_INFINITY });
}

const rows: { it: string; run(): Promise<void> }[] = [
  {
    it: "two hundred resources of every type cost its time once, and tell it",
    async run() {
      await using server = await serve(() => undefined);
      const { told, first, others } = await previews(
        [server.url],
        200,
        (index) => types[index % 4] as string,
      );
      assert.ok(others < first, `${first} ms, then ${others} ms`);
      assert.match(told[0] ?? "", /http:\/\/127\.0\.0\.1:\d+\S*: no answer within \d+s/);
      for (const text of told) assert.doesNotMatch(text, /aborted|ran out/);
      assert.ok(server.requests.length < 12, `${server.requests.length} requests`);
    },
  },
  ...["/v1/nodes/actions", "/v1/nodes", "/v1/nodes/status", "/v4/cluster/health", "/v1/cluster"].map(
    (path) => ({
      it: `resources that need ${path}, where this one alone is silent, cost its time once`,
      async run() {
        await using redis = await startRedis({ nodes: 6 });
        silentOn(redis, path);
        const { told, first, others } = await previews(
          redis.endpoints,
          24,
          (index) => types[index % 4] as string,
        );
        assert.ok(others < Math.max(first, 15_000), `${first} ms, then ${others} ms`);
        for (const text of told) assert.doesNotMatch(text, /aborted|ran out/);
      },
    }),
  ),
];

describe("redis: a preview, where an endpoint is silent:", function () {
  this.timeout(120_000);
  new Tables(20).each(
    rows,
    ({ it }) => it,
    ({ run }) => run(),
  );
});
