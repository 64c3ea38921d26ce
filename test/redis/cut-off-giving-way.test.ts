import assert from "node:assert/strict";
import { behaviour, type Case, type Harness, incomplete, post, type User, until } from "./cluster.ts";

/*
 * A node that was taken away at the same moment as another one comes back. Whoever is cut off in the middle of that has decided it: once the
 * way in was cancelled, the cluster may not tell any more which one came later.
 */

const timeout = "90s";
const kinds = [
  ["redis:NodeMaintenance", {}],
  ["redis:NodeAction", { action: "maintenance_on" }],
] as const;

/** Nodes 2 and 3 are in maintenance by requests of the same moment, and the time of node 2's ran out on its way out. */
async function cutOffOnTheWayOut(
  { redis, node, elsewhere }: Harness,
  type: string,
  inputs: object,
): Promise<User> {
  const [first, later] = [await elsewhere(), await elsewhere(type)];
  const entering = redis.fault({ kind: "delay", ms: 1_500, match: post("maintenance_on", 2) });
  redis.fault({ kind: "delay", ms: 20_000, match: post("maintenance_off", 2) });
  const second = incomplete(later.stack.up({ ...inputs, nodeUid: 2, timeout: "5s" }), /the timeout of 5s/);
  await until(() => entering.hits > 0);
  await first.session.create({ nodeUid: 3 });
  await second;
  assert.deepEqual([node.inMaintenance, redis.node(3).inMaintenance], [true, true]);
  redis.clearFaults();
  return later;
}

const cases = kinds.flatMap(([type, inputs]): Case[] => [
  {
    it: `comes back with the next up: ${type}`,
    async run(harness) {
      const { redis, node } = harness;
      const later = await cutOffOnTheWayOut(harness, type, inputs);
      await assert.rejects(
        later.stack.up({ ...inputs, nodeUid: 2, timeout }),
        /node 3 is in maintenance|taken out of maintenance again/,
      );
      assert.deepEqual([node.inMaintenance, redis.node(3).inMaintenance], [false, true]);
    },
  },
  {
    it: `stays in with the next up, where others may be away by then: ${type}`,
    async run(harness) {
      const { redis, node } = harness;
      const later = await cutOffOnTheWayOut(harness, type, inputs);
      await later.stack.up({ ...inputs, nodeUid: 2, timeout, allowOtherNodesUnavailable: true });
      assert.deepEqual([node.maintenanceDepth, redis.node(3).inMaintenance], [1, true]);
    },
  },
  {
    it: `comes back with the next up, where its way out has failed: ${type}`,
    cluster: { actionMs: 600 },
    async run(harness) {
      const { redis, node, elsewhere } = harness;
      const [first, later] = [await elsewhere(), await elsewhere(type)];
      const entering = redis.fault({ kind: "delay", ms: 1_500, match: post("maintenance_on", 2) });
      const second = incomplete(later.stack.up({ ...inputs, nodeUid: 2, timeout }), /maintenance_off failed/);
      await until(() => entering.hits > 0);
      await first.session.create({ nodeUid: 3 });
      await until(() => node.action("maintenance_off").status === "running");
      node.action("maintenance_off").fail();
      await second;
      await assert.rejects(
        later.stack.up({ ...inputs, nodeUid: 2, timeout }),
        /node 3 is in maintenance|taken out of maintenance again/,
      );
      assert.deepEqual([node.inMaintenance, redis.node(3).inMaintenance], [false, true]);
    },
  },
]);

describe("a node that gives way, and is cut off,", function () {
  this.timeout(120_000);
  behaviour("redis:NodeMaintenance", cases);
});
