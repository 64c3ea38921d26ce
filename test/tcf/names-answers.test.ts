import assert from "node:assert/strict";
import type { TcfOptions } from "../../simulators/index.ts";
import { lists } from "./answers.ts";
import { failureOf, nobodyActive, openHarness, wanted } from "./harness.ts";

const both = ["demote cluster1", "promote cluster2"];
const byId = { clusters: { cluster_1: "east", cluster_2: "west" } };
const open = (options?: TcfOptions, settings = {}) => openHarness("tcf:ActiveCluster", options, settings);

describe("names and ids in strange answers", () => {
  it("names that equal the other's id: a switch while both lists fail goes to the right clusters", async () => {
    await using harness = await open({
      ids: "absolute",
      clusters: [
        { id: "cluster_1", name: "cluster_2" },
        { id: "cluster_2", name: "cluster_1" },
      ],
    });
    // east leads to the cluster named cluster_2, west to the one named cluster_1.
    const inputs = wanted({ active: "cluster_1", clusters: { cluster_2: "east", cluster_1: "west" } });
    const [east, west] = harness.tcf.clusters;
    await harness.stack.up(inputs);
    assert.deepEqual([east?.status, west?.status], ["passive", "active"]);
    for (const c of harness.tcf.clusters) c.listUnavailable = true;
    await harness.stack.up({ ...inputs, active: "cluster_2", timeout: "15s" }).catch((e: Error) => e);
    assert.deepEqual([east?.status, west?.status], ["active", "passive"]);
  }).timeout(40_000);

  it("with one side dead and the survivor listing itself only, force works by names", async () => {
    await using harness = await open();
    await harness.stack.up(wanted({ active: "cluster1" }));
    await harness.tcf.cluster("cluster1").goDown();
    lists(harness, "cluster2", [{ id: "cluster_1", name: "cluster2", status: "passive" }], 8);
    await harness.stack.up(wanted({ force: true, timeout: "20s" })).catch((e: Error) => e);
    assert.deepEqual(harness.switched(), ["promote cluster2"]);
  }).timeout(40_000);

  it("three clusters in both lists: what is told is true", async () => {
    await using harness = await open();
    const three = [
      { id: "cluster_1", name: "cluster1", status: "active" },
      { id: "cluster_2", name: "cluster2", status: "passive" },
      { id: "cluster_3", name: "cluster3", status: "passive" },
    ];
    lists(harness, "cluster1", three);
    lists(harness, "cluster2", three);
    const error = await failureOf(harness.stack.up(wanted()));
    assert.doesNotMatch(error.message, /disagree/);
  });

  it("odd names work like others", async () => {
    for (const [one, two] of [
      ["кластер-1", "кластер-2"],
      ["data center east", "data center west"],
      ["1", "2"],
      ["a+b", "a"],
      ["none", "both"],
      ["constructor", "toString"],
      ["__proto__x", "has.dot[0]"],
    ] as const) {
      for (const ids of ["relative", "absolute"] as const) {
        await using harness = await open({
          ids,
          clusters: [
            { id: "cluster_1", name: one },
            { id: "cluster_2", name: two },
          ],
        });
        const inputs = wanted({ active: two, clusters: { [one]: "east", [two]: "west" } });
        await harness.stack.up(inputs);
        assert.equal(await harness.stack.up(inputs), "same");
        await harness.stack.refresh();
        assert.equal(await harness.stack.up(inputs), "same", `${one} ${two} after refresh`);
        assert.deepEqual(harness.tcf.activeNames, [two]);
        harness.tcf.failOver();
        await harness.stack.refresh();
        assert.equal(harness.stack.state?.inputs.active, one);
        assert.equal(await harness.stack.up(inputs), "update");
        assert.deepEqual(harness.tcf.activeNames, [two]);
      }
    }
  }).timeout(60_000);

  it("numeric ids and names in JSON", async () => {
    await using harness = await open();
    const one = (a: string, b: string) => [
      { id: 1, name: 10, status: a },
      { id: 2, name: 20, status: b },
    ];
    harness.tcf.cluster("cluster1").status = "passive";
    harness.tcf.cluster("cluster2").status = "active";
    lists(harness, "cluster1", one("passive", "active"));
    lists(harness, "cluster2", one("passive", "active"));
    const outcome = await harness.stack
      .up(wanted({ active: "20", clusters: { "10": "east", "20": "west" } }))
      .catch((e: Error) => e);
    assert.equal(outcome, "create");
  });

  it("lists without ids", async () => {
    await using harness = await open();
    harness.tcf.failOver();
    const one = [
      { name: "cluster1", status: "passive" },
      { name: "cluster2", status: "active" },
    ];
    lists(harness, "cluster1", one);
    lists(harness, "cluster2", one);
    const outcome = await harness.stack.up(wanted({})).catch((e: Error) => e);
    assert.equal(outcome, "create");
  });

  it("previous of a 0.1.0 state that goes back is not the active one", async () => {
    await using harness = await open({ ids: "absolute" });
    nobodyActive(harness);
    const inputs = wanted({ active: "cluster_1", ...byId });
    const { inputs: checked } = await harness.session.check(undefined, inputs, false);
    const old = {
      active: "cluster_2",
      ...byId,
      strategy: "demoteThenPromote",
      force: false,
      resolveBothActive: false,
      previousActiveId: "cluster_1",
      __unfinished: {
        call: "demote",
        on: "cluster_1",
        from: "cluster_1",
        sentAt: "2026-11-26T10:11:29.210Z",
      },
      __waits: [],
      startedAt: "2026-11-26T10:11:29.210Z",
    };
    const { outputs } = await harness.session.update("cluster_1+cluster_2", old, checked);
    assert.notEqual(outputs.previousActiveId, outputs.activeId);
  });

  it("a token that a worker puts into a status never reaches progress or warnings", async () => {
    const token = "very-secret-token-0123456789";
    await using harness = await open({ auth: { tokens: [{ token }] } }, { token });
    const word = `refused ${token}`;
    const listed = [
      { id: "cluster_1", name: "cluster1", status: word },
      { id: "cluster_2", name: "cluster2", status: "passive" },
    ];
    lists(harness, "cluster1", listed);
    lists(harness, "cluster2", listed);
    const { inputs } = await harness.session.check(undefined, wanted({ timeout: "2s" }), true);
    const error = await failureOf(harness.session.create(inputs));
    const all = JSON.stringify([harness.session.said, error.message]);
    assert.ok(!all.includes(token));
  });

  it("a change from names to ids and back, with one dead side, sends nothing and keeps working", async () => {
    await using harness = await open({ ids: "absolute" });
    await harness.stack.up(wanted({ active: "cluster_2", ...byId }));
    await harness.tcf.cluster("cluster1").goDown();
    const step = await harness.stack.up(wanted({ force: true })).catch((e: Error) => e);
    assert.equal(step, "update");
    assert.equal(harness.switched().length, 2);
  }).timeout(40_000);

  it("swapped connections are refused whatever the roles, with one side dead and force", async () => {
    for (const status of ["active", "passive"]) {
      await using harness = await open();
      if (status === "passive") harness.tcf.failOver();
      await harness.tcf.cluster("cluster1").goDown();
      // west (cluster2) is called cluster1, and is to become the active one.
      await harness.stack
        .up(
          wanted({
            active: "cluster1",
            clusters: { cluster1: "west", cluster2: "east" },
            force: true,
            timeout: "20s",
          }),
        )
        .catch((e: Error) => e);
      assert.deepEqual(harness.switched(), []);
    }
  }).timeout(60_000);

  it("unfinished by ids, resumed by names", async () => {
    await using harness = await open({ ids: "absolute", switchMs: 800 });
    await failureOf(harness.stack.up(wanted({ active: "cluster_2", ...byId, timeout: "500ms" })));
    await harness.stack.up(wanted()).catch((e: Error) => e);
    assert.deepEqual(harness.switched(), both);
  });
});
