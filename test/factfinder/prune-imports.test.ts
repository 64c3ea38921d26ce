import assert from "node:assert/strict";
import type { Fault } from "../../simulators/index.ts";
import { Tables } from "../rules/tables.ts";
import { faster } from "../support/faster.ts";
import { type Harness, incompletenessOf, withHarness } from "./harness.ts";

const prune = { method: "POST", path: /\/database\/prune$/ };
const imports = { method: "GET", path: /\/import\/state$/ };
const de = { channel: "de" };
const open =
  /whether it was pruned cannot be told: the databaseVersion rose from 41 to 42, but an import ended/;

/** An up after which it cannot be told whether it was pruned. */
async function openUp({ stack, cost }: Harness): Promise<void> {
  const spent = await cost(async () => {
    const { message } = await incompletenessOf(stack.up(de));
    assert.match(message, open);
    assert.match(message, /change triggers to prune, or set ifDatabaseVersion: 41 to count it as done/);
    assert.doesNotMatch(message, /nothing was sent/);
  });
  assert.deepEqual(spent, { mutating: 1, effects: 0 });
}

describe("DatabasePrune while an import ends", () => {
  faster(20);
  const lost: [what: string, fault: Fault][] = [
    ["a reset", { kind: "reset" }],
    ["500", { kind: "status", status: 500 }],
    ["502", { kind: "status", status: 502 }],
    ["504", { kind: "status", status: 504 }],
    ["no answer", { kind: "hang" }],
    ["an HTML page", { kind: "html" }],
  ];
  new Tables(8).each(
    lost,
    ([what]) => `does not take the import's version for its own after ${what}, and sends nothing more for it`,
    ([, fault]) =>
      withHarness(
        "DatabasePrune",
        {},
        async (harness) => {
          const { ff, stack, cost, outputs } = harness;
          ff.fault({ ...fault, match: prune });
          ff.endImportWithPrune("de");
          await openUp(harness);
          const again = await cost(async () =>
            assert.match((await incompletenessOf(stack.up(de))).message, open),
          );
          assert.equal(again.mutating, 0);
          // The user decides: once more, in place.
          assert.deepEqual(await cost(() => stack.up({ ...de, triggers: [1] })), { mutating: 1, effects: 1 });
          assert.deepEqual([outputs().databaseVersionBefore, outputs().databaseVersion], [42, 43]);
        },
        { requestTimeout: "6s" },
      ),
  );

  it("counts as done where the user says so with ifDatabaseVersion", () =>
    withHarness("DatabasePrune", {}, async (harness) => {
      const { ff, stack, cost, outputs } = harness;
      ff.fault({ kind: "reset", match: prune });
      ff.endImportWithPrune("de");
      await openUp(harness);
      assert.equal((await cost(() => stack.up({ ...de, ifDatabaseVersion: 41 }))).mutating, 0);
      assert.equal(outputs().databaseVersion, 42);
    }));

  it("counts as done at once, with a warning, where ifDatabaseVersion was given", () =>
    withHarness("DatabasePrune", {}, async ({ ff, stack, cost, session }) => {
      ff.fault({ kind: "reset", match: prune });
      ff.endImportWithPrune("de");
      assert.equal((await cost(() => stack.up({ ...de, ifDatabaseVersion: 41 }))).mutating, 1);
      assert.match(
        session.said.warnings.join(),
        /past ifDatabaseVersion 41; but an import ended .*may not be the prune/,
      );
    }));

  it("does not believe an answer of success alone", () =>
    withHarness("DatabasePrune", {}, async (harness) => {
      const { ff } = harness;
      ff.fault({ kind: "status", status: 200, body: "OK", match: prune });
      ff.endImportWithPrune("de");
      await openUp(harness);
    }));

  for (const [what, options, when, type] of [
    ["right before it", {}, "before", "DATA"],
    ["right after it", {}, "after", "DATA"],
    ["and raises nothing", { importRaises: 0 }, "before", "SUGGEST"],
  ] as const) {
    it(`stays open although it was accepted, when an import ended ${what}, until its user says how it counts`, () =>
      withHarness("DatabasePrune", options, async ({ ff, stack, cost }) => {
        ff.endImportWithPrune("de", when, type);
        const spent = await cost(async () =>
          assert.match(
            (await incompletenessOf(stack.up(de))).message,
            /whether it was pruned cannot be told: .* an import ended meanwhile .*or set ifDatabaseVersion: 41 to count it as done/,
          ),
        );
        assert.deepEqual(spent, { mutating: 1, effects: 1 });
        assert.deepEqual(await cost(() => stack.up({ ...de, ifDatabaseVersion: 41 })), {
          mutating: 0,
          effects: 0,
        });
        assert.equal(await stack.up({ ...de, ifDatabaseVersion: 41 }), "same");
      }));
  }

  for (const [what, options] of [
    ["where counts are not told", { importStateStatus: 404 }],
    ["where an import raises by two", { importRaises: 2 }],
  ] as const) {
    it(`does not believe the words of something on the way: ${what}`, () =>
      withHarness("DatabasePrune", options, async ({ ff, stack, cost }) => {
        ff.fault({ kind: "status", status: 200, body: "OK", match: prune });
        ff.endImportWithPrune("de");
        const spent = await cost(async () =>
          assert.match(
            (await incompletenessOf(stack.up(de))).message,
            /whether it was pruned cannot be told/,
          ),
        );
        assert.deepEqual(spent, { mutating: 1, effects: 0 });
      }));
  }

  it("is not disturbed by an import that ended before it, or in another channel", () =>
    withHarness("DatabasePrune", {}, async ({ ff, stack, session, outputs }) => {
      ff.endImport("de");
      ff.fault({ kind: "reset", when: "after", match: prune });
      ff.endImportWithPrune("en");
      ff.endImport("en");
      await stack.up(de);
      assert.deepEqual([outputs().databaseVersionBefore, outputs().databaseVersion], [42, 43]);
      assert.deepEqual(session.said.warnings, []);
    }));

  it("finds its own version on the next up although the time was over before it rose", () =>
    withHarness("DatabasePrune", {}, async ({ ff, stack, cost }) => {
      ff.fault({ kind: "status", status: 500, match: prune });
      await incompletenessOf(stack.up({ ...de, timeout: "20s" }));
      ff.endImport("de");
      const spent = await cost(async () =>
        assert.match((await incompletenessOf(stack.up(de))).message, open),
      );
      assert.equal(spent.mutating, 0);
    }));
});

