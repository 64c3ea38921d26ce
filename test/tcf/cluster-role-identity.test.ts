import assert from "node:assert/strict";
import type { TcfOptions } from "../../simulators/index.ts";
import { endpointOf, lists } from "./answers.ts";
import { activeWest, failureOf, nobodyActive, openHarness, passiveEast } from "./harness.ts";

const openRole = (options?: TcfOptions) =>
  openHarness("tcf:ClusterRole", options, { requestTimeout: "800ms" });

describe("ClusterRole that may be another cluster", () => {
  it("ClusterRole promotes nothing where the list does not show the other cluster", async () => {
    await using harness = await openRole({ promoteWhileOtherActive: "bothActive" });
    lists(harness, "cluster2", [{ id: "cluster_1", name: "cluster2", status: "passive" }]);
    await harness.stack.up(activeWest({ timeout: "4s" })).catch((e: Error) => e);
    assert.deepEqual(harness.switched(), []);
    assert.equal(harness.tcf.activeNames.length, 1);
  });

  it("ClusterRole whose list lacks itself refuses at once", async () => {
    await using harness = await openRole();
    lists(harness, "cluster2", [{ id: "cluster_1", name: "cluster1", status: "active" }]);
    const error = await failureOf(harness.stack.up(activeWest({ role: "active", timeout: "15s" })));
    assert.doesNotMatch(error.message, /not done within/);
  }).timeout(30_000);

  it("ClusterRole with an id that another cluster's recorded name contradicts sends nothing", async () => {
    await using harness = await openRole({ ids: "absolute" });
    await harness.stack.up(activeWest({ cluster: "cluster_2", role: "passive" }));
    harness.tcf.cluster("cluster1").status = "passive";
    await harness.stack.up(activeWest({ cluster: "cluster_1", timeout: "10s" })).catch((e: Error) => e);
    assert.deepEqual(harness.switched(), []);
  });

  it("ClusterRole with the other's name while both are passive: refused, or at least not waited out", async () => {
    await using harness = await openRole();
    await harness.stack.up(activeWest({ role: "passive" }));
    harness.tcf.cluster("cluster1").status = "passive";
    await harness.stack.up(activeWest({ cluster: "cluster1", timeout: "15s" })).catch((e: Error) => e);
    assert.deepEqual(harness.switched(), [], "it is recorded as cluster2");
  }).timeout(30_000);

  it("ClusterRole with the other's name, nothing recorded, both passive: once promoted the contradiction is told, not waited out", async () => {
    await using harness = await openRole();
    nobodyActive(harness);
    const error = await failureOf(harness.stack.up(activeWest({ cluster: "cluster1", timeout: "15s" })));
    assert.doesNotMatch(error.message, /not done within/);
  }).timeout(30_000);

  it("ClusterRole sends nothing on a name that no list confirms", async () => {
    await using harness = await openRole();
    harness.tcf.cluster("cluster1").listUnavailable = true;
    // `east` leads to cluster1.
    await harness.stack.up(passiveEast({ cluster: "cluster2", timeout: "6s" })).catch((e: Error) => e);
    assert.deepEqual(harness.switched(), []);
  }).timeout(30_000);

  it("ClusterRole sends nothing on an id that no list confirms", async () => {
    await using harness = await openRole();
    harness.tcf.cluster("cluster1").listUnavailable = true;
    await harness.stack.up(passiveEast({ cluster: "cluster_2", timeout: "6s" })).catch((e: Error) => e);
    assert.deepEqual(harness.switched(), []);
  }).timeout(30_000);

  it("ClusterRole: one flapped word of its own while it stands is no take-back, and no other cluster", async () => {
    await using harness = await openRole();
    nobodyActive(harness);
    harness.tcf.watch(({ path }) => {
      if (path !== "/tcf/promote") return;
      setTimeout(
        () =>
          harness.tcf.fault({
            kind: "status",
            status: 200,
            body: "passive\n",
            contentType: "text/plain",
            match: { endpoint: endpointOf(harness, "cluster2"), path: "/tcf/status" },
          }),
        700,
      );
    });
    const outcome = await harness.stack
      .up(activeWest({ stableFor: "3s", timeout: "10s" }))
      .catch((e: Error) => e);
    assert.equal(outcome, "create");
  });

  it("ClusterRole: a lagging list does not make it another cluster than the recorded one", async () => {
    await using harness = await openRole();
    await harness.stack.up(activeWest({ role: "passive" }));
    assert.equal(harness.stack.state?.outputs.clusterName, "cluster2");
    harness.tcf.failOver();
    // West is active by now; its list shows the old roles for a while.
    const stale = lists(harness, "cluster2", [
      { id: "cluster_1", name: "cluster2", status: "passive" },
      { id: "cluster_2", name: "cluster1", status: "active" },
    ]);
    await harness.stack.refresh();
    const name = harness.stack.state?.outputs.clusterName;
    const up = harness.stack.up(activeWest({ role: "passive", timeout: "8s" })).catch((e: Error) => e);
    harness.tcf.watch(({ mutating }) => {
      if (mutating) stale.remove();
    });
    await up;
    assert.deepEqual([name, harness.stack.state?.outputs.clusterName], ["cluster2", "cluster2"]);
  });
});
