import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { TcfOptions } from "../../simulators/index.ts";
import { endpointOf, unannounced } from "./answers.ts";
import { failureOf, nobodyActive, openHarness, wanted } from "./harness.ts";

const always = Number.POSITIVE_INFINITY;
const both = ["demote cluster1", "promote cluster2"];
const open = (options?: TcfOptions, settings = {}) => openHarness("tcf:ActiveCluster", options, settings);

describe("a switch that somebody else fights", () => {
  it("a promotion from two passive clusters that is taken back at once is not followed by a demote of what the coordinator chose", async () => {
    await using harness = await open();
    nobodyActive(harness);
    harness.tcf.watch(({ path }) => {
      if (path !== "/tcf/promote") return;
      harness.tcf.cluster("cluster1").status = "active";
      harness.tcf.cluster("cluster2").status = "passive";
    });
    await failureOf(harness.stack.up(wanted({ timeout: "10s" })));
    assert.deepEqual(harness.switched(), ["promote cluster2"]);
    assert.deepEqual(harness.tcf.activeNames, ["cluster1"]);
  });

  it("a second active cluster that appears after our promote: the refusal does not say that nothing was sent", async () => {
    await using harness = await open();
    harness.tcf.watch(({ path }) => {
      if (path === "/tcf/promote") harness.tcf.cluster("cluster1").status = "active";
    });
    const error = await failureOf(harness.stack.up(wanted({ timeout: "10s" })));
    assert.deepEqual(harness.switched(), both);
    assert.doesNotMatch(error.message, /nothing was sent/);
  });

  it("a forced promotion beside an unreadable, still active cluster: the refusal does not say that nothing was sent", async () => {
    await using harness = await open({ promoteWhileOtherActive: "bothActive" });
    const blind = harness.tcf.fault({
      kind: "html",
      status: 502,
      times: always,
      match: { endpoint: endpointOf(harness, "cluster1") },
    });
    harness.tcf.watch(({ path }) => {
      if (path === "/tcf/promote") blind.remove();
    });
    const error = await failureOf(harness.stack.up(wanted({ force: true, timeout: "20s" })));
    assert.doesNotMatch(error.message, /nothing was sent/);
  }).timeout(40_000);

  it("the gate: resolveBothActive is another wish, too", async () => {
    await using harness = await open();
    harness.tcf.watch(({ path }) => {
      if (path === "/tcf/promote") setTimeout(() => (harness.tcf.cluster("cluster1").status = "active"), 800);
    });
    await failureOf(harness.stack.up(wanted({ stableFor: "2s" })));
    await unannounced(harness, wanted({ stableFor: "2s", resolveBothActive: true })).catch((e: Error) => e);
    assert.deepEqual(harness.switched(), [...both, "demote cluster1"]);
  });

  it("a take-back between a run that was cut off while it stood and the next up is known as one", async () => {
    await using harness = await open();
    const up = failureOf(harness.stack.up(wanted({ stableFor: "4s" })));
    while (harness.switched().length < 2) await pause(20);
    await pause(1_200);
    harness.session.cancel?.();
    await up;
    harness.tcf.failOver();
    await unannounced(harness, wanted({ stableFor: "4s" })).catch((e: Error) => e);
    assert.deepEqual(harness.switched(), both);
  });
});
