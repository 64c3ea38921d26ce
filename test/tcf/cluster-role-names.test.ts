import assert from "node:assert/strict";
import type { TcfOptions } from "../../simulators/index.ts";
import { activeWest, failureOf, nobodyActive, openHarness, passiveEast } from "./harness.ts";

const relative: TcfOptions = { ids: "relative" };
const absolute: TcfOptions = { ids: "absolute" };

const openRole = (options: TcfOptions) =>
  openHarness("tcf:ClusterRole", options, { requestTimeout: "800ms" });

describe("ClusterRole where ids are relative", () => {
  it("takes west to active and back by name, and remembers its name", async () => {
    await using harness = await openRole({ switchMs: 200 });
    nobodyActive(harness);
    await harness.stack.up(activeWest({ cluster: "cluster2" }));
    await harness.stack.up(activeWest({ cluster: "cluster2", role: "passive" }));
    assert.deepEqual(harness.switched(), ["promote cluster2", "demote cluster2"]);
    assert.equal(harness.stack.state?.outputs.clusterName, "cluster2");
  });

  for (const [options, cluster] of [
    [relative, "cluster_1"],
    [absolute, "cluster_2"],
  ] as const) {
    it(`takes ${options.ids} ids where the cluster's own word agrees`, async () => {
      await using harness = await openRole(options);
      await harness.stack.up(activeWest({ cluster, role: "passive" }));
      const { clusterId, clusterName, status } = harness.stack.state?.outputs ?? {};
      assert.deepEqual([clusterId, clusterName, status], [cluster, "cluster2", "passive"]);
      assert.deepEqual(harness.switched(), []);
    });
  }

  it("refuses an id that its own word contradicts, with the name to write, in the preview and in the up", async () => {
    await using harness = await openRole(relative);
    const inputs = activeWest({ cluster: "cluster_2", role: "passive" });
    const reason =
      /lists cluster1 \(cluster_2\) as active: ids may be relative to the cluster that lists them: write the name, "cluster2" if/;
    assert.match((await failureOf(harness.stack.preview(inputs))).message, reason);
    assert.match((await failureOf(harness.session.create(inputs))).message, reason);
    assert.deepEqual(harness.switched(), []);
  });

  it("permits nothing on an id alone: with two passive clusters its name is asked for", async () => {
    for (const options of [relative, absolute]) {
      await using harness = await openRole(options);
      nobodyActive(harness);
      const inputs = activeWest({ cluster: "cluster_2" });
      const reason =
        /"cluster_2" is an id, which may mean another cluster in each cluster's list, and more than one is passive: write its name, one of cluster/;
      assert.match((await failureOf(harness.stack.preview(inputs))).message, reason);
      assert.match((await failureOf(harness.session.create(inputs))).message, reason);
      assert.deepEqual(harness.switched(), []);
    }
  });

  it("goes on by the name that was recorded for an id while it could be told", async () => {
    await using harness = await openRole(absolute);
    await harness.stack.up(passiveEast({ cluster: "cluster_1" }));
    assert.deepEqual(harness.statuses(), ["passive", "passive"]);
    await harness.stack.refresh();
    await harness.stack.up(passiveEast({ cluster: "cluster_1", role: "active" }));
    assert.deepEqual(harness.switched(), ["demote cluster1", "promote cluster1"]);
  });
});
