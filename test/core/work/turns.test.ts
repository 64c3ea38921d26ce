import assert from "node:assert/strict";
import { clock } from "../../../provider/core/data/clock.ts";
import { Session } from "../../../provider/core/work/installation.ts";
import { openScope } from "../../../provider/core/work/operation.ts";
import type { Scope } from "../../../provider/core/work/scope.ts";
import { contextFor } from "../../support/context.ts";
import { inVirtualTime } from "../../support/virtual-clock.ts";
import { plain } from "../client.ts";

describe("a turn", () => {
  it("is waited for outside of the time of the operation", async () => {
    const context = { ...contextFor({ plain: { endpoint: "http://a.test" } }), session: new Session() };
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const first = openScope(context, plain, { timeout: "1m" });
    const holding = first.inTurn(first.http, "shards", () => held);
    const second = openScope(context, plain, { timeout: 0.2 });
    const waiting = second.inTurn(second.http, "shards", async () => second.deadline.remaining());
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.equal(second.signal.aborted, false);
    release();
    await holding;
    assert.ok((await waiting) > 0);
    for (const scope of [first, second]) scope.end();
  });

  it("is no longer waited for once the operation is cancelled", async () => {
    const context = { ...contextFor({ plain: { endpoint: "http://a.test" } }), session: new Session() };
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const first = openScope({ ...context, signal: new AbortController().signal }, plain, { timeout: "1m" });
    const holding = first.inTurn(first.http, "shards", () => held);
    const second = openScope(context, plain, { timeout: "1m" });
    const waiting = second.inTurn(second.http, "shards", async () => "in");
    context.cancel();
    await assert.rejects(waiting, /cancelled/);
    release();
    await holding;
  });

  /** Two nodes, of which somebody else has the second for 60 s, and an operation of 30 s that needs both. */
  function besideAnother(work: (scope: Scope) => Promise<void>): Promise<void> {
    return inVirtualTime(async () => {
      const context = { ...contextFor({ plain: { endpoint: "http://a.test" } }), session: new Session() };
      const other = openScope(context, plain, { timeout: "5m" });
      const held = other.inTurn(other.http, "node 2", () => clock.pause(60_000, other.signal));
      const scope = openScope(context, plain, { timeout: "30s" });
      await work(scope);
      await held;
      for (const each of [other, scope]) each.end();
    });
  }

  it("is waited for outside of its time, whatever other turns the operation has meanwhile", () =>
    besideAnother(async (scope) => {
      const first = scope.inTurn(scope.http, "node 1", (turn) => clock.pause(10_000, turn.signal));
      const second = scope.inTurn(scope.http, "node 2", async (turn) => {
        assert.equal(turn.deadline.remaining(), 30_000);
        await clock.pause(25_000, turn.signal);
      });
      await Promise.all([first, second]);
      assert.equal(clock.elapsed(), 85_000);
    }));

  it("takes nothing but the waiting out of the time of another turn of the operation", () =>
    besideAnother(async (scope) => {
      const second = scope.inTurn(scope.http, "node 2", async () => "in");
      const first = scope.inTurn(scope.http, "node 1", (turn) => clock.pause(40_000, turn.signal));
      await assert.rejects(first, /timeout/i);
      assert.equal(clock.elapsed(), 30_000);
      assert.equal(await second, "in");
    }));

  it("leaves the operation the time in which none of its turns was at work", () =>
    besideAnother(async (scope) => {
      const first = scope.inTurn(scope.http, "node 1", (turn) => clock.pause(10_000, turn.signal));
      const second = scope.inTurn(scope.http, "node 2", (turn) => clock.pause(5_000, turn.signal));
      await Promise.all([first, second]);
      assert.equal(scope.deadline.remaining(), 15_000);
      await assert.rejects(clock.pause(16_000, scope.signal), /timeout/i);
    }));

  it("within another is waited for outside of the time of both", () =>
    besideAnother(async (scope) => {
      await scope.inTurn(scope.http, "node 1", (one) =>
        one.inTurn(one.http, "node 2", async (both) => {
          for (const each of [scope, one, both]) assert.equal(each.deadline.remaining(), 30_000);
          await clock.pause(10_000, both.signal);
        }),
      );
      assert.equal(scope.deadline.remaining(), 20_000);
    }));
});
