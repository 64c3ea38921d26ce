import assert from "node:assert/strict";
import { clock } from "../../../provider/core/data/clock.ts";
import { StatusError, TokenError } from "../../../provider/core/data/errors.ts";
import { deciding } from "../../../provider/core/work/deciding.ts";
import { once } from "../../../provider/core/work/once.ts";
import { openScope } from "../../../provider/core/work/operation.ts";
import { contextFor } from "../../support/context.ts";
import { inVirtualTime } from "../../support/virtual-clock.ts";
import { plain } from "../client.ts";

const context = () => contextFor({ plain: { endpoint: "https://host.test" } });

/** Sends one that is answered 404 for so many milliseconds. */
function play(milliseconds: number, { isOnTheWay = true, isRead = true, isToken = false } = {}) {
  return inVirtualTime(async () => {
    const scope = openScope(context(), plain, { timeout: "5m" });
    const began = clock.elapsed();
    let sent = 0;
    const outcome = await deciding(scope, (decision) =>
      once(decision, {
        what: "prune",
        target: { ways: [decision.http], on: "de", does: "prune" },
        repeat: "never",
        mayLandWithin: 10_000,
        keeps: { handle: { task: "t" } },
        async send() {
          sent++;
          const asked = (cause: Error) => (isToken ? new TokenError(cause.message, facts, { cause }) : cause);
          const facts = { method: "POST", url: "https://host.test/", effect: "no" } as const;
          if (clock.elapsed() - began < milliseconds)
            throw asked(new StatusError("404 a page", { ...facts, status: 404, isOnTheWay }));
          return "done";
        },
        ...(isRead && { readBack: async () => ({ absent: true }) as const }),
      }),
    ).catch((error: Error) => error.message);
    const seconds = (clock.elapsed() - began) / 1_000;
    scope.end();
    return { outcome, sent, seconds, isKept: scope.kept !== undefined };
  });
}

describe("a request that is answered with 404", () => {
  it("of something on the way is sent again: what is behind it may be changing", async () => {
    const { outcome, sent, isKept } = await play(5_000);
    assert.deepEqual([outcome, isKept], ["done", true]);
    assert.ok(sent > 1 && sent < 10, `${sent} sent`);
  });

  it("of something on the way is refused after ten seconds of it, and nothing is kept", async () => {
    const { outcome, seconds, isKept } = await play(3_600_000);
    assert.deepEqual([outcome, isKept], ["404 a page", false]);
    assert.ok(seconds >= 10 && seconds < 20, `${seconds} s`);
  });

  it("of something before the token endpoint is sent again, too", async () => {
    const { outcome, isKept } = await play(5_000, { isToken: true });
    assert.deepEqual([outcome, isKept], ["done", true]);
  });

  it("of the system itself is refused at once", async () => {
    const { outcome, sent } = await play(5_000, { isOnTheWay: false });
    assert.deepEqual([outcome, sent], ["404 a page", 1]);
  });

  it("is refused at once where nothing was read the same way before", async () => {
    const { outcome, sent } = await play(5_000, { isRead: false });
    assert.deepEqual([outcome, sent], ["404 a page", 1]);
  });
});
