import assert from "node:assert/strict";
import { contextFor } from "../support/context.ts";
import { faster } from "../support/faster.ts";
import { Incomplete, lifecycle } from "../support/flat.ts";
import { failureOf, withHarness } from "./harness.ts";

const prune = { method: "POST", path: /\/database\/prune$/ };

describe("several endpoints of one FACT-Finder connection", () => {
  for (const [type, inputs] of [
    ["DatabasePrune", { channel: "de" }],
    ["ConfigVersionReset", {}],
    ["NodeSync", {}],
    ["NodeSync", { channels: ["de"], director: "director" }],
  ] as const) {
    it(`are warned of in a preview of ${type}${"channels" in inputs ? " with channels" : ""}`, () =>
      withHarness(type, {}, async ({ ff }) => {
        const endpoints = [ff.director.url, ff.worker(1).url];
        const context = contextFor(
          { factfinder: { endpoints }, director: { endpoint: ff.director.url } },
          { preview: true },
        );
        await lifecycle(`factfinder:${type}`).check(context, undefined, { ...inputs });
        assert.match(
          context.said.warnings.join(),
          /factfinder has several endpoints: they must all be the same/,
        );
      }));
  }

  it("that are director and worker: the version of one proves nothing of the other", () =>
    withHarness("DatabasePrune", { workers: 1 }, async ({ ff }) => {
      ff.prune("de"); // director 42, worker 41
      const context = contextFor({ factfinder: { endpoints: [ff.director.url, ff.worker(1).url] } });
      // The director is away for the first look, so the worker is read; the prune meets a 503 there; then the director is back.
      await ff.director.goDown();
      ff.fault({ kind: "status", status: 503, match: prune });
      const stop = ff.watch(({ path }) => {
        if (!path.endsWith("/prune")) return;
        stop();
        void ff.director.comeUp().then(() => ff.worker(1).goDown());
      });
      ff.resetCounts();
      const { message } = await failureOf(
        lifecycle("factfinder:DatabasePrune").create(context, { channel: "de", timeout: "3s" }),
      );
      assert.match(message, /whether prune of channel de was carried out: not done .*connection refused/);
      assert.equal(ff.counts().effects, 0);
    }));

  it("that are director and worker: the one that told the version before is asked for the version after", () =>
    withHarness("DatabasePrune", { workers: 1, clusterSyncMs: 500 }, async ({ ff }) => {
      const context = contextFor({ factfinder: { endpoints: [ff.director.url, ff.worker(1).url] } });
      // The director prunes, its answer is lost, and it is away for a while; the worker follows by itself.
      ff.fault({ kind: "reset", when: "after", match: prune });
      const stop = ff.watch(({ path }) => {
        if (!path.endsWith("/prune")) return;
        stop();
        void ff.director.goDown();
        setTimeout(() => void ff.director.comeUp(), 3_000);
      });
      const { outputs } = await lifecycle("factfinder:DatabasePrune").create(context, { channel: "de" });
      assert.deepEqual([outputs.databaseVersionBefore, outputs.databaseVersion], [41, 42]);
      assert.deepEqual([ff.counts().mutating, ff.counts().effects], [1, 1]);
    }));
});

describe("one of several endpoints of a FACT-Finder connection", () => {
  faster(20);

  it("told the version before, and is gone for good: the error says what to do", () =>
    withHarness("DatabasePrune", { workers: 1 }, async ({ ff }) => {
      const context = contextFor({ factfinder: { endpoints: [ff.director.url, ff.worker(1).url] } });
      ff.fault({ kind: "reset", when: "after", match: prune });
      const stop = ff.watch(({ path }) => {
        if (!path.endsWith("/prune")) return;
        stop();
        void ff.director.goDown();
      });
      const inputs = { channel: "de", timeout: "40s" };
      const failure = await failureOf(lifecycle("factfinder:DatabasePrune").create(context, inputs));
      assert.ok(failure instanceof Incomplete);
      const { id, outputs } = failure;
      const recorded = { ...inputs, ...outputs };
      const again = await failureOf(
        lifecycle("factfinder:DatabasePrune").update(context, id, recorded, inputs),
      );
      assert.match(
        again.message,
        /connection refused.*; the databaseVersion from before the prune is from http/,
      );
      assert.match(
        again.message,
        /if this one is gone for good, take it out of the connection's endpoints, and/,
      );
      // As it says: the other endpoint's versions decide nothing by themselves.
      const other = contextFor({ factfinder: { endpoint: ff.worker(1).url } });
      const open = await failureOf(lifecycle("factfinder:DatabasePrune").update(other, id, recorded, inputs));
      assert.match(open.message, /change triggers to prune/);
      assert.equal(ff.counts().effects, 1);
    }));
});
