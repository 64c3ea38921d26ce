import assert from "node:assert/strict";
import type { FactFinderSimulator } from "../../simulators/index.ts";
import { contextFor } from "../support/context.ts";
import { faster } from "../support/faster.ts";
import { lifecycle } from "../support/flat.ts";
import { failureOf, incompletenessOf, withHarness } from "./harness.ts";

const prune = { method: "POST", path: /\/database\/prune$/ };
const imports = { method: "GET", path: /\/import\/state$/ };
const de = { channel: "de" };
const open =
  /whether it was pruned cannot be told: the databaseVersion rose from 41 to 42, but an import ended/;

/** What the companion records, ahead of a run. */
async function markOf(ff: FactFinderSimulator): Promise<{ seen: Record<string, unknown> }> {
  const context = contextFor({ factfinder: { endpoint: ff.director.url } });
  const { outputs } = await lifecycle("factfinder:DatabasePruneIntent").create(context, de);
  return outputs.before as { seen: Record<string, unknown> };
}

describe("DatabasePrune after a killed process", () => {
  faster(20);
  it("has the import counts recorded ahead", () =>
    withHarness("DatabasePrune", {}, async ({ ff }) => {
      ff.endImport("de", "SUGGEST");
      const { at, ...seen } = (await markOf(ff)).seen;
      assert.deepEqual(seen, { databaseVersion: 42, imports: { DATA: 0, SUGGEST: 1 } });
      assert.ok(Math.abs(Number(at) - Date.now()) < 60_000);
    }));

  it("records that they are not told", () =>
    withHarness("DatabasePrune", { importStateStatus: 404 }, async ({ ff }) => {
      const { at, ...seen } = (await markOf(ff)).seen;
      assert.deepEqual([seen, typeof at], [{ databaseVersion: 41, imports: "unknown" }, "number"]);
    }));

  it("does not take an import's version for that of its prune, and does not prune twice", () =>
    withHarness("DatabasePrune", {}, async ({ ff, session, stack, cost }) => {
      const __before = await markOf(ff);
      ff.endImport("de");
      const spent = await cost(async () => {
        assert.match((await incompletenessOf(stack.up({ ...de, __before }))).message, open);
        assert.match((await incompletenessOf(stack.up({ ...de, __before }))).message, open);
      });
      assert.equal(spent.mutating, 0);
      assert.deepEqual(session.said.warnings, []);
    }));

  it("counts what an earlier version recorded ahead as that version did, and warns", () =>
    withHarness("DatabasePrune", {}, async ({ ff, session, cost }) => {
      const { seen, ...intent } = await markOf(ff);
      ff.endImport("de");
      const __before = { ...intent, seen: { databaseVersion: seen.databaseVersion } };
      const spent = await cost(async () => {
        const { outputs } = await session.create({ ...de, __before });
        assert.deepEqual([outputs.databaseVersionBefore, outputs.databaseVersion], [41, 42]);
      });
      assert.equal(spent.mutating, 0);
      assert.match(
        session.said.warnings.join(),
        /counts as done by an earlier run: .*an earlier version recorded no import counts/,
      );
    }));

  it("resumes what an earlier version left unfinished as that version did, and warns", () =>
    withHarness("DatabasePrune", {}, async ({ ff, session, stack, cost }) => {
      ff.fault({ kind: "status", status: 500, match: prune });
      await incompletenessOf(stack.up({ ...de, timeout: "20s" }));
      const { __more: _, ...state } = stack.state?.outputs ?? assert.fail();
      state.__unfinished = { databaseVersion: 41, mayComeUntil: 0 };
      if (stack.state) stack.state.outputs = state;
      ff.prune("de");
      assert.equal((await cost(() => stack.up(de))).mutating, 0);
      assert.match(session.said.warnings.join(), /an earlier version recorded no import counts/);
    }));

  it("does not take another endpoint's version for the one before, and says so in a preview already", () =>
    withHarness("DatabasePrune", {}, async ({ ff, session, cost }) => {
      const { seen, ...intent } = await markOf(ff);
      const __before = { ...intent, seen: { ...seen, from: "http://elsewhere.example" } };
      const spent = await cost(async () => {
        await session.check(undefined, { ...de, __before }, true);
        const failure = await failureOf(session.create({ ...de, __before }));
        assert.match(
          failure.message,
          /cannot be told: .* was read from http:\/\/elsewhere.*: change triggers/,
        );
      });
      assert.equal(spent.mutating, 0);
      assert.match(
        JSON.stringify(session.said),
        /earlier run has pruned cannot be told .* nothing will be sent/,
      );
    }));

  it("says of a version that is not told that nothing was sent", () =>
    withHarness("DatabasePrune", { omitFields: ["databaseVersion"] }, async ({ session, cost }) => {
      const spent = await cost(async () =>
        assert.match((await failureOf(session.create(de))).message, /nothing was sent/),
      );
      assert.equal(spent.mutating, 0);
    }));

  it("has one also where the import counts hang: they explain, and hold nothing up", () =>
    withHarness("DatabasePrune", {}, async ({ ff }) => {
      ff.fault({ kind: "hang", times: Number.POSITIVE_INFINITY, match: imports });
      const context = contextFor({ factfinder: { endpoint: ff.director.url, requestTimeout: "20s" } });
      const intent = await lifecycle("factfinder:DatabasePruneIntent").create(context, {
        ...de,
        timeout: "60s",
      });
      const { at: _, ...seen } = (intent.outputs.before as { seen: Record<string, unknown> }).seen;
      assert.deepEqual(seen, { databaseVersion: 41, imports: "unknown" });
    }));

  it("says of a version beyond 2^53 that it cannot be compared, and not that it is not told", () =>
    withHarness("DatabasePrune", {}, async ({ ff, session }) => {
      ff.fault({
        kind: "status",
        status: 200,
        contentType: "application/json",
        body: '{"databaseVersion":1731234567890123456,"deltaVersion":7}',
        times: Number.POSITIVE_INFINITY,
        match: { method: "GET", path: /database\/state$/ },
      });
      const { message } = await failureOf(session.create(de));
      assert.match(message, /databaseVersion 1731234567890123456 is beyond 2\^53/);
    }));
});
