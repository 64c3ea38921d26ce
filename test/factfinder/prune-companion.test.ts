import assert from "node:assert/strict";
import type { FactFinderSimulator } from "../../simulators/index.ts";
import { contextFor } from "../support/context.ts";
import { lifecycle } from "../support/flat.ts";
import { failureOf, incompletenessOf, onStage } from "./stage.ts";

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
  it("has the import counts recorded ahead", () =>
    onStage("DatabasePrune", {}, async ({ ff }) => {
      ff.endImport("de", "SUGGEST");
      assert.deepEqual((await markOf(ff)).seen, { databaseVersion: 42, imports: { DATA: 0, SUGGEST: 1 } });
    }));

  it("records that they are not told", () =>
    onStage("DatabasePrune", { importStateStatus: 404 }, async ({ ff }) => {
      assert.deepEqual((await markOf(ff)).seen, { databaseVersion: 41, imports: "unknown" });
    }));

  it("does not take an import's version for that of its prune, and does not prune twice", () =>
    onStage("DatabasePrune", {}, async ({ ff, session, stack, cost }) => {
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
    onStage("DatabasePrune", {}, async ({ ff, session, cost }) => {
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
        /counts as done, since .*an earlier version recorded no import counts/,
      );
    }));

  it("resumes what an earlier version left unfinished as that version did, and warns", () =>
    onStage("DatabasePrune", {}, async ({ ff, session, stack, cost }) => {
      ff.fault({ kind: "status", status: 500, times: 3, match: prune });
      await incompletenessOf(stack.up(de));
      const state = stack.state?.outputs ?? assert.fail();
      state.__unfinished = { databaseVersion: 41, mayComeUntil: 0 };
      ff.prune("de");
      assert.equal((await cost(() => stack.up(de))).mutating, 0);
      assert.match(session.said.warnings.join(), /an earlier version recorded no import counts/);
    }));

  it("says of a version that is not told that nothing was sent", () =>
    onStage("DatabasePrune", { omitFields: ["databaseVersion"] }, async ({ session, cost }) => {
      const spent = await cost(async () =>
        assert.match((await failureOf(session.create(de))).message, /nothing was sent/),
      );
      assert.equal(spent.mutating, 0);
    }));

  it("has one also where the import counts hang: they explain, and hold nothing up", () =>
    onStage("DatabasePrune", {}, async ({ ff }) => {
      ff.fault({ kind: "hang", times: Number.POSITIVE_INFINITY, match: imports });
      const context = contextFor({ factfinder: { endpoint: ff.director.url, requestTimeout: "1s" } });
      const intent = await lifecycle("factfinder:DatabasePruneIntent").create(context, {
        ...de,
        timeout: "4s",
      });
      const { seen } = intent.outputs.before as { seen: object };
      assert.deepEqual(seen, { databaseVersion: 41, imports: "unknown" });
    }));

  it("says of a version beyond 2^53 that it cannot be compared, and not that it is not told", () =>
    onStage("DatabasePrune", {}, async ({ ff, session }) => {
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
