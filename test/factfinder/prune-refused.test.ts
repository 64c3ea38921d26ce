import assert from "node:assert/strict";
import type { FactFinderSimulator } from "../../simulators/index.ts";
import { contextFor } from "../support/context.ts";
import { faster } from "../support/faster.ts";
import { lifecycle } from "../support/flat.ts";
import { failureOf, incompletenessOf, withHarness } from "./harness.ts";

const prune = { method: "POST", path: /\/database\/prune$/ };
const de = { channel: "de" };

async function markOf(ff: FactFinderSimulator): Promise<unknown> {
  const context = contextFor({ factfinder: { endpoint: ff.director.url } });
  return (await lifecycle("factfinder:DatabasePruneIntent").create(context, de)).outputs.before;
}

/** Once the prune was asked for, so many ms later. */
function afterPrune(ff: FactFinderSimulator, ms: number, act: () => unknown): void {
  const stop = ff.watch(({ path }) => {
    if (!path.endsWith("/prune")) return;
    stop();
    setTimeout(act, ms);
  });
}

describe("DatabasePrune, turned away", () => {
  faster(20);
  for (const status of [429, 503]) {
    it(`keeps to ifDatabaseVersion when it sends again after ${status} with Retry-After`, () =>
      withHarness("DatabasePrune", {}, async ({ ff, stack }) => {
        ff.fault({ kind: "status", status, headers: { "Retry-After": "2" }, match: prune });
        // Another stack with the same ifDatabaseVersion has its turn while this one waits.
        afterPrune(ff, 1_700, () => ff.prune("de"));
        await stack.up({ ...de, ifDatabaseVersion: 41 });
        assert.equal(ff.director.state("de").databaseVersion, 42, "one prune by all who say so");
      }));
  }

  for (const withCompanion of [false, true]) {
    it(`is not confused by an import that ends meanwhile${withCompanion ? ", with its companion" : ""}: 429`, () =>
      withHarness("DatabasePrune", {}, async ({ ff, stack, cost, outputs }) => {
        const more = withCompanion ? { __before: await markOf(ff) } : {};
        ff.fault({ kind: "status", status: 429, headers: { "Retry-After": "0" }, match: prune });
        ff.endImportWithPrune("de");
        assert.deepEqual(await cost(() => stack.up({ ...de, ...more })), { mutating: 2, effects: 1 });
        assert.deepEqual([outputs().databaseVersionBefore, outputs().databaseVersion], [42, 43]);
      }));
  }

  for (const [what, act] of [
    ["an import", (ff: FactFinderSimulator) => ff.endImport("de")],
    ["another's prune", (ff: FactFinderSimulator) => ff.prune("de")],
  ] as const) {
    it(`by a 403 it is recorded as refused, so that ${what} does not count as it, with its companion`, () =>
      withHarness("DatabasePrune", {}, async ({ ff, stack, cost, outputs }) => {
        const __before = await markOf(ff);
        ff.fault({ kind: "status", status: 403, match: prune });
        await incompletenessOf(stack.up({ ...de, __before }));
        act(ff);
        assert.deepEqual(await cost(() => stack.up({ ...de, __before })), { mutating: 1, effects: 1 });
        assert.deepEqual([outputs().databaseVersionBefore, outputs().databaseVersion], [42, 43]);
      }));
  }

  it("by a failure inside a 200 it is not one that the director accepted", () =>
    withHarness("DatabasePrune", { importStateStatus: 404 }, async ({ ff, stack }) => {
      ff.fault({
        kind: "wrongType",
        value: { success: false, error: { name: "AccessDenied" } },
        match: prune,
      });
      ff.endImportWithPrune("de");
      assert.match((await failureOf(stack.up(de))).message, /whether it was pruned cannot be told/);
    }));
});

describe("DatabasePrune of another intent", () => {
  faster(20);
  for (const more of [{ ifDatabaseVersion: 41 }, { triggers: [1] }]) {
    it(`waits for an earlier request that may still come: ${Object.keys(more)}`, () =>
      withHarness(
        "DatabasePrune",
        {},
        async ({ ff, stack, cost }) => {
          // The director takes its time: no answer, and the effect comes after the time was over.
          ff.fault({ kind: "hang", match: prune });
          await incompletenessOf(stack.up({ ...de, timeout: "16s" }));
          setTimeout(() => ff.prune("de"), 1_000);
          const spent = await cost(() => stack.up({ ...de, ...more }));
          assert.equal(spent.mutating, "triggers" in more ? 1 : 0);
          assert.equal(ff.director.state("de").databaseVersion, "triggers" in more ? 43 : 42);
        },
        { requestTimeout: "30s" },
      ));
  }
});
