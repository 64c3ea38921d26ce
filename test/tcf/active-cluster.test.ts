import assert from "node:assert/strict";
import type { TcfOptions } from "../../simulators/index.ts";
import { openHarness, wanted } from "./harness.ts";

const open = (options?: TcfOptions) => openHarness("tcf:ActiveCluster", options);
const both = ["demote cluster1", "promote cluster2"];

describe("ActiveCluster", () => {
  it("adopts what is so already: nothing is sent, now and the next time", async () => {
    await using harness = await open();
    const inputs = wanted({ active: "cluster1" });
    assert.equal(await harness.stack.up(inputs), "create");
    const { activeId, activeName, passiveId, passiveName, previousActiveId } =
      harness.stack.state?.outputs ?? {};
    assert.deepEqual(
      [activeId, activeName, passiveId, passiveName, previousActiveId],
      ["cluster1", "cluster1", "cluster2", "cluster2", undefined],
    );
    assert.equal(await harness.stack.up(inputs), "same");
    assert.deepEqual(harness.switched(), []);
  });

  it("fails over with one demote and one promote, in this order, and the second up sends nothing", async () => {
    await using harness = await open();
    await harness.stack.up(wanted());
    assert.deepEqual(harness.switched(), both);
    assert.deepEqual(harness.tcf.activeNames, ["cluster2"]);
    const { activeId, passiveId, previousActiveId, active } = harness.stack.state?.outputs ?? {};
    assert.deepEqual(
      [activeId, passiveId, previousActiveId, active],
      ["cluster2", "cluster1", "cluster1", "cluster2"],
    );
    assert.equal(await harness.stack.up(wanted()), "same");
    assert.deepEqual(harness.switched(), both);
  });

  it("fails back in place when one line changes", async () => {
    await using harness = await open();
    await harness.stack.up(wanted());
    assert.equal(await harness.stack.up(wanted({ active: "cluster1" })), "update");
    assert.deepEqual(harness.switched().slice(2), ["demote cluster2", "promote cluster1"]);
    const { activeId, previousActiveId } = harness.stack.state?.outputs ?? {};
    assert.deepEqual([activeId, previousActiveId], ["cluster1", "cluster2"]);
  });

  const spellings: [what: string, active: string, clusters: Record<string, string>][] = [
    ["by name", "cluster2", { cluster1: "east", cluster2: "west" }],
    ["by id where the clusters are named", "cluster2", { cluster1: "east", cluster2: "west" }],
    ["by name where the clusters have ids", "cluster2", { cluster1: "east", cluster2: "west" }],
    ["in any order", "cluster2", { cluster2: "west", cluster1: "east" }],
  ];
  for (const [what, active, clusters] of spellings) {
    it(`knows clusters ${what}, and shows drift in the same spelling`, async () => {
      await using harness = await open();
      const inputs = wanted({ active, clusters });
      await harness.stack.up(inputs);
      assert.deepEqual(harness.switched(), both);
      await harness.stack.refresh();
      assert.equal(await harness.stack.up(inputs), "same");
      harness.tcf.failOver();
      await harness.stack.refresh();
      const other = active === "cluster2" ? "cluster1" : "cluster1";
      assert.deepEqual(
        [harness.stack.state?.inputs.active, harness.stack.state?.outputs.active],
        [other, other],
      );
    });
  }

  const switching: [what: string, options: TcfOptions][] = [
    ["takes its time", { switchMs: 500 }],
    ["answers only when it is done", { switchMs: 500, waitsForSwitch: true }],
    ["goes on saying active for a while after a demote", { switchMs: 500, switchWord: "active" }],
    ["answers in words", { successBody: "text" }],
    ["has no newline after its state", { trailingNewline: false }],
    ["would demote the other by itself", { promoteWhileOtherActive: "autoDemote" }],
    ["would make two actives", { promoteWhileOtherActive: "bothActive", switchMs: 300 }],
    ["refuses a second active", { promoteWhileOtherActive: "refuse", switchMs: 300 }],
  ];
  for (const [what, options] of switching) {
    it(`costs two calls, and sees both passive between them, on a server that ${what}`, async () => {
      await using harness = await open(options);
      const between: string[][] = [];
      harness.tcf.watch(({ path }) => void (path === "/tcf/demote" && between.push([])));
      harness.tcf.watch(({ path, endpoint, method }) => {
        if (method === "GET" && path === "/tcf/clusters" && harness.switched().length === 1)
          between.at(-1)?.push(`${endpoint} ${harness.statuses().join()}`);
      });
      await harness.stack.up(wanted());
      assert.deepEqual(harness.switched(), both);
      assert.deepEqual(harness.statuses(), ["passive", "active"]);
      for (const side of ["cluster_1/0", "cluster_2/0"])
        assert.ok(between[0]?.includes(`${side} passive,passive`), `${side} was seen: ${between[0]}`);
    });
  }

  it("shows an outside failover on refresh, and repairs it in place", async () => {
    await using harness = await open();
    await harness.stack.up(wanted());
    harness.tcf.failOver();
    await harness.stack.refresh();
    const { active, activeId, previousActiveId } = harness.stack.state?.outputs ?? {};
    assert.deepEqual([active, activeId, previousActiveId], ["cluster1", "cluster1", "cluster2"]);
    assert.equal(await harness.stack.up(wanted()), "update");
    assert.deepEqual(harness.switched().slice(2), both);
    assert.equal(await harness.stack.up(wanted()), "same");
  });

  for (const [word, shown, repair] of [
    ["passive", "none", ["promote cluster2"]],
    ["active", "both", ["demote cluster1"]],
  ] as const) {
    it(`shows on refresh that both are ${word}, and repairs that with ${repair}`, async () => {
      await using harness = await open();
      const inputs = wanted({ resolveBothActive: true });
      await harness.stack.up(inputs);
      for (const cluster of harness.tcf.clusters) cluster.status = word;
      await harness.stack.refresh();
      const { active, activeId, passiveId, previousActiveId } = harness.stack.state?.outputs ?? {};
      assert.deepEqual(
        [active, activeId, passiveId, previousActiveId],
        [shown, undefined, undefined, "cluster2"],
      );
      assert.equal(await harness.stack.up(inputs), "update");
      assert.deepEqual(harness.switched().slice(2), repair);
      assert.deepEqual(harness.statuses(), ["passive", "active"]);
    });
  }

  it("changes no role when it is deleted", async () => {
    await using harness = await open();
    await harness.stack.up(wanted());
    await harness.stack.destroy();
    assert.deepEqual(harness.switched(), both);
    assert.deepEqual(harness.tcf.activeNames, ["cluster2"]);
  });

  it("sends nothing for a changed timeout, strategy or spelling", async () => {
    await using harness = await open();
    await harness.stack.up(wanted());
    for (const change of [
      { timeout: "1m" },
      { strategy: "toggle" },
      { force: true },
      { active: "cluster2" },
      { clusters: { cluster1: { endpoints: harness.tcf.cluster("cluster1").endpoints }, cluster2: "west" } },
    ])
      assert.equal(await harness.stack.up(wanted(change)), "update");
    assert.deepEqual(harness.switched(), both);
    assert.equal(harness.stack.state?.outputs.previousActiveId, "cluster1");
  });

  it("goes on through another instance when the first one is down", async () => {
    const clusters: TcfOptions["clusters"] = [
      { id: "cluster_1", name: "cluster1", instances: 2 },
      { id: "cluster_2", name: "cluster2", instances: 2 },
    ];
    await using harness = await open({ clusters });
    for (const cluster of harness.tcf.clusters) await cluster.goDown(0);
    await harness.stack.up(wanted());
    assert.deepEqual(harness.switched(), both);
  });

  it("does without the lists where they fail: each cluster's own word counts", async () => {
    await using harness = await open({ switchMs: 300 });
    for (const cluster of harness.tcf.clusters) cluster.listUnavailable = true;
    await harness.stack.up(wanted());
    assert.deepEqual(harness.switched(), both);
    assert.equal(harness.stack.state?.outputs.activeId, "cluster2");
  }).timeout(30_000);

  it("goes on by the clusters' own words where lists come back in the middle and do not tell them apart", async () => {
    await using harness = await open({ switchMs: 300 });
    for (const cluster of harness.tcf.clusters) cluster.listUnavailable = true;
    harness.tcf.watch(({ path }) => {
      if (path === "/tcf/demote") for (const cluster of harness.tcf.clusters) cluster.listUnavailable = false;
    });
    await harness.stack.up(
      wanted({ active: "cluster_2", clusters: { cluster_1: "east", cluster_2: "west" } }),
    );
    assert.deepEqual([harness.switched(), harness.tcf.activeNames], [both, ["cluster2"]]);
  }).timeout(30_000);

  it("asks once more for lists that failed, so that it records ids and names", async () => {
    await using harness = await open();
    const { clusters } = harness.tcf;
    for (const cluster of clusters) cluster.listUnavailable = true;
    // The first look asks five times for each list; the one that then finds nothing to do asks once, and is answered too early.
    let lists = 0;
    harness.tcf.watch(({ path }) => {
      if (path.endsWith("/clusters") && ++lists === 12)
        for (const cluster of clusters) cluster.listUnavailable = false;
    });
    const { outputs } = await harness.session.create(wanted({ active: "cluster1" }));
    assert.deepEqual([outputs.activeName, outputs.passiveName, lists], ["cluster1", "cluster2", 14]);
    assert.deepEqual(harness.switched(), []);
  }).timeout(30_000);

  it("does without the list and the state of one side: is_active tells", async () => {
    await using harness = await open();
    harness.tcf.cluster("cluster1").listUnavailable = true;
    harness.tcf.fault({
      kind: "html",
      times: Number.POSITIVE_INFINITY,
      match: { endpoint: "cluster_1/0", path: "/tcf/status" },
    });
    await harness.stack.up(wanted());
    assert.deepEqual(harness.switched(), both);
  }).timeout(30_000);

  it("shows each step while it is under way", async () => {
    await using harness = await open({ switchMs: 1_200 });
    await harness.stack.up(wanted());
    const said = harness.session.said.progress.join("\n");
    assert.match(said, /demote cluster1/);
    assert.match(said, /promote cluster2 cluster1 passive, cluster2 switching, \d/);
  });
});
