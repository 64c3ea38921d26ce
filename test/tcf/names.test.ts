import assert from "node:assert/strict";
import type { TcfOptions } from "../../simulators/index.ts";
import type { Properties } from "../rules/door.ts";
import { failureOf, type Harness, nobodyActive, openHarness, wanted } from "./harness.ts";

/*
 * `/tcf/clusters` most likely lists a cluster itself as cluster_1 and its neighbour as cluster_2, whoever is asked: the vendor's
 * example stand is configured so. A program with ids could not work there, and one with names was refused.
 */

const relative: TcfOptions = { ids: "relative" };
const absolute: TcfOptions = { ids: "absolute" };
const byId: Properties = { clusters: { cluster_1: "east", cluster_2: "west" } };

const open = (options: TcfOptions) => openHarness("tcf:ActiveCluster", options);

/** Whatever ids mean, and however a program spells its clusters, as long as it can be told. */
const spellings: [what: string, options: TcfOptions, inputs: Properties, ids: [string, string]][] = [
  ["names where ids are relative", relative, {}, ["cluster1", "cluster2"]],
  ["names where ids are absolute", absolute, {}, ["cluster_1", "cluster_2"]],
  ["ids where they are absolute", absolute, { active: "cluster_2", ...byId }, ["cluster_1", "cluster_2"]],
  ["a name among ids where they are absolute", absolute, byId, ["cluster_1", "cluster_2"]],
  [
    "one id beside a name",
    relative,
    { clusters: { cluster1: "east", cluster_2: "west" } },
    ["cluster1", "cluster2"],
  ],
];

const outputsOf = ({ stack }: Harness) => {
  const { activeName, passiveName, previousActiveName, activeId, previousActiveId } =
    stack.state?.outputs ?? {};
  return { activeName, passiveName, previousActiveName, activeId, previousActiveId };
};

for (const [what, options, inputs, [one, two]] of spellings) {
  describe(`ActiveCluster with ${what}`, () => {
    it("fails over with two calls, records names, and the second up sends nothing", async () => {
      await using harness = await open({ ...options, switchMs: 200 });
      await harness.stack.up(wanted(inputs));
      assert.deepEqual(harness.switched(), ["demote cluster1", "promote cluster2"]);
      assert.deepEqual(outputsOf(harness), {
        activeName: "cluster2",
        passiveName: "cluster1",
        previousActiveName: "cluster1",
        activeId: two,
        previousActiveId: one,
      });
      assert.equal(await harness.stack.up(wanted(inputs)), "same");
      await harness.stack.refresh();
      assert.equal(await harness.stack.up(wanted(inputs)), "same");
      assert.equal(harness.tcf.counts().mutating, 2);
    });

    it("shows a switch from outside in its own spelling, and repairs it", async () => {
      await using harness = await open(options);
      await harness.stack.up(wanted(inputs));
      harness.tcf.failOver();
      await harness.stack.refresh();
      const drifted = inputs.active === "cluster_2" ? "cluster_1" : "cluster1";
      assert.equal(harness.stack.state?.inputs.active, drifted);
      assert.equal(await harness.stack.up(wanted(inputs)), "update");
      assert.deepEqual(harness.switched().slice(2), ["demote cluster1", "promote cluster2"]);
    });

    it("toggles, heals two passive clusters, and refuses two active ones", async () => {
      await using harness = await open(options);
      await harness.stack.up(wanted({ ...inputs, strategy: "toggle" }));
      nobodyActive(harness);
      await harness.stack.refresh();
      assert.equal(harness.stack.state?.inputs.active, "none");
      await harness.stack.up(wanted(inputs));
      for (const cluster of harness.tcf.clusters) cluster.status = "active";
      await harness.stack.refresh();
      assert.equal(harness.stack.state?.inputs.active, "both");
      const refused = await failureOf(harness.stack.up(wanted(inputs)));
      assert.match(refused.message, /resolveBothActive: true demotes cluster1$/);
      assert.deepEqual(harness.switched(), ["toggle cluster2", "promote cluster2"]);
      await harness.stack.up(wanted({ ...inputs, resolveBothActive: true }));
      assert.deepEqual(
        [harness.switched().at(-1), harness.tcf.activeNames],
        ["demote cluster1", ["cluster2"]],
      );
    });

    it("shows on refresh what the living side says of a dead one, and needs no other spelling for it", async () => {
      await using harness = await open(options);
      await harness.stack.up(wanted(inputs));
      harness.tcf.failOver();
      await harness.tcf.cluster("cluster2").goDown();
      await harness.stack.refresh();
      assert.equal(
        harness.stack.state?.inputs.active,
        inputs.active === "cluster_2" ? "cluster_1" : "cluster1",
      );
      assert.equal(outputsOf(harness).activeName, "cluster1");
    }).timeout(30_000);

    it("promotes with force beside a dead cluster, by the names that an earlier up has recorded", async () => {
      await using harness = await open(options);
      await harness.stack.up(
        wanted({ ...inputs, active: inputs.active === "cluster_2" ? "cluster_1" : "cluster1" }),
      );
      await harness.tcf.cluster("cluster1").goDown();
      await harness.stack.up(wanted({ ...inputs, force: true }));
      assert.deepEqual(harness.switched(), ["promote cluster2"]);
      const { activeName, previousActiveName, activeId, previousActiveId } = outputsOf(harness);
      assert.deepEqual([activeName, previousActiveName], ["cluster2", "cluster1"]);
      assert.deepEqual([activeId, previousActiveId], [two, one]);
    }).timeout(30_000);
  });
}

describe("an id as active among names", () => {
  it("is no drift while one side is dead", async () => {
    await using harness = await open(absolute);
    await harness.stack.up(wanted({ active: "cluster_2" }));
    await harness.tcf.cluster("cluster1").goDown();
    await harness.stack.refresh();
    assert.equal(harness.stack.state?.inputs.active, "cluster_2");
  }).timeout(30_000);
});

describe("ids whose old side dies in the middle of the failover", () => {
  it("are told apart by what the interrupted up has recorded", async () => {
    await using harness = await open({ ...absolute, switchMs: 300 });
    harness.tcf.watch(({ path }) => {
      if (path === "/tcf/demote") setTimeout(() => void harness.tcf.cluster("cluster1").goDown(), 50);
    });
    const inputs = wanted({ active: "cluster_2", ...byId });
    await failureOf(harness.stack.up({ ...inputs, timeout: "3s" }));
    await harness.stack.up({ ...inputs, force: true });
    assert.deepEqual(harness.switched(), ["demote cluster1", "promote cluster2"]);
  }).timeout(40_000);
});

describe("a program that goes from ids to names", () => {
  it("is one update in place: nothing is replaced, nothing sent", async () => {
    await using harness = await open(absolute);
    await harness.stack.up(wanted({ active: "cluster_2", ...byId }));
    harness.tcf.resetCounts();
    assert.equal(await harness.stack.preview(wanted()), "update");
    assert.equal(await harness.stack.up(wanted()), "update");
    assert.equal(harness.tcf.counts().mutating, 0);
    assert.equal(await harness.stack.up(wanted()), "same");
    assert.equal(outputsOf(harness).previousActiveName, "cluster1");
  });
});
