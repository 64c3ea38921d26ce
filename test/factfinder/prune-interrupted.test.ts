import assert from "node:assert/strict";
import type { Fault } from "../../simulators/index.ts";
import { Tables } from "../rules/tables.ts";
import { contextFor } from "../support/context.ts";
import { faster } from "../support/faster.ts";
import { lifecycle } from "../support/flat.ts";
import { incompletenessOf, withHarness } from "./harness.ts";

const prune = { method: "POST", path: /\/database\/prune$/ };
const state = { method: "GET", path: /\/database\/state$/ };
const de = { channel: "de" };

describe("DatabasePrune, interrupted", () => {
  faster(20);
  describe("when the answer is lost", () => {
    type Loss = [what: string, fault: Fault, sent: number];
    const losses: Loss[] = [
      ["reset before it was handled", { kind: "reset" }, 2],
      ["reset afterwards", { kind: "reset", when: "after" }, 1],
      ["500 before", { kind: "status", status: 500 }, 2],
      ["500 afterwards", { kind: "status", status: 500, when: "after" }, 1],
      ["503 twice before", { kind: "status", status: 503, times: 2 }, 3],
      ["504 afterwards", { kind: "status", status: 504, when: "after" }, 1],
      ["no answer, but carried out", { kind: "hang", when: "after" }, 1],
      ["no answer in time, carried out later", { kind: "delay", ms: 2_000 }, 1],
      ["an HTML page afterwards", { kind: "html", when: "after" }, 1],
      ["half an answer", { kind: "truncatedBody", when: "after" }, 1],
    ];
    new Tables(16).each(
      losses,
      ([what]) => `prunes once all the same: ${what}`,
      ([, fault, sent]) =>
        withHarness(
          "DatabasePrune",
          {},
          async ({ ff, stack, cost, outputs }) => {
            ff.fault({ ...fault, match: prune });
            assert.deepEqual(await cost(() => stack.up(de)), { mutating: sent, effects: 1 });
            assert.deepEqual([outputs().databaseVersionBefore, outputs().databaseVersion], [41, 42]);
          },
          { requestTimeout: "6s" },
        ),
    );

    for (const fault of [{ kind: "hang" }, { kind: "status", status: 504 }] as const) {
      it(`is sent again after ${fault.kind} without effect only when it can no longer land, by the next up if need be`, () =>
        withHarness(
          "DatabasePrune",
          {},
          async ({ ff, stack, cost, outputs }) => {
            ff.fault({ ...fault, match: prune });
            const first = await cost(async () => {
              const { message } = await incompletenessOf(stack.up({ ...de, timeout: "20s" }));
              assert.match(
                message,
                /whether prune of channel de was carried out: not done within the timeout/,
              );
            });
            assert.equal(first.mutating, 1);
            assert.deepEqual(await cost(() => stack.up(de)), { mutating: 1, effects: 1 });
            assert.equal(outputs().databaseVersion, 42);
            ff.fault({ ...fault, match: prune });
            assert.deepEqual(await cost(() => stack.up({ ...de, triggers: [1] })), {
              mutating: 2,
              effects: 1,
            });
          },
          { requestTimeout: "6s" },
        ));
    }

    it("counts as done on the next up when the version has risen meanwhile", () =>
      withHarness("DatabasePrune", {}, async ({ ff, stack, cost, outputs }) => {
        ff.fault({ kind: "status", status: 500, match: prune });
        const first = await cost(() => incompletenessOf(stack.up({ ...de, timeout: "20s" })));
        assert.deepEqual(first, { mutating: 1, effects: 0 });
        ff.prune("de");
        assert.equal((await cost(() => stack.up(de))).mutating, 0);
        assert.deepEqual([outputs().databaseVersionBefore, outputs().databaseVersion], [41, 42]);
        assert.equal(await stack.up(de), "same");
      }));

    it("prunes for another intent although the earlier one has landed meanwhile", () =>
      withHarness("DatabasePrune", {}, async ({ ff, stack, cost, outputs }) => {
        ff.fault({ kind: "status", status: 500, match: prune });
        await incompletenessOf(stack.up({ ...de, timeout: "20s" }));
        ff.prune("de");
        assert.equal((await cost(() => stack.up({ ...de, triggers: [1] }))).mutating, 1);
        assert.deepEqual([outputs().databaseVersionBefore, outputs().databaseVersion], [42, 43]);
      }));

    it("is not sent again while the version is not told", () =>
      withHarness("DatabasePrune", {}, async ({ ff, stack, cost }) => {
        ff.fault({ kind: "reset", when: "after", match: prune });
        ff.fault({ kind: "wrongType", value: {}, times: Infinity, skip: 2, match: state });
        const first = await cost(async () => {
          const { message } = await incompletenessOf(stack.up({ ...de, timeout: "20s" }));
          assert.match(message, /whether .* was carried out: .*factfinder does not tell its databaseVersion/);
        });
        assert.equal(first.mutating, 1);
        ff.clearFaults();
        assert.equal((await cost(() => stack.up(de))).mutating, 0);
      }));
  });

  it("goes on from what its companion saw before a killed process", () =>
    withHarness("DatabasePrune", {}, async ({ ff, session, cost }) => {
      const context = contextFor({ factfinder: { endpoint: ff.director.url } });
      const intent = await lifecycle("factfinder:DatabasePruneIntent").create(context, de);
      ff.prune("de");
      const spent = await cost(async () => {
        const { outputs } = await session.create({ ...de, __before: intent.outputs.before });
        assert.deepEqual([outputs.databaseVersionBefore, outputs.databaseVersion], [41, 42]);
      });
      assert.equal(spent.mutating, 0);
    }));

  it("waits for the version to rise after a good answer, and resumes", () =>
    withHarness("DatabasePrune", {}, async ({ ff, stack, cost }) => {
      const good = { kind: "status", status: 200, body: "OK" } as const;
      ff.fault({ ...good, match: prune });
      const first = await cost(async () => {
        const { message } = await incompletenessOf(stack.up({ ...de, timeout: "12s" }));
        assert.match(
          message,
          /factfinder channel de: prune of channel de on factfinder: not done within the timeout/,
        );
        assert.match(message, /databaseVersion 41, expected above 41/);
      });
      assert.equal(first.mutating, 1);
      ff.prune("de");
      assert.equal((await cost(() => stack.up(de))).mutating, 0);
    }));
});
