import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { TcfOptions } from "../../simulators/index.ts";
import { lists, unannounced } from "./answers.ts";
import { activeWest, failureOf, type Harness, openHarness, passiveEast } from "./harness.ts";

const openRole = (options?: TcfOptions) =>
  openHarness("tcf:ClusterRole", options, { requestTimeout: "800ms" });

/** The list of this cluster as it was before a switch, for so many milliseconds. */
function lags(harness: Harness, name: string, words: [mine: string, its: string], ms: number): void {
  const other = name === "cluster1" ? "cluster2" : "cluster1";
  const stale = lists(harness, name, [
    { id: "cluster_1", name, status: words[0] },
    { id: "cluster_2", name: other, status: words[1] },
  ]);
  setTimeout(() => stale.remove(), ms);
}

describe("ClusterRole whose list lags", () => {
  it("a switch of 6 s whose list lags 1.5 s behind is done", async () => {
    await using harness = await openRole({ switchMs: 6_000 });
    harness.tcf.watch(({ path }) => {
      if (path === "/tcf/demote") lags(harness, "cluster1", ["active", "passive"], 7_500);
    });
    const outcome = await harness.stack
      .up(passiveEast({ cluster: "cluster1", timeout: "30s" }))
      .catch((e: Error) => e);
    assert.equal(outcome, "create");
  }).timeout(60_000);

  it("a switch from outside of 6 s whose list lags 1.5 s behind is waited for", async () => {
    await using harness = await openRole();
    harness.tcf.cluster("cluster1").status = "switching";
    const up = harness.stack.up(passiveEast({ cluster: "cluster1", timeout: "30s" })).catch((e: Error) => e);
    await pause(6_000);
    harness.tcf.cluster("cluster1").status = "passive";
    lags(harness, "cluster1", ["active", "passive"], 1_500);
    const outcome = await up;
    assert.equal(outcome, "create");
  }).timeout(60_000);

  it("a forced role whose list has only itself does not pass the gate of a take-back", async () => {
    await using harness = await openRole({ promoteWhileOtherActive: "bothActive" });
    lists(harness, "cluster2", [{ id: "cluster_1", name: "cluster2", status: "passive" }]);
    harness.tcf.clearFaults();
    const inputs = activeWest({ force: true, stableFor: "2s", timeout: "20s" });
    const mine = (status: string) =>
      lists(harness, "cluster2", [{ id: "cluster_1", name: "cluster2", status }]);
    let list = mine("passive");
    harness.tcf.watch(({ path }) => {
      if (path !== "/tcf/promote") return;
      list.remove();
      list = mine("active");
      setTimeout(() => {
        list.remove();
        list = mine("passive");
        harness.tcf.cluster("cluster2").status = "passive";
      }, 1_000);
    });
    await failureOf(harness.stack.up(inputs));
    await unannounced(harness, inputs).catch((e: Error) => e);
    assert.deepEqual(harness.switched(), ["promote cluster2"]);
  }).timeout(30_000);
});
