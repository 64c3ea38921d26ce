import assert from "node:assert/strict";
import { inspect } from "node:util";

import { unknown } from "../../provider/index.ts";

import { type RedisSimulator, startRedis } from "../../simulators/index.ts";
import { contextFor } from "../support/context.ts";
import { type Flat, lifecycle } from "../support/flat.ts";

type Wrong = [inputs: Record<string, unknown>, property: string, reason: RegExp];

/** What every resource of a node minds. */
const everywhere: Wrong[] = [
  [{ nodeUid: undefined }, "nodeUid", /^is required$/],
  [{ nodeUid: 0 }, "nodeUid", /^0 must be >= 1$/],
  [{ nodeUid: -1 }, "nodeUid", /^-1 must be >= 1$/],
  [{ nodeUid: "0" }, "nodeUid", /^0 must be >= 1$/],
  [{ nodeUid: 1.5 }, "nodeUid", /^1\.5 is not an integer$/],
  [{ nodeUid: "1.5" }, "nodeUid", /^1\.5 is not an integer$/],
  [{ nodeUid: "x" }, "nodeUid", /^"x" is not an integer$/],
  [{ nodeUid: "" }, "nodeUid", /^"" is not an integer$/],
  [{ nodeUid: null }, "nodeUid", /^null is not an integer$/],
  [{ nodeUid: [2] }, "nodeUid", /^an array is not an integer$/],
  [{ nodeUID: 2 }, "nodeUID", /^is not an input: did you mean nodeUid\?$/],
  [
    { timeout: "soon" },
    "timeout",
    /^"soon" is not a duration: write "90s", "30m", "1h30m" or a number of seconds$/,
  ],
  [{ timeout: "0s" }, "timeout", /^"0s" must be positive/],
  [{ timeout: 0 }, "timeout", /^0 must be positive/],
  [{ timeout: "-5m" }, "timeout", /^"-5m" is not a duration/],
  [{ timeout: -5 }, "timeout", /^-5 (is not a duration|must be positive)/],
  [{ timeout: "30 minutes" }, "timeout", /is not a duration/],
  [{ timeout: "10000d" }, "timeout", /is too long/],
  [{ timeout: {} }, "timeout", /^an object is not a string or a number$/],
  [{ timeOut: "5m" }, "timeOut", /did you mean timeout\?/],
  [
    { connection: "nowhere" },
    "connection",
    /^no connection "nowhere" is configured for Redis Enterprise Software/,
  ],
  [
    { connection: { endpoint: "cluster.example" } },
    "connection.endpoint",
    /is not a URL: write https:\/\/host:port/,
  ],
  [{ connection: {} }, "connection", /has no endpoint/],
  [{ connection: 7 }, "connection", /is not/],
];

