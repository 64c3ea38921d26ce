import assert from "node:assert/strict";
import { clock } from "../../../provider/core/data/clock.ts";
import { DecideAnew } from "../../../provider/core/data/errors.ts";
import { once } from "../../../provider/core/work/once.ts";
import { openScope } from "../../../provider/core/work/operation.ts";
import { contextFor } from "../../support/context.ts";
import { inVirtualTime } from "../../support/virtual-clock.ts";
import { plain } from "../client.ts";

const context = () => contextFor({ plain: { endpoint: "https://host.test" } });

describe("a permit", () => {
  /** Sends `after` some seconds in which nothing happened, on a look that took some. */
  const sending = (after: number, look = 0) =>
    inVirtualTime(async (time) => {
      const scope = openScope(context(), plain, { timeout: "5m" });
      scope.lookAnew();
      time.skip(look * 1_000);
      scope.knowledge.to = clock.elapsed();
      time.skip(after * 1_000);
      try {
        return await once(scope, {
          what: "promote",
          target: { ways: [scope.http], on: "role", does: "promote" },
          repeat: "harmless",
          mayLandWithin: 1_000,
          send: async (permit) => {
            permit.judge();
            return "sent";
          },
          readBack: async () => ({ absent: true }),
        });
      } finally {
        scope.end();
      }
    });

  it("holds for five seconds from the sending of the oldest read", async () => {
    assert.equal(await sending(4.9), "sent");
    await assert.rejects(sending(5.1), DecideAnew);
  });

  it("holds for twice the time of a slow look", async () => {
    assert.equal(await sending(4, 4), "sent");
    await assert.rejects(sending(4.5, 4), DecideAnew);
  });
});
