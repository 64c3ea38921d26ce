import assert from "node:assert/strict";
import { clock } from "../../../provider/core/data/clock.ts";
import { DecideAnew, StatusError } from "../../../provider/core/data/errors.ts";
import { deciding } from "../../../provider/core/work/deciding.ts";
import { once, type Request } from "../../../provider/core/work/once.ts";
import { openScope } from "../../../provider/core/work/operation.ts";
import { contextFor } from "../../support/context.ts";
import { inVirtualTime } from "../../support/virtual-clock.ts";
import { plain } from "../client.ts";

const endpoint = "https://host.test";

describe("what is to happen once", () => {
  it("is sent only after an opposite call whose answer was lost can no longer take effect", () =>
    inVirtualTime(async () => {
      const scope = openScope(contextFor({ plain: { endpoint } }), plain, { timeout: "5m" });
      const { http: way } = scope;
      const request = (does: string, send: () => Promise<string>): Request<string> => ({
        what: does,
        target: { ways: [way], on: "role of east", does },
        repeat: "harmless",
        mayLandWithin: 10_000,
        send,
        readBack: async () => ({ absent: true }),
      });
      const lost = once(
        scope,
        request("promote", () =>
          Promise.reject(
            new StatusError("502", { method: "POST", url: endpoint, status: 502, effect: "maybe" }),
          ),
        ),
      );
      await assert.rejects(lost, DecideAnew);
      const before = clock.elapsed();
      await deciding(scope, (decision) =>
        once(
          decision,
          request("demote", async () => "demoted"),
        ),
      );
      assert.ok(clock.elapsed() - before > 8_000);
      assert.equal(scope.late.length, 1, "and it goes on record");
      scope.end();
    }));
});
