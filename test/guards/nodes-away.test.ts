import assert from "node:assert/strict";
import { startRedis } from "../../simulators/index.ts";
import { failureOf } from "../rules/resource-case.ts";
import { openStack } from "./stage.ts";

const allowed = { allowOtherNodesUnavailable: true };
const takingAway: [type: string, inputs: Record<string, unknown>][] = [
  ["redis:NodeMaintenance", { nodeUid: 2, ...allowed }],
  ["redis:NodeAction", { nodeUid: 2, action: "maintenance_on", ...allowed }],
  ["redis:NodeRemoval", { nodeUid: 2, ...allowed }],
  ["redis:ReplicaNode", { nodeUid: 2, ...allowed }],
];

/** A cluster on which node 3 is in maintenance. */
async function cluster(nodes = 3) {
  const redis = await startRedis({ actionMs: 30, nodes });
  redis.node(3).putInMaintenance();
  return {
    redis,
    connections: { redis: { endpoints: redis.endpoints } },
    [Symbol.asyncDispose]: () => redis.close(),
  };
}

describe("maxNodesAway", () => {
  for (const [type, inputs] of takingAway)
    it(`holds ${type} whatever its program allows, in a preview and in an operation without one`, async () => {
      await using harness = await cluster();
      const { redis, connections } = harness;
      const guards = { redis: { maxNodesAway: 1 } };
      const { session, stack, settings } = await openStack(type, connections, { guards });
      const reason =
        /clusterops:guards\.redis\.maxNodesAway: .*node 3 is in maintenance: with node 2 2 nodes would be away at once, and 1 may be/;
      assert.match((await failureOf(stack.preview(inputs))).message, reason);
      delete settings.guards;
      const { inputs: checked } = await session.check(undefined, inputs, false);
      settings.guards = guards;
      const failure = await failureOf(session.create(checked));
      assert.match(failure.message, reason);
      assert.match(failure.message, /nothing was sent/);
      assert.equal(redis.counts().mutating, 0);
    });

  it("of two lets a second node go that its program allows to, and no third", async () => {
    await using harness = await cluster(4);
    const { redis, connections } = harness;
    const open = () =>
      openStack("redis:NodeMaintenance", connections, { guards: { "*": { maxNodesAway: 2 } } });
    const { stack } = await open();
    assert.equal(await stack.preview({ nodeUid: 2, ...allowed }), "create");
    await stack.up({ nodeUid: 2, ...allowed });
    assert.equal(redis.node(2).inMaintenance, true);
    const third = await open();
    assert.match(
      (await failureOf(third.stack.preview({ nodeUid: 4, ...allowed }))).message,
      /node 2 is in maintenance, node 3 is in maintenance: with node 4 3 nodes would be away at once, and 2 may be/,
    );
  });

  it("allows nothing by itself", async () => {
    await using harness = await cluster();
    const { stack } = await openStack("redis:NodeMaintenance", harness.connections, {
      guards: { "*": { maxNodesAway: 2 } },
    });
    assert.match(
      (await failureOf(stack.preview({ nodeUid: 2 }))).message,
      /set allowOtherNodesUnavailable: true/,
    );
  });

  it("is overridden with a reason, which is said and recorded", async () => {
    await using harness = await cluster();
    const { stack, said } = await openStack("redis:NodeMaintenance", harness.connections, {
      guards: { "*": { maxNodesAway: 1 } },
      override: "INC-4711 rack 7 has no power",
    });
    await stack.up({ nodeUid: 2, ...allowed });
    assert.match(
      said.warnings.join("\n"),
      /overridden: clusterops:guards\["\*"\]\.maxNodesAway: node 3 is in maintenance: with node 2/,
    );
    assert.equal(stack.state?.outputs.overridden, "INC-4711 rack 7 has no power");
  });

  it("of two that enter at the same moment lets one give way, although both programs allow others", async () => {
    await using redis = await startRedis({ actionMs: 400 });
    const connections = { redis: { endpoints: redis.endpoints } };
    const guards = { "*": { maxNodesAway: 1 } };
    // Both have looked before either sends.
    redis.fault({ kind: "delay", ms: 150, match: { method: "POST" }, times: 2 });
    const ups = [1, 2].map(async (nodeUid) => {
      const { stack } = await openStack("redis:NodeMaintenance", connections, { guards });
      return stack.up({ nodeUid, ...allowed }).then(
        () => "in",
        (error: Error) => error.message,
      );
    });
    const outcomes = await Promise.all(ups);
    assert.equal([1, 2].filter((uid) => redis.node(uid).inMaintenance).length, 1, outcomes.join("\n"));
  });
});