const resources: [type: string, good: Record<string, unknown>, wrong: Wrong[]][] = [
  [
    "redis:NodeMaintenance",
    { nodeUid: 2 },
    [
      [{ evictDb: [1] }, "evictDb", /did you mean evictDbs\?/],
      [{ evictDbs: [] }, "evictDbs", /must NOT have fewer than 1 items/],
      [{ evictDbs: 1 }, "evictDbs", /is not an array/],
      [{ evictDbs: [1, {}] }, "evictDbs[1]", /an object is not a string or a number/],
      [{ evictDbs: [1, "db:2"] }, "evictDbs[1]", /^"db:2" is not a database's id, such as 1 or "1"$/],
      [{ evictDbs: [1, 2, "1"] }, "evictDbs[2]", /^"1" is given twice: it is evictDbs\[0\] too$/],
      [
        { evictDbs: [2 ** 53] },
        "evictDbs[0]",
        /is beyond 2\^53, where numbers are rounded: write it as text/,
      ],
      [{ evictDbs: [0] }, "evictDbs[0]", /^0 is not a database's id/],
      [{ evictDbs: [1.5] }, "evictDbs[0]", /is not a database's id/],
      [{ evictDbs: ["sessions"] }, "evictDbs[0]", /is not a database's id/],
      [{ overwriteSnapshot: "yes" }, "overwriteSnapshot", /"yes" is not a boolean/],
      [{ evictHaReplica: 0 }, "evictHaReplica", /is not a boolean/],
      [{ evictActiveActiveReplica: null }, "evictActiveActiveReplica", /is not a boolean/],
      [{ keepSlaveShards: "false" }, "keepSlaveShards", /is not a boolean/],
      [{ allowOtherNodesUnavailable: 1 }, "allowOtherNodesUnavailable", /is not a boolean/],
      [{ snapshotName: "" }, "snapshotName", /must NOT have fewer than 1 characters/],
      [
        { snapshotName: "a", skipShardsRestore: true },
        "skipShardsRestore",
        /and snapshotName exclude each other/,
      ],
      [{ triggers: [1] }, "triggers", /is not an input/],
    ],
  ],
  [
    "redis:MaintenanceStep",
    { nodeUid: 2, phase: "enter" },
    [
      [{ phase: "in" }, "phase", /"in" is not one of "enter", "leave"/],
      [{ snapshotName: "a", skipShardsRestore: true }, "skipShardsRestore", /exclude each other/],
    ],
  ],
  [
    "redis:NodeRemoval",
    { nodeUid: 2 },
    [
      [{ waitForPersistence: "true" }, "waitForPersistence", /is not a boolean/],
      [{ waitForPersistance: true }, "waitForPersistance", /did you mean waitForPersistence\?/],
      [{ triggers: "again" }, "triggers", /is not an array/],
    ],
  ],
  ["redis:ReplicaNode", { nodeUid: 1 }, [[{ role: "slave" }, "role", /is not an input/]]],
  [
    "redis:NodeAction",
    { nodeUid: 2, action: "enslave_node" },
    [
      [{ action: undefined }, "action", /is required/],
      [{ action: "" }, "action", /does not match/],
      [{ action: "../remove" }, "action", /"\.\.\/remove" does not match/],
      [{ action: "Remove" }, "action", /does not match/],
      [{ parameters: "{}" }, "parameters", /is not an object/],
      [{ parameters: [1] }, "parameters", /an array is not an object/],
      [{ onTimeout: "stop" }, "onTimeout", /"stop" is not one of "leave", "cancel"/],
      [{ triggers: {} }, "triggers", /is not an array/],
    ],
  ],
];

/** What is good, and what becomes of it. */
const completed: [type: string, given: object, inputs: object][] = [
  [
    "redis:NodeMaintenance",
    { nodeUid: "2", timeout: 90, evictDbs: [1, "2"] },
    {
      nodeUid: 2,
      timeout: 90,
      evictDbs: [1, "2"],
      overwriteSnapshot: false,
      evictHaReplica: true,
      evictActiveActiveReplica: true,
      skipShardsRestore: false,
      allowOtherNodesUnavailable: false,
      demoteNode: false,
    },
  ],
  ["redis:NodeRemoval", { nodeUid: " 2 " }, { nodeUid: 2, allowOtherNodesUnavailable: false }],
  [
    "redis:ReplicaNode",
    { nodeUid: 2, timeout: "1h30m" },
    { nodeUid: 2, timeout: "1h30m", demoteNode: true, allowOtherNodesUnavailable: false },
  ],
  [
    "redis:NodeAction",
    { nodeUid: 2, action: "remove", parameters: { any: ["thing", { at: "all" }] } },
    {
      nodeUid: 2,
      action: "remove",
      parameters: { any: ["thing", { at: "all" }] },
      onTimeout: "leave",
      allowOtherNodesUnavailable: false,
    },
  ],
];

describe("inputs of redis", () => {
  let redis: RedisSimulator;
  let context: ReturnType<typeof contextFor>;
  before(async () => {
    redis = await startRedis();
    context = contextFor({ redis: { endpoints: redis.endpoints } }, { preview: true });
  });
  after(() => redis.close());

  const check = (type: string, inputs: object): ReturnType<Flat["check"]> =>
    lifecycle(type).check(context, undefined, { ...inputs });

  for (const [type, good, wrong] of resources) {
    describe(type, () => {
      for (const [inputs, property, reason] of [...everywhere, ...wrong]) {
        it(`refuses ${inspect(inputs, { breakLength: Infinity })}, and asks the cluster nothing`, async () => {
          redis.resetCounts();
          const { failures } = await check(type, { ...good, ...inputs });
          assert.deepEqual(
            failures.map((failure) => failure.property),
            [property],
          );
          assert.match(String(failures[0]?.reason), reason);
          assert.deepEqual([redis.counts().reads, redis.counts().mutating], [0, 0]);
        });
      }

      it("leaves alone what is not known yet, whatever its type", async () => {
        redis.resetCounts();
        const { failures } = await check(type, {
          ...good,
          nodeUid: unknown,
          timeout: unknown,
          connection: unknown,
        });
        assert.deepEqual(failures, []);
        assert.equal(redis.counts().reads, 0);
      });

      it("says all that is wrong at once", async () => {
        const { failures } = await check(type, { ...good, nodeUid: 0, timeout: "soon", what: 1 });
        assert.deepEqual(failures.map(({ property }) => property).sort(), ["nodeUid", "timeout", "what"]);
      });
    });
  }

  for (const [type, given, inputs] of completed) {
    it(`${type} takes ${JSON.stringify(given)}`, async () => {
      const { inputs: checked, failures } = await check(type, given);
      assert.deepEqual(failures, []);
      assert.deepEqual(checked, inputs);
    });
  }
});
