import assert from "node:assert/strict";
import type { FaultKind } from "../../simulators/index.ts";
import { behaviour, type Case, incomplete } from "./cluster.ts";

/*
 * A request to cancel that was not carried out is sent again: what was to be stopped goes on otherwise, for hours perhaps.
 */

const turns: [string, FaultKind][] = [
  ["429", { kind: "status", status: 429 }],
  ["503", { kind: "status", status: 503 }],
  ["a proxy's 404", { kind: "html", status: 404 }],
  ["a connection that is reset", { kind: "reset" }],
];

const expired: Case[] = [
  ...turns.map(
    ([what, kind]): Case => ({
      it: `cancels what its time has run out for although the first request to is answered with ${what}`,
      mutating: 3,
      effects: 2,
      async run({ redis, node, stack }) {
        redis.plan({ held: true, actionMs: 10 });
        redis.fault({ ...kind, match: { method: "DELETE" }, times: 1 });
        const inputs = { nodeUid: 2, action: "enslave_node", timeout: "3s", onTimeout: "cancel" };
        await incomplete(stack.up(inputs), /by onTimeout: cancel it has ended cancelled/);
        assert.equal(node.action("enslave_node").status, "cancelled");
      },
    }),
  ),
  {
    it: "says what was to be cancelled, and why it was not",
    mutating: 2,
    effects: 1,
    async run({ redis, stack }) {
      redis.plan({ held: true, actionMs: 10 });
      redis.fault({ kind: "status", status: 403, match: { method: "DELETE" } });
      const inputs = { nodeUid: 2, action: "enslave_node", timeout: "3s", onTimeout: "cancel" };
      await incomplete(
        stack.up(inputs),
        /enslave_node: not done within the timeout of 3s .*; by onTimeout: cancel it was to be cancelled: DELETE .* 403/,
      );
    },
  },
];

const removed: Case[] = turns.map(([what, kind]) => ({
  it: `is cancelled by destroy although the first request to is answered with ${what}`,
  mutating: 3,
  effects: 2,
  async run({ redis, node, stack }) {
    redis.plan({ held: true, actionMs: 10 });
    await incomplete(stack.up({ nodeUid: 2, timeout: "3s" }), /not done within/);
    redis.fault({ ...kind, match: { method: "DELETE" }, times: 1 });
    await stack.destroy().catch(() => stack.destroy());
    assert.deepEqual([node.exists, node.action("remove").status], [true, "cancelled"]);
  },
}));

describe("redis, a request to cancel that is turned away", function () {
  this.timeout(60_000);
  behaviour("redis:NodeAction", expired);
  behaviour("redis:NodeRemoval", removed);
});
