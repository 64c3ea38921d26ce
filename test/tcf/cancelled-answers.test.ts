import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { recoveryTime } from "../../provider/tcf/active-cluster/recover.ts";
import type { TcfOptions } from "../../simulators/index.ts";
import { endpointOf } from "./answers.ts";
import { failureOf, nobodyActive, openHarness, wanted } from "./harness.ts";

const always = Number.POSITIVE_INFINITY;

const refuses = {
  kind: "status",
  status: 500,
  body: '{"error":"no quorum"}',
  contentType: "application/json",
} as const;

const open = (options?: TcfOptions, settings = {}) => openHarness("tcf:ActiveCluster", options, settings);

describe("a cancelled failover", () => {
  const usual = recoveryTime.milliseconds;
  before(() => {
    recoveryTime.milliseconds = 6_000;
  });
  after(() => {
    recoveryTime.milliseconds = usual;
  });

  it("going back while the promote of the new one may still land makes no two actives", async () => {
    await using harness = await open({ promoteWhileOtherActive: "bothActive" });
    harness.tcf.fault({
      kind: "delay",
      ms: 5_000,
      times: always,
      match: { endpoint: endpointOf(harness, "cluster2"), path: "/tcf/promote" },
    });
    harness.tcf.watch(({ path }) => {
      if (path === "/tcf/demote") setTimeout(() => harness.session.cancel?.(), 100);
    });
    await failureOf(harness.stack.up(wanted({ stableFor: "1s" })));
    await pause(3_000);
    assert.ok(harness.tcf.activeNames.length === 1, `actives: ${harness.tcf.activeNames}`);
  }).timeout(30_000);

  it("a coordinator that is active again after the cancel is not demoted a second time", async () => {
    await using harness = await open({ switchMs: 400 });
    let cancelled = false;
    harness.tcf.watch(({ path }) => {
      if (path === "/tcf/demote" && !cancelled) {
        cancelled = true;
        setTimeout(() => harness.session.cancel?.(), 100);
      }
      if (path !== "/tcf/promote") return;
      // The coordinator takes the overtime's promotion back at once.
      harness.tcf.cluster("cluster1").status = "active";
      harness.tcf.cluster("cluster2").status = "passive";
    });
    await failureOf(harness.stack.up(wanted({ stableFor: "1s" })));
    assert.equal(harness.switched().filter((c) => c === "demote cluster1").length, 1);
  }).timeout(30_000);

  it("a demote that never left: no alarm, no 'was sent'", async () => {
    await using harness = await open({}, { requestTimeout: "800ms" });
    const { inputs } = await harness.session.check(undefined, wanted({ timeout: "8s" }), false);
    // Both endpoints vanish between the decisive look and the demote.
    let reads = 0;
    harness.tcf.watch(({ path }) => {
      if (path === "/tcf/status" && ++reads === 2) for (const c of harness.tcf.clusters) void c.goDown();
    });
    const error = await failureOf(harness.session.create(inputs));
    assert.deepEqual(harness.switched(), []);
    assert.doesNotMatch(error.message, /NO ACTIVE CLUSTER|was sent/);
  }).timeout(30_000);

  it("a missing right for demote while both lists fail: no alarm", async () => {
    await using harness = await openHarness(
      "tcf:ActiveCluster",
      { auth: { tokens: [{ token: "reader-token", roles: ["info"] }] } },
      { token: "reader-token" },
    );
    harness.tcf.watch(({ path }) => {
      if (path === "/tcf/demote")
        harness.tcf.fault({ kind: "reset", times: always, match: { method: "GET" } });
    });
    const error = await failureOf(harness.stack.up(wanted()));
    assert.doesNotMatch(error.message, /NO ACTIVE CLUSTER/);
  }).timeout(30_000);

  it("a toggle that stops half way, and its cancel: nobody is active, which is said", async () => {
    await using harness = await open();
    harness.tcf.fault({ ...refuses, match: { path: "/tcf/toggle" } });
    harness.tcf.fault({ ...refuses, times: always, match: { path: "/tcf/promote" } });
    harness.tcf.watch(({ path }) => {
      if (path === "/tcf/toggle") nobodyActive(harness);
    });
    const error = await failureOf(harness.stack.up(wanted({ strategy: "toggle", timeout: "6s" })));
    assert.match(error.message, /^NO ACTIVE CLUSTER/);
  }).timeout(30_000);

  it("the promote answered 200 while everything turns unreadable: no claim that nobody is active", async () => {
    await using harness = await open();
    harness.tcf.watch(({ path }) => {
      if (path === "/tcf/promote")
        harness.tcf.fault({ kind: "reset", times: always, match: { method: "GET" } });
    });
    const error = await failureOf(harness.stack.up(wanted({ timeout: "4s" })));
    assert.doesNotMatch(error.message, /^NO ACTIVE CLUSTER/);
  }).timeout(30_000);

  it("a cancel with the new one dead after the demote goes back", async () => {
    await using harness = await open({ switchMs: 300 });
    harness.tcf.watch(({ path }) => {
      if (path !== "/tcf/demote") return;
      setTimeout(() => void harness.tcf.cluster("cluster2").goDown(), 50);
      setTimeout(() => harness.session.cancel?.(), 100);
    });
    await failureOf(harness.stack.up(wanted()));
    assert.equal(harness.tcf.cluster("cluster1").status, "active");
  }).timeout(30_000);

  it("a cancel with the old one dead after the demote: promoted, or said", async () => {
    await using harness = await open({ switchMs: 300 });
    harness.tcf.watch(({ path }) => {
      if (path !== "/tcf/demote") return;
      setTimeout(() => void harness.tcf.cluster("cluster1").goDown(), 400);
      setTimeout(() => harness.session.cancel?.(), 450);
    });
    const error = await failureOf(harness.stack.up(wanted()));
    assert.ok(
      harness.tcf.cluster("cluster2").status === "active" || /^NO ACTIVE CLUSTER/.test(error.message),
    );
  }).timeout(30_000);

  it("a cancel while one of two actives is demoted: nothing is said to be promoted that was not", async () => {
    await using harness = await open({ switchMs: 500 });
    harness.tcf.cluster("cluster2").status = "active";
    harness.tcf.watch(({ path }) => {
      if (path === "/tcf/demote") setTimeout(() => harness.session.cancel?.(), 100);
    });
    const error = await failureOf(harness.stack.up(wanted({ resolveBothActive: true })));
    assert.deepEqual(harness.switched(), ["demote cluster1"]);
    assert.doesNotMatch(error.message, /was promoted/);
  });
});
