import assert from "node:assert/strict";
import { RunFailed, WaitExpired } from "../../provider/core/data/errors.ts";
import { openScope } from "../../provider/core/work/operation.ts";
import { redis } from "../../provider/redis/system.ts";
import { reportLag, verify } from "../../provider/redis/verify.ts";
import { contextFor } from "../support/context.ts";
import { inVirtualTime } from "../support/virtual-clock.ts";

/** What comes of looking for something that is never so, within a timeout of which some milliseconds have passed. */
function failureWithin(timeout: string, passed = 0): Promise<unknown> {
  return inVirtualTime(async (clock) => {
    const scope = openScope(contextFor({ redis: { endpoint: "https://host.test" } }), redis, { timeout });
    clock.skip(passed);
    const look = {
      what: "node 3 as a replica",
      look: async () => "2 master shards",
      isSo: (seen: string): seen is never => seen === "",
      describe: String,
    };
    const failure = await verify(scope, look).catch((error: unknown) => error);
    scope.end();
    return failure;
  });
}

describe("what an action promised, and is not so", () => {
  const { milliseconds } = reportLag;
  before(() => {
    reportLag.milliseconds = 10_000;
  });
  after(() => {
    reportLag.milliseconds = milliseconds;
  });

  it("is given as long as reports may lag, where there is time", async () => {
    const failure = await failureWithin("1m");
    assert.ok(failure instanceof RunFailed, String(failure));
    assert.match(failure.message, /looked for 10s/);
  });

  it("comes to a conclusion within no more time than that: the next up would wait in vain, too", async () => {
    const failure = await failureWithin("10s");
    assert.ok(failure instanceof RunFailed, String(failure));
    assert.match(failure.message, /looked for 5\.0s/);
  });

  for (const timeout of ["5s", "3s"])
    it(`comes to a conclusion within ${timeout}, too`, async () => {
      assert.ok((await failureWithin(timeout)) instanceof RunFailed);
    });

  it("comes to a conclusion in the second half of little time: an earlier look has taken the first one", async () => {
    assert.ok((await failureWithin("10s", 5_100)) instanceof RunFailed);
  });

  it("stays open where there is hardly any time left: the next up looks longer", async () => {
    assert.ok((await failureWithin("30s", 27_000)) instanceof WaitExpired);
  });
});
