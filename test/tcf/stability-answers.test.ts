import assert from "node:assert/strict";
import type { TcfOptions } from "../../simulators/index.ts";
import { lists } from "./answers.ts";
import { failureOf, nobodyActive, openHarness, wanted } from "./harness.ts";

const open = (options?: TcfOptions, settings = {}) => openHarness("tcf:ActiveCluster", options, settings);

describe("a switch that has to stand", () => {
  it("a forced failover whose survivor goes on listing the dead one as active is done, not 'undone by somebody else'", async () => {
    await using harness = await open({ statusAfterFailover: "active" });
    await harness.tcf.cluster("cluster1").goDown();
    const inputs = wanted({ force: true, stableFor: "2s" });
    const first = await harness.stack.up(inputs).catch((error: Error) => error);
    await harness.stack.up(inputs).catch((error: Error) => error);
    assert.equal(first, "create");
  }).timeout(60_000);

  it("a new active cluster that dies while it stands is not 'done' without a word", async () => {
    await using harness = await open();
    harness.tcf.watch(({ path }) => {
      if (path === "/tcf/promote") setTimeout(() => void harness.tcf.cluster("cluster2").goDown(), 600);
    });
    const outcome = await harness.stack
      .up(wanted({ stableFor: "3s", timeout: "12s" }))
      .catch((e: Error) => e);
    assert.ok(outcome instanceof Error || harness.session.said.warnings.some((w) => /cluster2/.test(w)));
  }).timeout(30_000);

  it("a dead cluster that comes back active while a forced switch stands: two actives are not told as 'undone'", async () => {
    await using harness = await open();
    await harness.tcf.cluster("cluster1").goDown();
    harness.tcf.watch(({ path }) => {
      if (path !== "/tcf/promote") return;
      setTimeout(() => {
        void harness.tcf.cluster("cluster1").comeUp();
        harness.tcf.cluster("cluster1").status = "active";
      }, 4_000);
    });
    const error = await failureOf(harness.stack.up(wanted({ force: true, stableFor: "5s" })));
    assert.match(error.message, /both clusters are active/);
  }).timeout(60_000);

  it("a switch after which nobody is active while it stands says so before anything else", async () => {
    await using harness = await open();
    harness.tcf.watch(({ path }) => {
      if (path === "/tcf/promote") setTimeout(() => nobodyActive(harness), 700);
    });
    const error = await failureOf(harness.stack.up(wanted({ stableFor: "3s" })));
    assert.match(error.message, /^NO ACTIVE CLUSTER/);
  });

  it("a change from outside while nothing of ours stands is not told as a switch of ours that was undone", async () => {
    await using harness = await open();
    const standing = wanted({ stableFor: "2s" });
    let first = true;
    harness.tcf.watch(({ path }) => {
      if (path === "/tcf/promote" && first) harness.tcf.failOverIn(1_000);
      first &&= path !== "/tcf/promote";
    });
    await failureOf(harness.stack.up(standing));
    assert.deepEqual(harness.tcf.activeNames, ["cluster1"]);
    // Now the user accepts that: cluster1 is to be active, which it is.
    harness.tcf.failOverIn(1_000);
    const outcome = await harness.stack.up({ ...standing, active: "cluster1" }).catch((e: Error) => e);
    assert.doesNotMatch(String(outcome), /the switch to cluster1 was carried out/);
  });

  it("one stale look at the survivor while the other is silent is no take-back", async () => {
    await using harness = await open();
    harness.tcf.watch(({ path }) => {
      if (path !== "/tcf/promote") return;
      setTimeout(() => void harness.tcf.cluster("cluster1").goDown(), 500);
      setTimeout(
        () =>
          lists(
            harness,
            "cluster2",
            [
              { id: "cluster_1", name: "cluster2", status: "passive" },
              { id: "cluster_2", name: "cluster1", status: "active" },
            ],
            1,
          ),
        1_000,
      );
    });
    const outcome = await harness.stack.up(wanted({ stableFor: "3s", force: true })).catch((e: Error) => e);
    assert.equal(outcome, "create");
  }).timeout(30_000);

  it("one flapped look at both sides (stale lists) is no take-back", async () => {
    await using harness = await open();
    harness.tcf.watch(({ path }) => {
      if (path !== "/tcf/promote") return;
      setTimeout(() => {
        lists(
          harness,
          "cluster2",
          [
            { id: "cluster_1", name: "cluster2", status: "passive" },
            { id: "cluster_2", name: "cluster1", status: "active" },
          ],
          1,
        );
        lists(
          harness,
          "cluster1",
          [
            { id: "cluster_2", name: "cluster2", status: "passive" },
            { id: "cluster_1", name: "cluster1", status: "active" },
          ],
          1,
        );
      }, 1_000);
    });
    const outcome = await harness.stack.up(wanted({ stableFor: "3s" })).catch((e: Error) => e);
    assert.equal(outcome, "create");
  }).timeout(30_000);

  it("a take-back that both clusters tell themselves, while the lists still show the switch, is no 'done'", async () => {
    await using harness = await open();
    harness.tcf.watch(({ path }) => {
      if (path !== "/tcf/promote") return;
      setTimeout(() => {
        lists(harness, "cluster2", [
          { id: "cluster_1", name: "cluster2", status: "active" },
          { id: "cluster_2", name: "cluster1", status: "passive" },
        ]);
        lists(harness, "cluster1", [
          { id: "cluster_2", name: "cluster2", status: "active" },
          { id: "cluster_1", name: "cluster1", status: "passive" },
        ]);
        harness.tcf.failOver();
      }, 500);
    });
    const outcome = await harness.stack.up(wanted({ stableFor: "3s" })).catch((e: Error) => e);
    assert.ok(outcome instanceof Error);
  });

  it("looks that fail now and then do not make it wait out the timeout", async () => {
    await using harness = await open({}, { requestTimeout: "500ms" });
    let timer: NodeJS.Timeout | undefined;
    harness.tcf.watch(({ path }) => {
      if (path === "/tcf/promote")
        timer = setInterval(
          () => harness.tcf.fault({ kind: "reset", times: 4, match: { method: "GET" } }),
          2_500,
        );
    });
    const outcome = await harness.stack
      .up(wanted({ stableFor: "3s", timeout: "14s" }))
      .catch((e: Error) => e);
    clearInterval(timer);
    assert.equal(outcome, "create");
  }).timeout(30_000);
});
