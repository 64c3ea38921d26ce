import assert from "node:assert/strict";
import type { TcfOptions } from "../../simulators/index.ts";
import { CheckFailed } from "../rules/stack.ts";
import { failureOf, openHarness, wanted } from "./harness.ts";

const open = (options?: TcfOptions) => openHarness("tcf:ActiveCluster", options);

describe("a federation that is not one active and one passive cluster", () => {
  for (const strategy of ["demoteThenPromote", "toggle"]) {
    it(`is healed by promoting when both are passive, with the strategy ${strategy}: 1 mutating request`, async () => {
      await using harness = await open();
      harness.tcf.cluster("cluster1").status = "passive";
      await harness.stack.up(wanted({ strategy }));
      assert.deepEqual(harness.switched(), ["promote cluster2"]);
      assert.deepEqual(harness.statuses(), ["passive", "active"]);
      assert.equal(await harness.stack.up(wanted({ strategy })), "same");
    });

    it(`is refused when both are active, with the strategy ${strategy}: nothing is sent`, async () => {
      await using harness = await open();
      harness.tcf.cluster("cluster2").status = "active";
      const refused = await failureOf(harness.stack.up(wanted({ strategy })));
      assert.ok(refused instanceof CheckFailed);
      assert.deepEqual(
        refused.failures.map(({ property }) => property),
        ["active"],
      );
      assert.match(refused.message, /both clusters are active.*resolveBothActive: true demotes cluster1/);
      // Where nobody checked, as after a change behind the preview's back, the operation itself refuses.
      const { inputs } = await harness.session.check(wanted({ strategy }), wanted({ strategy }), false);
      assert.match((await failureOf(harness.session.create(inputs))).message, /both clusters are active/);
      assert.deepEqual(harness.switched(), []);
    });

    it(`is cleared up when both are active and resolveBothActive says so, with ${strategy}: 1 mutating request`, async () => {
      await using harness = await open({ switchMs: 300 });
      harness.tcf.cluster("cluster2").status = "active";
      await harness.stack.up(wanted({ strategy, resolveBothActive: true }));
      assert.deepEqual(harness.switched(), ["demote cluster1"]);
      assert.deepEqual(harness.statuses(), ["passive", "active"]);
    });
  }

  it("is waited for while a cluster says another word: 2 mutating requests once it has settled", async () => {
    await using harness = await open();
    harness.tcf.cluster("cluster1").status = "rebooting";
    setTimeout(() => {
      assert.deepEqual(harness.switched(), []);
      harness.tcf.cluster("cluster1").status = "active";
    }, 1_300);
    await harness.stack.up(wanted());
    assert.deepEqual(harness.switched(), ["demote cluster1", "promote cluster2"]);
    assert.match(harness.session.said.progress.join("\n"), /cluster1 rebooting, cluster2 passive/);
  });

  it("is not touched when a word stays unknown: the deadline tells it, nothing is sent or recorded", async () => {
    await using harness = await open();
    harness.tcf.cluster("cluster1").status = "rebooting";
    const error = await failureOf(harness.stack.up(wanted({ timeout: "1500ms" })));
    assert.match(
      error.message,
      /both clusters to settle: not done within the timeout of 1500ms \(last seen cluster1 rebooting, cluster2 passive/,
    );
    assert.deepEqual([harness.switched(), harness.stack.state], [[], undefined]);
  });

  it("is waited for while the two sides see it differently, and nothing is sent on one side's word", async () => {
    await using harness = await open();
    const stale = JSON.stringify([
      { id: "cluster_1", name: "cluster1", status: "passive" },
      { id: "cluster_2", name: "cluster2", status: "passive" },
    ]);
    const lagging = harness.tcf.fault({
      kind: "status",
      status: 200,
      body: stale,
      contentType: "application/json",
      times: Number.POSITIVE_INFINITY,
      match: { endpoint: "cluster_2/0", path: "/tcf/clusters" },
    });
    setTimeout(() => {
      assert.deepEqual(harness.switched(), []);
      lagging.remove();
    }, 900);
    await harness.stack.up(wanted());
    assert.deepEqual(harness.switched(), ["demote cluster1", "promote cluster2"]);
  });
});

describe("a coordinator that switches by itself meanwhile", () => {
  it("before the first step leaves nothing to do: 0 mutating requests", async () => {
    await using harness = await open();
    const { inputs } = await harness.session.check(undefined, wanted(), false);
    let reads = 0;
    const stop = harness.tcf.watch(() => {
      if (++reads < 2) return;
      stop();
      harness.tcf.failOver();
    });
    harness.tcf.resetCounts();
    const { outputs } = await harness.session.create(inputs);
    assert.equal(outputs.activeId, "cluster2");
    assert.deepEqual(harness.switched(), []);
  });

  it("after the demote does the rest: 1 mutating request", async () => {
    await using harness = await open();
    harness.tcf.watch(({ path }) => {
      if (path === "/tcf/demote") harness.tcf.cluster("cluster2").status = "active";
    });
    await harness.stack.up(wanted());
    assert.deepEqual(harness.switched(), ["demote cluster1"]);
    assert.equal(harness.stack.state?.outputs.activeId, "cluster2");
  });

  it("against us ends with what it did, after one of each step", async () => {
    await using harness = await open();
    const { east, west } = { east: harness.tcf.cluster("cluster1"), west: harness.tcf.cluster("cluster2") };
    let lists = 0;
    harness.tcf.watch(({ path }) => {
      if (path !== "/tcf/clusters" || harness.switched().length < 2 || ++lists !== 1) return;
      east.status = "active";
      west.status = "passive";
    });
    const error = await failureOf(harness.stack.up(wanted({ timeout: "5s" })));
    assert.match(error.message, /demote cluster1 was carried out and then undone by somebody else/);
    assert.deepEqual(harness.switched(), ["demote cluster1", "promote cluster2"]);
  });

  it("is not fought when it undoes the demote at once: 1 mutating request, and the deadline tells what was seen", async () => {
    await using harness = await open();
    harness.tcf.watch(({ path }) => {
      if (path === "/tcf/demote") harness.tcf.cluster("cluster1").status = "active";
    });
    const error = await failureOf(harness.stack.up(wanted({ timeout: "1500ms" })));
    assert.match(
      error.message,
      /demote cluster1: not done within .*last seen cluster1 active, cluster2 passive/,
    );
    assert.deepEqual(harness.switched(), ["demote cluster1"]);
  });
});

describe("two ActiveClusters that want opposite things of one federation in one up", () => {
  it("take turns: never a call of one between the calls of the other", async () => {
    await using harness = await open({ switchMs: 200 });
    const { inputs } = await harness.session.check(undefined, wanted(), false);
    const { inputs: opposite } = await harness.session.check(
      undefined,
      wanted({ active: "cluster1", clusters: { cluster2: "west", cluster1: "east" } }),
      false,
    );
    await Promise.all([harness.session.create(inputs), harness.session.create(opposite)]);
    assert.deepEqual(harness.switched(), [
      "demote cluster1",
      "promote cluster2",
      "demote cluster2",
      "promote cluster1",
    ]);
  });
});
