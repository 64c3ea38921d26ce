import assert from "node:assert/strict";
import type { TcfOptions } from "../../simulators/index.ts";
import type { Properties } from "../rules/door.ts";
import { CheckFailed } from "../rules/stack.ts";
import { activeWest, failureOf, nobodyActive, openHarness, passiveEast } from "./harness.ts";

const open = (options?: TcfOptions) => openHarness("tcf:ClusterRole", options, { requestTimeout: "800ms" });
describe("ClusterRole", () => {
  it("adopts the role that is there: nothing is sent, now and the next time", async () => {
    await using harness = await open();
    assert.equal(await harness.stack.up(passiveEast({ role: "active" })), "create");
    const { clusterId, clusterName, status } = harness.stack.state?.outputs ?? {};
    assert.deepEqual([clusterId, clusterName, status], ["cluster_1", "cluster1", "active"]);
    assert.equal(await harness.stack.up(passiveEast({ role: "active" })), "same");
    assert.deepEqual(harness.switched(), []);
  });

  for (const options of [
    {},
    { switchMs: 400 },
    { switchMs: 400, waitsForSwitch: true },
  ] satisfies TcfOptions[]) {
    it(`demotes with 1 mutating request, and remembers which cluster it was: ${JSON.stringify(options)}`, async () => {
      await using harness = await open(options);
      await harness.stack.up(passiveEast());
      assert.deepEqual(
        [harness.switched(), harness.statuses()],
        [["demote cluster1"], ["passive", "passive"]],
      );
      const { clusterName, status } = harness.stack.state?.outputs ?? {};
      assert.deepEqual([clusterName, status], ["cluster1", "passive"]);
      // With two passive clusters the list cannot tell any more.
      await harness.stack.refresh();
      assert.equal(harness.stack.state?.outputs.clusterName, "cluster1");
      assert.equal(await harness.stack.up(passiveEast()), "same");
    });

    it(`promotes beside a passive cluster with 1 mutating request: ${JSON.stringify(options)}`, async () => {
      await using harness = await open(options);
      nobodyActive(harness);
      await harness.stack.up(activeWest());
      assert.deepEqual(
        [harness.switched(), harness.statuses()],
        [["promote cluster2"], ["passive", "active"]],
      );
      const { clusterId, clusterName, status } = harness.stack.state?.outputs ?? {};
      assert.deepEqual([clusterId, clusterName, status], ["cluster_1", "cluster2", "active"]);
      assert.equal(await harness.stack.up(activeWest()), "same");
    });
  }

  it("refuses a second active cluster, in the preview and in the up: nothing is sent", async () => {
    await using harness = await open();
    const error = await failureOf(harness.stack.preview(activeWest()));
    assert.ok(error instanceof CheckFailed);
    assert.deepEqual(error.failures[0]?.property, "role");
    assert.match(error.message, /cluster1 is active, and two active clusters would .*force: true/);
    const { inputs } = await harness.session.check(activeWest(), activeWest(), false);
    assert.match((await failureOf(harness.session.create(inputs))).message, /^tcf cluster west: cluster1/);
    assert.deepEqual(harness.switched(), []);
  });

  const beside: [rule: TcfOptions["promoteWhileOtherActive"], after: string[], isSaid: boolean][] = [
    ["autoDemote", ["passive", "active"], false],
    ["bothActive", ["active", "active"], true],
  ];
  for (const [promoteWhileOtherActive, after, isSaid] of beside) {
    it(`promotes beside an active cluster with force, where the server's rule is ${promoteWhileOtherActive}`, async () => {
      await using harness = await open({ promoteWhileOtherActive });
      await harness.stack.up(activeWest({ force: true, cluster: "cluster2" }));
      assert.deepEqual([harness.switched(), harness.statuses()], [["promote cluster2"], after]);
      const warnings = harness.session.said.warnings.join("\n");
      assert.match(warnings, /force: cluster1 is active, and two active clusters would take writes/);
      assert.equal(/both clusters are active/.test(warnings), isSaid);
    });
  }

  it("tells the server's reason where it refuses in spite of force: 1 mutating request, nothing recorded", async () => {
    await using harness = await open();
    const error = await failureOf(harness.stack.up(activeWest({ force: true })));
    assert.match(
      error.message,
      /^tcf cluster west: promote cluster2 failed: POST .* 500 cluster cluster1 is active$/,
    );
    assert.deepEqual([harness.switched(), harness.stack.state], [["promote cluster2"], undefined]);
  });

  it("shows drift in role, and repairs it in place", async () => {
    await using harness = await open();
    nobodyActive(harness);
    await harness.stack.up(activeWest());
    harness.tcf.failOver();
    harness.tcf.cluster("cluster1").status = "passive";
    harness.tcf.cluster("cluster2").status = "passive";
    await harness.stack.refresh();
    const { role, status, clusterName } = harness.stack.state?.outputs ?? {};
    assert.deepEqual([role, status, clusterName], ["passive", "passive", "cluster2"]);
    assert.equal(await harness.stack.up(activeWest()), "update");
    assert.deepEqual(harness.switched(), ["promote cluster2", "promote cluster2"]);
  });

  it("shows another word as status, and takes it for no drift", async () => {
    await using harness = await open();
    await harness.stack.up(passiveEast({ role: "active" }));
    harness.tcf.cluster("cluster1").status = "syncing";
    await harness.stack.refresh();
    const { role, status } = harness.stack.state?.outputs ?? {};
    assert.deepEqual([role, status], ["active", "syncing"]);
  });

  it("changes no role when it is deleted", async () => {
    await using harness = await open();
    await harness.stack.up(passiveEast());
    await harness.stack.destroy();
    assert.deepEqual(harness.switched(), ["demote cluster1"]);
  });

  it("waits for another word to settle, its own and the other's, before it promotes", async () => {
    await using harness = await open();
    harness.tcf.cluster("cluster1").status = "syncing";
    harness.tcf.cluster("cluster2").status = "rebooting";
    setTimeout(() => {
      harness.tcf.cluster("cluster2").status = "passive";
    }, 500);
    setTimeout(() => {
      assert.deepEqual(harness.switched(), []);
      harness.tcf.cluster("cluster1").status = "passive";
    }, 1_200);
    await harness.stack.up(activeWest());
    assert.deepEqual(harness.switched(), ["promote cluster2"]);
  });

  it("is not moved by a word that stays unknown: the deadline tells it", async () => {
    await using harness = await open();
    harness.tcf.cluster("cluster1").status = "syncing";
    const error = await failureOf(harness.stack.up(passiveEast({ timeout: "1200ms" })));
    assert.match(
      error.message,
      /not done within the timeout of 1200ms \(last seen cluster1 syncing \(cluster2 passive\)/,
    );
    assert.deepEqual([harness.switched(), harness.stack.state], [[], undefined]);
  });

  it("asks for cluster when the list cannot tell, and takes it", async () => {
    await using harness = await open();
    nobodyActive(harness);
    const error = await failureOf(harness.stack.up(passiveEast()));
    assert.ok(error instanceof CheckFailed);
    assert.match(
      error.message,
      /^cluster: is needed: the list cannot tell which of cluster1, cluster2 this is/,
    );
    await harness.stack.up(passiveEast({ cluster: "cluster1" }));
    assert.equal(harness.stack.state?.outputs.clusterName, "cluster1");
    assert.deepEqual(harness.switched(), []);
  });

  for (const [cluster, reason] of [
    ["cluster9", /"cluster9" names no cluster of the federation: it has cluster1, cluster2$/],
    ["cluster2", /the endpoint says that it is active while the federation lists cluster2 as passive/],
  ] as const) {
    it(`refuses ${cluster} as the name of cluster1's endpoint, in the preview and in the up`, async () => {
      await using harness = await open();
      const inputs = passiveEast({ cluster });
      const error = await failureOf(harness.stack.preview(inputs));
      assert.ok(error instanceof CheckFailed);
      assert.deepEqual(error.failures[0]?.property, "cluster");
      assert.match(error.message, reason);
      assert.match((await failureOf(harness.session.create(inputs))).message, reason);
      assert.deepEqual(harness.switched(), []);
    });
  }

  it("does without the list to demote, but not to promote unless forced", async () => {
    await using harness = await open();
    harness.tcf.cluster("cluster1").listUnavailable = true;
    await harness.stack.up(passiveEast());
    assert.deepEqual(harness.switched(), ["demote cluster1"]);
    const error = await failureOf(harness.stack.up(passiveEast({ role: "active" })));
    assert.match(
      error.message,
      /role: the list of clusters cannot be read .*so the other cluster may be active/,
    );
    await harness.stack.up(passiveEast({ role: "active", force: true }));
    assert.deepEqual(harness.switched(), ["demote cluster1", "promote cluster1"]);
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
      await using harness = await open();
      for (const [index, cluster] of harness.tcf.clusters.entries()) cluster.status = statuses[index] ?? "";
      await harness.stack.preview(inputs);
      assert.deepEqual(harness.session.said.plans, plans);
      assert.equal(harness.session.said.warnings.length, warning ? 1 : 0);
      if (warning) assert.match(harness.session.said.warnings[0] ?? "", warning);
      assert.equal(harness.tcf.counts().mutating, 0);
    });
  }
});
