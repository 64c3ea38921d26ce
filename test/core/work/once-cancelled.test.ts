import assert from "node:assert/strict";
import { type Effect, UnreachableError } from "../../../provider/core/data/errors.ts";
import { once } from "../../../provider/core/work/once.ts";
import { openScope } from "../../../provider/core/work/operation.ts";
import { contextFor } from "../../support/context.ts";
import { plain } from "../client.ts";

const facts = { method: "POST", url: "https://host.test/", retryAfter: 0 };
const unanswered = (effect: Effect) => new UnreachableError("no answer", { ...facts, effect });

const context = () => contextFor({ plain: { endpoint: "https://host.test", requestTimeout: "30s" } });

describe("what is to happen once, where its operation is cancelled", () => {
  it("is not sent again once the operation is cancelled", async () => {
    const cancelling = context();
    const scope = openScope(cancelling, plain, { timeout: "1m" });
    let sent = 0;
    const work = once(scope, {
      what: "prune",
      target: { ways: [scope.http], on: "de", does: "prune" },
      repeat: "harmless",
      mayLandWithin: 1_000,
      send: async () => {
        sent++;
        cancelling.cancel();
        throw unanswered("no");
      },
    });
    await assert.rejects(work, /cancelled/);
    assert.equal(sent, 1);
    scope.end();
  });

  for (const [what, leaves] of [
    ["stays on record when it was cut off on its way", true],
    ["leaves no trace when it was cut off before it could leave, as during a token", false],
  ] as const)
    it(what, async () => {
      const cancelling = context();
      const scope = openScope(cancelling, plain, { timeout: "1m" });
      const work = once(scope, {
        what: "prune",
        target: { ways: [scope.http], on: "de", does: "prune" },
        repeat: "never",
        mayLandWithin: 1_000,
        keeps: { handle: { task: "t" } },
        async send(permit) {
          if (leaves) permit.judge();
          cancelling.cancel();
          throw scope.signal.reason;
        },
      });
      await assert.rejects(work, /cancelled/);
      assert.deepEqual([scope.kept !== undefined, scope.late.length], [leaves, leaves ? 1 : 0]);
      scope.end();
    });
});
