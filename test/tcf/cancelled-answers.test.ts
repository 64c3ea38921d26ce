import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { recoveryTime } from "../../provider/tcf/active-cluster/recover.ts";
import type { TcfOptions } from "../../simulators/index.ts";
import { endpointOf } from "./answers.ts";
import { failureOf, nobodyActive, openScene, wanted } from "./scene.ts";

const always = Number.POSITIVE_INFINITY;

const refuses = {
  kind: "status",
  status: 500,
  body: '{"error":"no quorum"}',
  contentType: "application/json",
} as const;

const open = (options?: TcfOptions, settings = {}) => openScene("tcf:ActiveCluster", options, settings);

describe("a cancelled failover", () => {
  const usual = recoveryTime.milliseconds;
  before(() => {
    recoveryTime.milliseconds = 6_000;
  });
  after(() => {
    recoveryTime.milliseconds = usual;
  });

  it("going back while the promote of the new one may still land makes no two actives", async () => {
    await using scene = await open({ promoteWhileOtherActive: "bothActive" });
    scene.tcf.fault({
      kind: "delay",
      ms: 5_000,
      times: always,
      match: { endpoint: endpointOf(scene, "cluster2"), path: "/tcf/promote" },
    });
    scene.tcf.watch(({ path }) => {
      if (path === "/tcf/demote") setTimeout(() => scene.session.cancel?.(), 100);
    });
    await failureOf(scene.stack.up(wanted({ stableFor: "1s" })));
    await pause(3_000);
    assert.ok(scene.tcf.activeNames.length === 1, `actives: ${scene.tcf.activeNames}`);
  }).timeout(30_000);

  it("a coordinator that is active again after the cancel is not demoted a second time", async () => {
    await using scene = await open({ switchMs: 400 });
    let cancelled = false;
    scene.tcf.watch(({ path }) => {
      if (path === "/tcf/demote" && !cancelled) {
        cancelled = true;
        setTimeout(() => scene.session.cancel?.(), 100);
      }
      if (path !== "/tcf/promote") return;
      // The coordinator takes the overtime's promotion back at once.
      scene.tcf.cluster("cluster1").status = "active";
      scene.tcf.cluster("cluster2").status = "passive";
    });
    await failureOf(scene.stack.up(wanted({ stableFor: "1s" })));
    assert.equal(scene.switched().filter((c) => c === "demote cluster1").length, 1);
  }).timeout(30_000);

  it("a demote that never left: no alarm, no 'was sent'", async () => {
    await using scene = await open({}, { requestTimeout: "800ms" });
    const { inputs } = await scene.session.check(undefined, wanted({ timeout: "8s" }), false);
    // Both endpoints vanish between the decisive look and the demote.
    let reads = 0;
    scene.tcf.watch(({ path }) => {
      if (path === "/tcf/status" && ++reads === 2) for (const c of scene.tcf.clusters) void c.goDown();
    });
    const error = await failureOf(scene.session.create(inputs));
    assert.deepEqual(scene.switched(), []);
    assert.doesNotMatch(error.message, /NO ACTIVE CLUSTER|was sent/);
  }).timeout(30_000);

  it("a missing right for demote while both lists fail: no alarm", async () => {
    await using scene = await openScene(
      "tcf:ActiveCluster",
      { auth: { tokens: [{ token: "reader-token", roles: ["info"] }] } },
      { token: "reader-token" },
    );
    scene.tcf.watch(({ path }) => {
      if (path === "/tcf/demote") scene.tcf.fault({ kind: "reset", times: always, match: { method: "GET" } });
    });
    const error = await failureOf(scene.stack.up(wanted()));
    assert.doesNotMatch(error.message, /NO ACTIVE CLUSTER/);
  }).timeout(30_000);

  it("a toggle that stops half way, and its cancel: nobody is active, which is said", async () => {
    await using scene = await open();
    scene.tcf.fault({ ...refuses, match: { path: "/tcf/toggle" } });
    scene.tcf.fault({ ...refuses, times: always, match: { path: "/tcf/promote" } });
    scene.tcf.watch(({ path }) => {
      if (path === "/tcf/toggle") nobodyActive(scene);
    });
    const error = await failureOf(scene.stack.up(wanted({ strategy: "toggle", timeout: "6s" })));
    assert.match(error.message, /^NO ACTIVE CLUSTER/);
  }).timeout(30_000);

  it("the promote answered 200 while everything turns unreadable: no claim that nobody is active", async () => {
    await using scene = await open();
    scene.tcf.watch(({ path }) => {
      if (path === "/tcf/promote")
        scene.tcf.fault({ kind: "reset", times: always, match: { method: "GET" } });
    });
    const error = await failureOf(scene.stack.up(wanted({ timeout: "4s" })));
    assert.doesNotMatch(error.message, /^NO ACTIVE CLUSTER/);
  }).timeout(30_000);

  it("a cancel with the new one dead after the demote goes back", async () => {
    await using scene = await open({ switchMs: 300 });
    scene.tcf.watch(({ path }) => {
      if (path !== "/tcf/demote") return;
      setTimeout(() => void scene.tcf.cluster("cluster2").goDown(), 50);
      setTimeout(() => scene.session.cancel?.(), 100);
    });
    await failureOf(scene.stack.up(wanted()));
    assert.equal(scene.tcf.cluster("cluster1").status, "active");
  }).timeout(30_000);

  it("a cancel with the old one dead after the demote: promoted, or said", async () => {
    await using scene = await open({ switchMs: 300 });
    scene.tcf.watch(({ path }) => {
      if (path !== "/tcf/demote") return;
      setTimeout(() => void scene.tcf.cluster("cluster1").goDown(), 400);
      setTimeout(() => scene.session.cancel?.(), 450);
    });
    const error = await failureOf(scene.stack.up(wanted()));
    assert.ok(scene.tcf.cluster("cluster2").status === "active" || /^NO ACTIVE CLUSTER/.test(error.message));
  }).timeout(30_000);

  it("a cancel while one of two actives is demoted: nothing is said to be promoted that was not", async () => {
    await using scene = await open({ switchMs: 500 });
    scene.tcf.cluster("cluster2").status = "active";
    scene.tcf.watch(({ path }) => {
      if (path === "/tcf/demote") setTimeout(() => scene.session.cancel?.(), 100);
    });
    const error = await failureOf(scene.stack.up(wanted({ resolveBothActive: true })));
    assert.deepEqual(scene.switched(), ["demote cluster1"]);
    assert.doesNotMatch(error.message, /was promoted/);
  });
});
