import assert from "node:assert/strict";
import { clock } from "../../../provider/core/data/clock.ts";
import { StatusError } from "../../../provider/core/data/errors.ts";
import type { Evidence } from "../../../provider/core/work/evidence.ts";
import { once } from "../../../provider/core/work/once.ts";
import { openScope } from "../../../provider/core/work/operation.ts";
import { contextFor } from "../../support/context.ts";
import { inVirtualTime } from "../../support/virtual-clock.ts";
import { plain } from "../client.ts";

/** A look that takes so many milliseconds, and tells what was so when it began. */
const slow = 12_000;

describe("what is to happen once, where a look takes longer than the request may take to land", () => {
  for (const repeat of ["never", "harmless"] as const)
    it(`is not taken for absent by what was read before it landed, where a second one is ${repeat}`, () =>
      inVirtualTime(async () => {
        const scope = openScope(contextFor({ plain: { endpoint: "https://host.test" } }), plain, {
          timeout: "5m",
        });
        const began = clock.elapsed();
        let sent = 0;
        const outcome = await once<string>(scope, {
          what: "prune",
          target: { ways: [scope.http], on: "de", does: "prune" },
          repeat,
          mayLandWithin: 10_000,
          send() {
            sent++;
            const facts = { method: "POST", url: "https://host.test/", retryAfter: 0 };
            throw new StatusError("502", { ...facts, status: 502, effect: "maybe" });
          },
          async readBack(): Promise<Evidence<string>> {
            const hasLanded = clock.elapsed() - began > 1_000;
            await clock.pause(slow, scope.signal);
            return hasLanded ? { landed: "there" } : { absent: true };
          },
        });
        assert.deepEqual([outcome, sent], ["there", 1]);
        scope.end();
      }));
});
