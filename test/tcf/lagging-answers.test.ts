import assert from "node:assert/strict";
import type { TcfOptions } from "../../simulators/index.ts";
import { endpointOf, lists, unannounced } from "./answers.ts";
import { failureOf, type Harness, openHarness, wanted } from "./harness.ts";

const always = Number.POSITIVE_INFINITY;
const both = ["demote cluster1", "promote cluster2"];
const open = (options?: TcfOptions, settings = {}) => openHarness("tcf:ActiveCluster", options, settings);

/** The list of this cluster as it was before a switch, for so many milliseconds. */
function lags(harness: Harness, name: string, words: [mine: string, its: string], ms: number): void {
  const other = name === "cluster1" ? "cluster2" : "cluster1";
  const stale = lists(harness, name, [
    { id: "cluster_1", name, status: words[0] },
    { id: "cluster_2", name: other, status: words[1] },
  ]);
  setTimeout(() => stale.remove(), ms);
}

/** One look that is stale everywhere. */
function staleLook(harness: Harness, one: string, two: string): void {
  const say = { cluster1: one, cluster2: two } as Record<string, string>;
  for (const [name, other] of [
    ["cluster1", "cluster2"],
    ["cluster2", "cluster1"],
  ] as const) {
    lists(
      harness,
      name,
      [
        { id: "cluster_1", name, status: say[name] },
        { id: "cluster_2", name: other, status: say[other] },
      ],
      1,
    );
    harness.tcf.fault({
      kind: "status",
      status: 200,
      body: `${say[name]}\n`,
      contentType: "text/plain",
      match: { endpoint: endpointOf(harness, name), path: "/tcf/status" },
    });
  }
}
describe("answers that lag behind a failover", () => {
  it("a forced promotion that is slow, beside a dead cluster that is still listed as active, is not told as undone", async () => {
    await using harness = await open({
      switchMs: 3_000,
      switchWord: "passive",
      statusAfterFailover: "active",
    });
    await harness.tcf.cluster("cluster1").goDown();
    const outcome = await harness.stack.up(wanted({ force: true, timeout: "30s" })).catch((e: Error) => e);
    assert.equal(outcome, "create");
  }).timeout(60_000);

  it("one stale look after the demote does not end the failover with nobody active", async () => {
    await using harness = await open();
    harness.tcf.watch(({ path }) => {
      if (path !== "/tcf/demote") return;
      // The first look after it shows the demote; the second one is stale everywhere.
      let reads = 0;
      const stop = harness.tcf.watch((r) => {
        if (r.path === "/tcf/clusters" && ++reads === 2) {
          stop();
          staleLook(harness, "active", "passive");
        }
      });
    });
    await harness.stack.up(wanted({ timeout: "20s" })).catch((e: Error) => e);
    assert.equal(harness.tcf.activeNames.length, 1);
  }).timeout(30_000);

  it("one stale look after the promote is no take-back", async () => {
    await using harness = await open();
    harness.tcf.watch(({ path }) => {
      if (path !== "/tcf/promote") return;
      let reads = 0;
      const stop = harness.tcf.watch((r) => {
        if (r.path === "/tcf/clusters" && ++reads === 2) {
          stop();
          staleLook(harness, "passive", "passive");
        }
      });
    });
    const outcome = await harness.stack.up(wanted({ timeout: "20s" })).catch((e: Error) => e);
    assert.equal(outcome, "create");
  }).timeout(30_000);

  it("a promote whose answer is lost together with all sight: no claim that nobody is active", async () => {
    await using harness = await open();
    harness.tcf.fault({ kind: "reset", when: "after", match: { path: "/tcf/promote" } });
    harness.tcf.watch(({ path }) => {
      if (path === "/tcf/promote")
        harness.tcf.fault({ kind: "reset", times: always, match: { method: "GET" } });
    });
    const error = await failureOf(harness.stack.up(wanted({ timeout: "5s" })));
    assert.deepEqual(harness.tcf.activeNames, ["cluster2"]);
    assert.doesNotMatch(error.message, /^NO ACTIVE CLUSTER/);
  }).timeout(30_000);

  it("a demote that got lost on the way together with all sight: no claim that nobody is active", async () => {
    await using harness = await open();
    harness.tcf.fault({ kind: "reset", match: { path: "/tcf/demote" } });
    harness.tcf.watch(({ path }) => {
      if (path === "/tcf/demote")
        harness.tcf.fault({ kind: "reset", times: always, match: { method: "GET" } });
    });
    const error = await failureOf(harness.stack.up(wanted({ timeout: "5s" })));
    assert.deepEqual(harness.tcf.activeNames, ["cluster1"]);
    assert.doesNotMatch(error.message, /^NO ACTIVE CLUSTER/);
  }).timeout(30_000);

  it("two actives seen by the survivor while the other falls silent are not a silent 'done'", async () => {
    await using harness = await open();
    harness.tcf.watch(({ path }) => {
      if (path !== "/tcf/promote") return;
      setTimeout(() => {
        harness.tcf.cluster("cluster1").status = "active";
        void harness.tcf.cluster("cluster1").goDown();
      }, 700);
    });
    const outcome = await harness.stack
      .up(wanted({ stableFor: "3s", timeout: "12s" }))
      .catch((e: Error) => e);
    assert.ok(outcome instanceof Error || harness.session.said.warnings.some((w) => /cluster1/.test(w)));
  }).timeout(30_000);

  it("an up within the lag of the lists after a switch from outside is not refused", async () => {
    await using harness = await open();
    harness.tcf.failOver();
    lags(harness, "cluster1", ["active", "passive"], 3_000);
    lags(harness, "cluster2", ["passive", "active"], 3_000);
    const outcome = await harness.stack.up(wanted()).catch((e: Error) => e);
    assert.equal(outcome, "create");
  }).timeout(30_000);

  it("one list lags 3 s after a switch from outside: up is not refused", async () => {
    await using harness = await open();
    harness.tcf.failOver();
    lags(harness, "cluster1", ["active", "passive"], 3_000);
    const outcome = await harness.stack.up(wanted()).catch((e: Error) => e);
    assert.equal(outcome, "create");
  }).timeout(30_000);

  it("the same request in another spelling does not pass the gate", async () => {
    await using harness = await open({ ids: "absolute" });
    harness.tcf.watch(({ path }) => {
      if (path === "/tcf/promote") harness.tcf.failOverIn(1_200);
    });
    await failureOf(harness.stack.up(wanted({ stableFor: "2s" })));
    await unannounced(harness, wanted({ stableFor: "2s", active: "cluster_2" })).catch((e: Error) => e);
    assert.deepEqual(harness.switched(), both);
  }).timeout(30_000);
});
