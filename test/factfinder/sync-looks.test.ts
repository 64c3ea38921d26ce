import assert from "node:assert/strict";
import type { FactFinderSimulator } from "../../simulators/index.ts";
import { failureOf, inSync, syncOf, update, withHarness } from "./harness.ts";

const forever = Number.POSITIVE_INFINITY;

/** Once a request for this has come. */
function on(ff: FactFinderSimulator, tail: string, act: () => void): void {
  const stop = ff.watch(({ path }) => {
    if (!path.endsWith(tail)) return;
    stop();
    act();
  });
}

describe("a look at a FACT-Finder node", () => {
  for (const when of ["before the sync", "after it"] as const) {
    it(`that leaves out the deltaVersion does not undo what was seen of it ${when}`, () =>
      withHarness("DatabaseSync", { workers: 1 }, async ({ ff, stack }) => {
        ff.addDeltas("de", [update]);
        ff.worker(1).stuck = true;
        const value = { databaseVersion: 41 };
        const fault = {
          kind: "wrongType",
          value,
          times: forever,
          match: { method: "GET", endpoint: "worker1" },
        } as const;
        if (when === "after it") on(ff, "/database/sync", () => void ff.fault(fault));
        else ff.fault({ ...fault, skip: 2 });
        const { message } = await failureOf(stack.up(syncOf(1, { timeout: "2s" })));
        assert.match(message, /deltaVersion 7 instead of 8/);
      }));
  }

  it("that tells no databaseVersion does not keep the others from catching up", () =>
    withHarness("DatabaseSync", { omitFieldsOf: { worker1: ["databaseVersion"] } }, async ({ ff, stack }) => {
      ff.prune("de");
      const { message } = await failureOf(stack.up(syncOf(2, { timeout: "4s" })));
      assert.match(message, /1 of 2 nodes .*worker1 .*cannot be seen to be in sync/);
      assert.deepEqual(inSync(ff), [true, true]);
    }));

  it("that tells no databaseVersion is not waited for by NodeSync until its time is over", () =>
    withHarness("NodeSync", { omitFieldsOf: { worker1: ["databaseVersion"] } }, async ({ stack }) => {
      const inputs = { connection: "worker1", channels: ["de"], director: "director", timeout: "4s" };
      const { message } = await failureOf(stack.up(inputs));
      assert.match(message, /cannot be seen to be in sync/);
      assert.doesNotMatch(message, /timeout/);
    }));

  it("after a sync that fails does not hide the sync's warnings", () =>
    withHarness("DatabaseSync", { workers: 1 }, async ({ ff, stack, session }) => {
      ff.addDeltas("de", [{ ...update, warnings: [{ name: "FieldTruncated" }] }]);
      on(
        ff,
        "/database/sync",
        () => void ff.fault({ kind: "status", status: 403, match: { method: "GET" } }),
      );
      await failureOf(stack.up(syncOf(1)));
      assert.match(session.said.warnings.join(), /FieldTruncated/);
    }));

  it("after a sync that fails does not hide the updates that were rejected", () =>
    withHarness("DatabaseSync", { workers: 1, omitFields: ["deltaErrorCount"] }, async ({ ff, stack }) => {
      ff.addDeltas("de", [{ ...update, rejection: "not unique" }]);
      on(
        ff,
        "/database/sync",
        () => void ff.fault({ kind: "status", status: 403, match: { method: "GET" } }),
      );
      assert.match((await failureOf(stack.up(syncOf(1)))).message, /not unique/);
    }));
});

describe("a look at a FACT-Finder director", () => {
  it("that tells nothing for a moment does not end the wait for a reload that goes well", () =>
    withHarness(
      "DatabaseSync",
      { workers: 1, reload: "asynchronous", reloadMs: 1_500 },
      async ({ ff, stack }) => {
        ff.prune("de");
        on(ff, "/sync/full", () => {
          ff.worker(1).setState("de", { databaseVersion: 40 });
          ff.fault({ kind: "wrongType", value: {}, match: { method: "GET", endpoint: "director" } });
        });
        await stack.up(syncOf(1));
      },
    ));

  it("by a refresh takes a deltaVersion out of state that is no longer told", () =>
    withHarness("DatabaseSync", { workers: 1 }, async ({ ff, stack, outputs }) => {
      await stack.up(syncOf(1));
      ff.fault({
        kind: "wrongType",
        value: { databaseVersion: 50 },
        times: forever,
        match: { method: "GET" },
      });
      await stack.refresh();
      assert.deepEqual([outputs().databaseVersion, "deltaVersion" in outputs()], [50, false]);
    }));
});
