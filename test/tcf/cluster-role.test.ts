import assert from "node:assert/strict";
import type { TcfOptions } from "../../simulators/index.ts";
import type { Properties } from "../rules/door.ts";
import { CheckFailed } from "../rules/stack.ts";
import { activeWest, failureOf, nobodyActive, openScene, passiveEast } from "./scene.ts";

const open = (options?: TcfOptions) => openScene("tcf:ClusterRole", options, { requestTimeout: "800ms" });
describe("ClusterRole", () => {
  it("adopts the role that is there: nothing is sent, now and the next time", async () => {
    await using scene = await open();
    assert.equal(await scene.stack.up(passiveEast({ role: "active" })), "create");
    const { clusterId, clusterName, status } = scene.stack.state?.outputs ?? {};
    assert.deepEqual([clusterId, clusterName, status], ["cluster_1", "cluster1", "active"]);
    assert.equal(await scene.stack.up(passiveEast({ role: "active" })), "same");
    assert.deepEqual(scene.switched(), []);
  });

  for (const options of [
    {},
    { switchMs: 400 },
    { switchMs: 400, waitsForSwitch: true },
  ] satisfies TcfOptions[]) {
    it(`demotes with 1 mutating request, and remembers which cluster it was: ${JSON.stringify(options)}`, async () => {
      await using scene = await open(options);
      await scene.stack.up(passiveEast());
      assert.deepEqual([scene.switched(), scene.statuses()], [["demote cluster1"], ["passive", "passive"]]);
      const { clusterName, status } = scene.stack.state?.outputs ?? {};
      assert.deepEqual([clusterName, status], ["cluster1", "passive"]);
      // With two passive clusters the list cannot tell any more.
      await scene.stack.refresh();
      assert.equal(scene.stack.state?.outputs.clusterName, "cluster1");
      assert.equal(await scene.stack.up(passiveEast()), "same");
    });

    it(`promotes beside a passive cluster with 1 mutating request: ${JSON.stringify(options)}`, async () => {
      await using scene = await open(options);
      nobodyActive(scene);
      await scene.stack.up(activeWest());
      assert.deepEqual([scene.switched(), scene.statuses()], [["promote cluster2"], ["passive", "active"]]);
      const { clusterId, clusterName, status } = scene.stack.state?.outputs ?? {};
      assert.deepEqual([clusterId, clusterName, status], ["cluster_1", "cluster2", "active"]);
      assert.equal(await scene.stack.up(activeWest()), "same");
    });
  }

  it("refuses a second active cluster, in the preview and in the up: nothing is sent", async () => {
    await using scene = await open();
    const error = await failureOf(scene.stack.preview(activeWest()));
    assert.ok(error instanceof CheckFailed);
    assert.deepEqual(error.failures[0]?.property, "role");
    assert.match(error.message, /cluster1 is active, and two active clusters would .*force: true/);
    const { inputs } = await scene.session.check(activeWest(), activeWest(), false);
    assert.match((await failureOf(scene.session.create(inputs))).message, /^tcf cluster west: cluster1/);
    assert.deepEqual(scene.switched(), []);
  });

  const beside: [rule: TcfOptions["promoteWhileOtherActive"], after: string[], said: RegExp | undefined][] = [
    ["autoDemote", ["passive", "active"], undefined],
    ["bothActive", ["active", "active"], /both clusters are active/],
  ];
  for (const [promoteWhileOtherActive, after, said] of beside) {
    it(`promotes beside an active cluster with force, where the server's rule is ${promoteWhileOtherActive}`, async () => {
      await using scene = await open({ promoteWhileOtherActive });
      await scene.stack.up(activeWest({ force: true, cluster: "cluster2" }));
      assert.deepEqual([scene.switched(), scene.statuses()], [["promote cluster2"], after]);
      const warnings = scene.session.said.warnings.join("\n");
      if (said) assert.match(warnings, said);
      else assert.equal(warnings, "");
    });
  }

  it("tells the server's reason where it refuses in spite of force: 1 mutating request, nothing recorded", async () => {
    await using scene = await open();
    const error = await failureOf(scene.stack.up(activeWest({ force: true })));
    assert.match(
      error.message,
      /^tcf cluster west: promote cluster2 failed: POST .* 500 cluster cluster1 is active$/,
    );
    assert.deepEqual([scene.switched(), scene.stack.state], [["promote cluster2"], undefined]);
  });

  it("shows drift in role, and repairs it in place", async () => {
    await using scene = await open();
    nobodyActive(scene);
    await scene.stack.up(activeWest());
    scene.tcf.failOver();
    scene.tcf.cluster("cluster1").status = "passive";
    scene.tcf.cluster("cluster2").status = "passive";
    await scene.stack.refresh();
    const { role, status, clusterName } = scene.stack.state?.outputs ?? {};
    assert.deepEqual([role, status, clusterName], ["passive", "passive", "cluster2"]);
    assert.equal(await scene.stack.up(activeWest()), "update");
    assert.deepEqual(scene.switched(), ["promote cluster2", "promote cluster2"]);
  });

  it("shows another word as status, and takes it for no drift", async () => {
    await using scene = await open();
    await scene.stack.up(passiveEast({ role: "active" }));
    scene.tcf.cluster("cluster1").status = "syncing";
    await scene.stack.refresh();
    const { role, status } = scene.stack.state?.outputs ?? {};
    assert.deepEqual([role, status], ["active", "syncing"]);
  });

  it("changes no role when it is deleted", async () => {
    await using scene = await open();
    await scene.stack.up(passiveEast());
    await scene.stack.destroy();
    assert.deepEqual(scene.switched(), ["demote cluster1"]);
  });

  it("waits for another word to settle, its own and the other's, before it promotes", async () => {
    await using scene = await open();
    scene.tcf.cluster("cluster1").status = "syncing";
    scene.tcf.cluster("cluster2").status = "rebooting";
    setTimeout(() => {
      scene.tcf.cluster("cluster2").status = "passive";
    }, 500);
    setTimeout(() => {
      assert.deepEqual(scene.switched(), []);
      scene.tcf.cluster("cluster1").status = "passive";
    }, 1_200);
    await scene.stack.up(activeWest());
    assert.deepEqual(scene.switched(), ["promote cluster2"]);
  });

  it("is not moved by a word that stays unknown: the deadline tells it", async () => {
    await using scene = await open();
    scene.tcf.cluster("cluster1").status = "syncing";
    const error = await failureOf(scene.stack.up(passiveEast({ timeout: "1200ms" })));
    assert.match(
      error.message,
      /not done within the timeout of 1200ms \(last seen cluster1 syncing \(cluster2 passive\)/,
    );
    assert.deepEqual([scene.switched(), scene.stack.state], [[], undefined]);
  });

  it("asks for cluster when the list cannot tell, and takes it", async () => {
    await using scene = await open();
    nobodyActive(scene);
    const error = await failureOf(scene.stack.up(passiveEast()));
    assert.ok(error instanceof CheckFailed);
    assert.match(
      error.message,
      /^cluster: is needed: the list cannot tell which of cluster1, cluster2 this is/,
    );
    await scene.stack.up(passiveEast({ cluster: "cluster1" }));
    assert.equal(scene.stack.state?.outputs.clusterName, "cluster1");
    assert.deepEqual(scene.switched(), []);
  });

  for (const [cluster, reason] of [
    ["cluster9", /"cluster9" names no cluster of the federation: it has cluster1, cluster2$/],
    ["cluster2", /the endpoint says that it is active while the federation lists cluster2 as passive/],
  ] as const) {
    it(`refuses ${cluster} as the name of cluster1's endpoint, in the preview and in the up`, async () => {
      await using scene = await open();
      const inputs = passiveEast({ cluster });
      const error = await failureOf(scene.stack.preview(inputs));
      assert.ok(error instanceof CheckFailed);
      assert.deepEqual(error.failures[0]?.property, "cluster");
      assert.match(error.message, reason);
      assert.match((await failureOf(scene.session.create(inputs))).message, reason);
      assert.deepEqual(scene.switched(), []);
    });
  }

  it("does without the list to demote, but not to promote unless forced", async () => {
    await using scene = await open();
    scene.tcf.cluster("cluster1").listUnavailable = true;
    await scene.stack.up(passiveEast());
    assert.deepEqual(scene.switched(), ["demote cluster1"]);
    const error = await failureOf(scene.stack.up(passiveEast({ role: "active" })));
    assert.match(
      error.message,
      /role: the list of clusters cannot be read .*so the other cluster may be active/,
    );
    await scene.stack.up(passiveEast({ role: "active", force: true }));
    assert.deepEqual(scene.switched(), ["demote cluster1", "promote cluster1"]);
  }).timeout(40_000);

  const previews: [statuses: string[], inputs: Properties, plans: string[], warning: RegExp | undefined][] = [
    [
      ["active", "passive"],
      passiveEast(),
      ["demote cluster1"],
      /no cluster is active then, until the other one is promoted/,
    ],
    [["active", "active"], passiveEast({ cluster: "cluster1" }), ["demote cluster1"], undefined],
    [["passive", "passive"], activeWest({ cluster: "cluster2" }), ["promote cluster2"], undefined],
    [["passive", "passive"], activeWest(), ["promote the cluster"], undefined],
    [["passive", "active"], activeWest(), [], /cluster2 is active already: nothing will be sent/],
    [
      ["active", "passive"],
      activeWest({ force: true }),
      ["promote cluster2"],
      /force: cluster1 is active, and two active clusters would take writes that conflict$/,
    ],
    [
      ["active", "syncing"],
      activeWest(),
      [],
      /cluster2 is changing \(cluster2 syncing \(cluster1 active\)\)/,
    ],
  ];
  for (const [statuses, inputs, plans, warning] of previews) {
    it(`says in a preview "${plans}" for ${statuses} and ${JSON.stringify(inputs)}, and sends nothing`, async () => {
      await using scene = await open();
      for (const [index, cluster] of scene.tcf.clusters.entries()) cluster.status = statuses[index] ?? "";
      await scene.stack.preview(inputs);
      assert.deepEqual(scene.session.said.plans, plans);
      assert.equal(scene.session.said.warnings.length, warning ? 1 : 0);
      if (warning) assert.match(scene.session.said.warnings[0] ?? "", warning);
      assert.equal(scene.tcf.counts().mutating, 0);
    });
  }
});
