import assert from "node:assert/strict";
import { clock } from "../../../provider/core/data/clock.ts";
import { StatusError } from "../../../provider/core/data/errors.ts";
import { deciding } from "../../../provider/core/work/deciding.ts";
import { once } from "../../../provider/core/work/once.ts";
import { openScope } from "../../../provider/core/work/operation.ts";
import { contextFor } from "../../support/context.ts";
import { inVirtualTime } from "../../support/virtual-clock.ts";
import { plain } from "../client.ts";

const context = () => contextFor({ plain: { endpoint: "https://host.test" } });

/** Sends one to a server that turns it away for two seconds, and asks for an hour. Seconds that it took; undefined: in vain. */
function play(timeout: string, restores: boolean, repeat: "never" | "harmless" = "harmless") {
  return inVirtualTime(async () => {
    const scope = openScope(context(), plain, { timeout });
    const began = clock.elapsed();
    const outcome = await deciding(scope, (decision) =>
      once(decision, {
        what: "promote",
        target: { ways: [decision.http], on: "east", does: "promote" },
        repeat,
        mayLandWithin: 10_000,
        restores,
        async send() {
          const facts = { method: "POST", url: "https://host.test/", effect: "no" } as const;
          if (clock.elapsed() - began < 2_000)
            throw new StatusError("429", { ...facts, status: 429, retryAfter: 3_600_000 });
          return "done";
        },
        readBack: async () => ({ absent: true }) as const,
      }),
    ).catch(() => undefined);
    scope.end();
    return outcome === undefined ? undefined : (clock.elapsed() - began) / 1_000;
  });
}

describe("a server that asks to wait for an hour", () => {
  for (const repeat of ["harmless", "never"] as const)
    it(`is asked again while there is time (${repeat})`, async () => {
      const seconds = (await play("20s", false, repeat)) ?? Number.NaN;
      assert.ok(seconds < 20, `${seconds} s`);
    });

  it("is asked again after a minute where there is much time", async () => {
    const seconds = (await play("30m", false)) ?? Number.NaN;
    assert.ok(seconds >= 60 && seconds < 70, `${seconds} s`);
  });

  it("is asked again soon where something is down until then", async () => {
    const seconds = (await play("30m", true)) ?? Number.NaN;
    assert.ok(seconds < 10, `${seconds} s`);
  });
});
