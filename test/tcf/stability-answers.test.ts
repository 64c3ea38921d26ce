import assert from "node:assert/strict";
import type { TcfOptions } from "../../simulators/index.ts";
import { lists } from "./answers.ts";
import { failureOf, nobodyActive, openScene, wanted } from "./scene.ts";

const open = (options?: TcfOptions, settings = {}) => openScene("tcf:ActiveCluster", options, settings);

describe("a switch that has to stand", () => {
  it("a forced failover whose survivor goes on listing the dead one as active is done, not 'undone by somebody else'", async () => {
    await using scene = await open({ statusAfterFailover: "active" });
    await scene.tcf.cluster("cluster1").goDown();
    const inputs = wanted({ force: true, stableFor: "2s" });
    const first = await scene.stack.up(inputs).catch((error: Error) => error);
    await scene.stack.up(inputs).catch((error: Error) => error);
    assert.equal(first, "create");
  }).timeout(60_000);

  it("a new active cluster that dies while it stands is not 'done' without a word", async () => {
    await using scene = await open();
    scene.tcf.watch(({ path }) => {
      if (path === "/tcf/promote") setTimeout(() => void scene.tcf.cluster("cluster2").goDown(), 600);
    });
    const outcome = await scene.stack.up(wanted({ stableFor: "3s", timeout: "12s" })).catch((e: Error) => e);
    assert.ok(outcome instanceof Error || scene.session.said.warnings.some((w) => /cluster2/.test(w)));
  }).timeout(30_000);

  it("a dead cluster that comes back active while a forced switch stands: two actives are not told as 'undone'", async () => {
    await using scene = await open();
    await scene.tcf.cluster("cluster1").goDown();
    scene.tcf.watch(({ path }) => {
      if (path !== "/tcf/promote") return;
      setTimeout(() => {
        void scene.tcf.cluster("cluster1").comeUp();
        scene.tcf.cluster("cluster1").status = "active";
      }, 4_000);
    });
    const error = await failureOf(scene.stack.up(wanted({ force: true, stableFor: "5s" })));
    assert.match(error.message, /both clusters are active/);
  }).timeout(60_000);

  it("a switch after which nobody is active while it stands says so before anything else", async () => {
    await using scene = await open();
    scene.tcf.watch(({ path }) => {
      if (path === "/tcf/promote") setTimeout(() => nobodyActive(scene), 700);
    });
    const error = await failureOf(scene.stack.up(wanted({ stableFor: "3s" })));
    assert.match(error.message, /^NO ACTIVE CLUSTER/);
  });

  it("a change from outside while nothing of ours stands is not told as a switch of ours that was undone", async () => {
    await using scene = await open();
    const standing = wanted({ stableFor: "2s" });
    let first = true;
    scene.tcf.watch(({ path }) => {
      if (path === "/tcf/promote" && first) scene.tcf.failOverIn(1_000);
      first &&= path !== "/tcf/promote";
    });
    await failureOf(scene.stack.up(standing));
    assert.deepEqual(scene.tcf.activeNames, ["cluster1"]);
    // Now the user accepts that: cluster1 is to be active, which it is.
    scene.tcf.failOverIn(1_000);
    const outcome = await scene.stack.up({ ...standing, active: "cluster1" }).catch((e: Error) => e);
    assert.doesNotMatch(String(outcome), /the switch to cluster1 was carried out/);
  });

  it("one stale look at the survivor while the other is silent is no take-back", async () => {
    await using scene = await open();
    scene.tcf.watch(({ path }) => {
      if (path !== "/tcf/promote") return;
      setTimeout(() => void scene.tcf.cluster("cluster1").goDown(), 500);
      setTimeout(
        () =>
          lists(
            scene,
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
    const outcome = await scene.stack.up(wanted({ stableFor: "3s", force: true })).catch((e: Error) => e);
    assert.equal(outcome, "create");
  }).timeout(30_000);

  it("one flapped look at both sides (stale lists) is no take-back", async () => {
    await using scene = await open();
    scene.tcf.watch(({ path }) => {
      if (path !== "/tcf/promote") return;
      setTimeout(() => {
        lists(
          scene,
          "cluster2",
          [
            { id: "cluster_1", name: "cluster2", status: "passive" },
            { id: "cluster_2", name: "cluster1", status: "active" },
          ],
          1,
        );
        lists(
          scene,
          "cluster1",
          [
            { id: "cluster_2", name: "cluster2", status: "passive" },
            { id: "cluster_1", name: "cluster1", status: "active" },
          ],
          1,
        );
      }, 1_000);
    });
    const outcome = await scene.stack.up(wanted({ stableFor: "3s" })).catch((e: Error) => e);
    assert.equal(outcome, "create");
  }).timeout(30_000);

  it("a take-back that both clusters tell themselves, while the lists still show the switch, is no 'done'", async () => {
    await using scene = await open();
    scene.tcf.watch(({ path }) => {
      if (path !== "/tcf/promote") return;
      setTimeout(() => {
        lists(scene, "cluster2", [
          { id: "cluster_1", name: "cluster2", status: "active" },
          { id: "cluster_2", name: "cluster1", status: "passive" },
        ]);
        lists(scene, "cluster1", [
          { id: "cluster_2", name: "cluster2", status: "active" },
          { id: "cluster_1", name: "cluster1", status: "passive" },
        ]);
        scene.tcf.failOver();
      }, 500);
    });
    const outcome = await scene.stack.up(wanted({ stableFor: "3s" })).catch((e: Error) => e);
    assert.ok(outcome instanceof Error);
  });

  it("looks that fail now and then do not make it wait out the timeout", async () => {
    await using scene = await open({}, { requestTimeout: "500ms" });
    let timer: NodeJS.Timeout | undefined;
    scene.tcf.watch(({ path }) => {
      if (path === "/tcf/promote")
        timer = setInterval(
          () => scene.tcf.fault({ kind: "reset", times: 4, match: { method: "GET" } }),
          2_500,
        );
    });
    const outcome = await scene.stack.up(wanted({ stableFor: "3s", timeout: "14s" })).catch((e: Error) => e);
    clearInterval(timer);
    assert.equal(outcome, "create");
  }).timeout(30_000);
});