describe("DatabasePrune where import counts are not told", () => {
  faster(20);
  for (const importStateStatus of [403, 404, 500] as const) {
    it(`is done, with a warning, once it is accepted and the version has risen: ${importStateStatus}`, () =>
      withHarness("DatabasePrune", { importStateStatus }, async ({ stack, cost, session }) => {
        assert.deepEqual(await cost(() => stack.up(de)), { mutating: 1, effects: 1 });
        assert.match(
          session.said.warnings.join(),
          /counts as done, since .* 41 to 42; whether an import ended meanwhile is not told; the director accepted/,
        );
      }));

    it(`leaves open what a lost answer leaves open: ${importStateStatus}`, () =>
      withHarness("DatabasePrune", { importStateStatus }, async ({ ff, stack, cost }) => {
        ff.fault({ kind: "reset", when: "after", match: prune });
        const spent = await cost(async () => {
          const { message } = await incompletenessOf(stack.up(de));
          assert.match(message, /rose from 41 to 42, but whether an import ended meanwhile is not told/);
        });
        assert.deepEqual(spent, { mutating: 1, effects: 1 });
        assert.equal((await cost(() => incompletenessOf(stack.up(de)))).mutating, 0);
      }));
  }

  for (const [what, value] of [
    ["no list", {}],
    ["an empty list", { importCounts: [] }],
    ["a type without a count", { importCounts: [{ type: "DATA" }] }],
    ["a count without a type", { importCounts: [{ count: 1 }] }],
  ] as const) {
    it(`takes ${what} for not told`, () =>
      withHarness("DatabasePrune", {}, async ({ ff, stack }) => {
        ff.fault({ kind: "wrongType", value, times: Number.POSITIVE_INFINITY, match: imports });
        ff.fault({ kind: "reset", when: "after", match: prune });
        assert.match((await incompletenessOf(stack.up(de))).message, /is not told/);
      }));
  }

  it("looks again by the next up, and finds it done once they are told", () =>
    withHarness("DatabasePrune", {}, async ({ ff, stack, cost, outputs }) => {
      ff.fault({ kind: "status", status: 403, skip: 1, times: Number.POSITIVE_INFINITY, match: imports });
      ff.fault({ kind: "reset", when: "after", match: prune });
      assert.match((await incompletenessOf(stack.up(de))).message, /is not told/);
      ff.clearFaults();
      assert.equal((await cost(() => stack.up(de))).mutating, 0);
      assert.deepEqual([outputs().databaseVersionBefore, outputs().databaseVersion], [41, 42]);
    }));

  it("leaves it open where a restart has set them to 0 meanwhile", () =>
    withHarness("DatabasePrune", {}, async ({ ff, stack }) => {
      ff.endImport("de");
      ff.fault({ kind: "reset", when: "after", match: prune });
      const stop = ff.watch(({ path }) => {
        if (!path.endsWith("/prune")) return;
        stop();
        void ff.restart({ loseHistory: true });
      });
      assert.match((await incompletenessOf(stack.up(de))).message, /is not told/);
    }));
});
