import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { FaultKind } from "../../simulators/index.ts";
import { behaviour, type Case, get, incomplete, outputs, post, refused } from "./cluster.ts";

const good = { nodeUid: 2 };
const on = post("maintenance_on");

/** Ways to lose the answer to a request that has had its effect. */
const losses: [string, FaultKind][] = [
  ["reset", { kind: "reset" }],
  ["500", { kind: "status", status: 500 }],
  ["503", { kind: "status", status: 503 }],
  ["504 of a gateway", { kind: "status", status: 504 }],
  ["cut off half-way", { kind: "truncatedBody" }],
  ["a page of a gateway", { kind: "html" }],
  ["JSON of another type", { kind: "wrongType" }],
  ["an empty body", { kind: "emptyBody" }],
  ["never there", { kind: "hang" }],
];

const afterEffect = losses.flatMap(([how, fault]): Case[] =>
  [100, 1_500].map((actionMs) => ({
    it: `joins what its request has started when the answer is ${how}${actionMs > 1_000 ? ", while it runs" : ""}`,
    mutating: 1,
    cluster: { actionMs },
    connection: { requestTimeout: "500ms" },
    async run(harness) {
      harness.redis.fault({ ...fault, when: "after", match: on });
      await harness.stack.up(good);
      assert.equal(outputs(harness).taskId, harness.node.action("maintenance_on").taskId);
      assert.equal(await harness.stack.up(good), "same");
    },
  })),
);

/** Ways for a request to get no further than something on the way. */
const neverHandled: [string, FaultKind][] = [
  ["reset", { kind: "reset" }],
  ["500", { kind: "status", status: 500 }],
  ["a page of a gateway", { kind: "html" }],
  ["429", { kind: "status", status: 429, headers: { "retry-after": "0" } }],
];

const withoutEffect = neverHandled.map(
  ([how, fault]): Case => ({
    it: `sends again what provably did not start when the answer is ${how}`,
    mutating: 2,
    effects: 1,
    async run({ redis, stack, node }) {
      redis.fault({ ...fault, when: "before", match: on });
      await stack.up(good);
      assert.equal(node.maintenanceDepth, 1);
    },
  }),
);

const inDoubt: Case[] = [
  {
    it: "is not forgotten by a refresh for as long as its lost request may arrive, although the node is out by then",
    connection: { requestTimeout: "2s" },
    async run({ redis, node, stack }) {
      await stack.up(good);
      await stack.destroy();
      redis.fault({ kind: "hang", match: on, landsAfter: 3_000 });
      await incomplete(stack.up({ ...good, timeout: "1s" }), /./);
      await stack.refresh();
      assert.ok(stack.state, "forgotten");
      await stack.up(good);
      assert.deepEqual([node.inMaintenance, node.maintenanceDepth], [true, 1]);
    },
  },
  {
    it: "is taken out by another process, too, when its lost request arrives only then",
    connection: { requestTimeout: "4s" },
    async run({ redis, node, stack, elsewhere }) {
      redis.fault({ kind: "hang", match: on, landsAfter: 8_500 });
      await incomplete(stack.up({ ...good, timeout: "1s" }), /./);
      const { id = "", outputs: recorded = {} } = stack.state ?? {};
      await (await elsewhere()).session.delete(id, { ...recorded, timeout: "1m" });
      await pause(3_000);
      assert.equal(node.inMaintenance, false);
      assert.ok(redis.requests.some(({ path }) => path.endsWith("/maintenance_off")));
    },
  },
  {
    it: "reads back for as long as it takes before it decides",
    mutating: 1,
    async run({ redis, stack }) {
      redis.fault({ kind: "reset", when: "after", match: on });
      redis.watch(
        ({ method }) =>
          method === "POST" &&
          redis.fault({ kind: "status", status: 503, match: get("maintenance_on"), times: 6 }),
      );
      await stack.up(good);
    },
  },
  {
    it: "sends no second request for as long as the first may still arrive",
    mutating: 2,
    effects: 1,
    connection: { requestTimeout: "500ms" },
    async run(harness) {
      harness.redis.fault({ kind: "hang", match: on });
      await harness.costing(1, async () => {
        const recorded = await incomplete(
          harness.stack.up({ ...good, timeout: "4s" }),
          /whether node 2 maintenance_on was carried out: not done within the timeout of 4s/,
        );
        assert.deepEqual(recorded.__unfinished, { nodeUid: 2, action: "maintenance_on", taskBefore: null });
      });
      await harness.costing(1, () => harness.stack.up(good));
    },
  },
  {
    it: "sends another request once the first, which went nowhere, can arrive no more",
    mutating: 2,
    effects: 1,
    async run({ redis, stack, node }) {
      redis.fault({ kind: "reset", match: on });
      await stack.up(good);
      assert.equal(node.maintenanceDepth, 1);
    },
  },
  {
    it: "keeps what it may have started when reading back is refused",
    mutating: 1,
    async run({ redis, stack }) {
      redis.fault({ kind: "reset", when: "after", match: on });
      redis.watch(
        ({ method }) =>
          method === "POST" && redis.fault({ kind: "status", status: 403, match: get("maintenance_on") }),
      );
      const recorded = await incomplete(stack.up(good), /403/);
      assert.deepEqual(recorded.__unfinished, { nodeUid: 2, action: "maintenance_on", taskBefore: null });
      await stack.up(good);
    },
  },
  {
    it: "does not take an answer of another type for proof that nothing started",
    mutating: 1,
    async run({ redis, stack }) {
      redis.fault({ kind: "reset", when: "after", match: on });
      redis.watch(
        ({ method }) => method === "POST" && redis.fault({ kind: "wrongType", match: get("maintenance_on") }),
      );
      await incomplete(stack.up(good), /answered 200 with a string where an object is documented/);
      await stack.up(good);
    },
  },
  {
    it: "knows what was not there before, even from a cluster that names no tasks",
    mutating: 1,
    async run({ redis, stack }) {
      const value = { status: "completed" };
      const nameless = { kind: "wrongType", value, times: 2, match: get("maintenance_on") } as const;
      redis.fault({ kind: "reset", when: "after", match: on });
      redis.watch(({ method }) => method === "POST" && redis.fault(nameless));
      await stack.up(good);
    },
  },
  {
    it: "records nothing when its request was turned away for good",
    mutating: 1,
    effects: 0,
    run({ redis, session }) {
      redis.fault({
        kind: "status",
        status: 400,
        contentType: "application/json",
        body: '{"error_code":"bad_request","message":"no"}',
        match: on,
      });
      return refused(session.create(good), /POST .*maintenance_on: 400 bad_request: no$/);
    },
  },
];

describe("redis.NodeMaintenance, when an answer is lost", () => {
  behaviour("redis:NodeMaintenance", [...inDoubt, ...afterEffect, ...withoutEffect]);
});
