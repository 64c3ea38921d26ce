import assert from "node:assert/strict";
import { clock } from "../../../provider/core/data/clock.ts";
import { StaleLook } from "../../../provider/core/data/errors.ts";
import { once } from "../../../provider/core/work/once.ts";
import { openScope } from "../../../provider/core/work/operation.ts";
import { contextFor } from "../../support/context.ts";
import { inVirtualTime } from "../../support/virtual-clock.ts";
import { plain } from "../client.ts";

const context = () => contextFor({ plain: { endpoint: "https://host.test" } });

describe("a permit", () => {
  /** Sends once for each look, which took some seconds, `after` some more in which nothing happened. */
  const sending = (...looks: { look?: number; after: number }[]) =>
    inVirtualTime(async (time) => {
      const scope = openScope(context(), plain, { timeout: "5m" });
      const send = async ({ look = 0, after }: (typeof looks)[number]) => {
        scope.lookAnew();
        time.skip(look * 1_000);
        scope.knowledge.to = clock.elapsed();
        time.skip(after * 1_000);
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
        }).catch((error) => {
          assert.ok(error instanceof StaleLook);
          return "too old";
        });
      };
      try {
        const ends: string[] = [];
        for (const look of looks) ends.push(await send(look));
        return ends;
      } finally {
        scope.end();
      }
    });

  it("holds for five seconds from the sending of the oldest read", async () => {
    assert.deepEqual(await sending({ after: 4.9 }), ["sent"]);
    assert.deepEqual(await sending({ after: 5.1 }), ["too old"]);
  });

  it("does not hold longer for the first look that takes long: the process may have been paused", async () => {
    const paused = { look: 50, after: 0 };
    assert.deepEqual(await sending(paused, { after: 4.9 }), ["too old", "sent"]);
    assert.deepEqual(await sending(paused, { after: 5.1 }), ["too old", "too old"]);
  });

  it("holds for twice the time of the quicker one of two slow looks", async () => {
    const slow = { look: 6, after: 4 };
    assert.deepEqual(await sending(slow, slow), ["too old", "sent"]);
    assert.deepEqual(await sending(slow, { ...slow, after: 6.5 }), ["too old", "too old"]);
    const halfSlow = { look: 4, after: 1.5 };
    assert.deepEqual(await sending(halfSlow, halfSlow), ["too old", "sent"]);
  });

  it("does not hold longer for a paused look beside a slow one, or after a quick one", async () => {
    const paused = { look: 50, after: 0 };
    assert.deepEqual(await sending({ look: 6, after: 0 }, paused), ["too old", "too old"]);
    assert.deepEqual(await sending(paused, { look: 0.2, after: 0 }, paused), ["too old", "sent", "too old"]);
  });
});
