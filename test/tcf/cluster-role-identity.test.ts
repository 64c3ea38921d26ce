import assert from "node:assert/strict";
import type { TcfOptions } from "../../simulators/index.ts";
import { endpointOf, lists } from "./answers.ts";
import { activeWest, failureOf, nobodyActive, openScene, passiveEast } from "./scene.ts";

const openRole = (options?: TcfOptions) => openScene("tcf:ClusterRole", options, { requestTimeout: "800ms" });

describe("ClusterRole that may be another cluster", () => {
  it("ClusterRole promotes nothing where the list does not show the other cluster", async () => {
    await using scene = await openRole({ promoteWhileOtherActive: "bothActive" });
    lists(scene, "cluster2", [{ id: "cluster_1", name: "cluster2", status: "passive" }]);
    await scene.stack.up(activeWest({ timeout: "4s" })).catch((e: Error) => e);
    assert.deepEqual(scene.switched(), []);
    assert.equal(scene.tcf.activeNames.length, 1);
  });

  it("ClusterRole whose list lacks itself refuses at once", async () => {
    await using scene = await openRole();
    lists(scene, "cluster2", [{ id: "cluster_1", name: "cluster1", status: "active" }]);
    const error = await failureOf(scene.stack.up(activeWest({ role: "active", timeout: "15s" })));
    assert.doesNotMatch(error.message, /not done within/);
  }).timeout(30_000);

  it("ClusterRole with an id that another cluster's recorded name contradicts sends nothing", async () => {
    await using scene = await openRole({ ids: "absolute" });
    await scene.stack.up(activeWest({ cluster: "cluster_2", role: "passive" }));
    scene.tcf.cluster("cluster1").status = "passive";
    await scene.stack.up(activeWest({ cluster: "cluster_1", timeout: "10s" })).catch((e: Error) => e);
    assert.deepEqual(scene.switched(), []);
  });

  it("ClusterRole with the other's name while both are passive: refused, or at least not waited out", async () => {
    await using scene = await openRole();
    await scene.stack.up(activeWest({ role: "passive" }));
    scene.tcf.cluster("cluster1").status = "passive";
    await scene.stack.up(activeWest({ cluster: "cluster1", timeout: "15s" })).catch((e: Error) => e);
    assert.deepEqual(scene.switched(), [], "it is recorded as cluster2");
  }).timeout(30_000);

  it("ClusterRole with the other's name, nothing recorded, both passive: once promoted the contradiction is told, not waited out", async () => {
    await using scene = await openRole();
    nobodyActive(scene);
    const error = await failureOf(scene.stack.up(activeWest({ cluster: "cluster1", timeout: "15s" })));
    assert.doesNotMatch(error.message, /not done within/);
  }).timeout(30_000);

  it("ClusterRole sends nothing on a name that no list confirms", async () => {
    await using scene = await openRole();
    scene.tcf.cluster("cluster1").listUnavailable = true;
    // `east` leads to cluster1.
    await scene.stack.up(passiveEast({ cluster: "cluster2", timeout: "6s" })).catch((e: Error) => e);
    assert.deepEqual(scene.switched(), []);
  }).timeout(30_000);

  it("ClusterRole sends nothing on an id that no list confirms", async () => {
    await using scene = await openRole();
    scene.tcf.cluster("cluster1").listUnavailable = true;
    await scene.stack.up(passiveEast({ cluster: "cluster_2", timeout: "6s" })).catch((e: Error) => e);
    assert.deepEqual(scene.switched(), []);
  }).timeout(30_000);

  it("ClusterRole: one flapped word of its own while it stands is no take-back, and no other cluster", async () => {
    await using scene = await openRole();
    nobodyActive(scene);
    scene.tcf.watch(({ path }) => {
      if (path !== "/tcf/promote") return;
      setTimeout(
        () =>
          scene.tcf.fault({
            kind: "status",
            status: 200,
            body: "passive\n",
            contentType: "text/plain",
            match: { endpoint: endpointOf(scene, "cluster2"), path: "/tcf/status" },
          }),
        700,
      );
    });
    const outcome = await scene.stack
      .up(activeWest({ stableFor: "3s", timeout: "10s" }))
      .catch((e: Error) => e);
    assert.equal(outcome, "create");
  });

  it("ClusterRole: a lagging list does not make it another cluster than the recorded one", async () => {
    await using scene = await openRole();
    await scene.stack.up(activeWest({ role: "passive" }));
    assert.equal(scene.stack.state?.outputs.clusterName, "cluster2");
    scene.tcf.failOver();
    // West is active by now; its list shows the old roles for a while.
    const stale = lists(scene, "cluster2", [
      { id: "cluster_1", name: "cluster2", status: "passive" },
      { id: "cluster_2", name: "cluster1", status: "active" },
    ]);
    await scene.stack.refresh();
    const name = scene.stack.state?.outputs.clusterName;
    const up = scene.stack.up(activeWest({ role: "passive", timeout: "8s" })).catch((e: Error) => e);
    scene.tcf.watch(({ mutating }) => {
      if (mutating) stale.remove();
    });
    await up;
    assert.deepEqual([name, scene.stack.state?.outputs.clusterName], ["cluster2", "cluster2"]);
  });
});
