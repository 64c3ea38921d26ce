import assert from "node:assert/strict";
import type { TcfOptions } from "../../simulators/index.ts";
import { lists } from "./answers.ts";
import { failureOf, nobodyActive, openScene, wanted } from "./scene.ts";

const both = ["demote cluster1", "promote cluster2"];
const byId = { clusters: { cluster_1: "east", cluster_2: "west" } };
const open = (options?: TcfOptions, settings = {}) => openScene("tcf:ActiveCluster", options, settings);

describe("names and ids in strange answers", () => {
  it("names that equal the other's id: a switch while both lists fail goes to the right clusters", async () => {
    await using scene = await open({
      ids: "absolute",
      clusters: [
        { id: "cluster_1", name: "cluster_2" },
        { id: "cluster_2", name: "cluster_1" },
      ],
    });
    // east leads to the cluster named cluster_2, west to the one named cluster_1.
    const inputs = wanted({ active: "cluster_1", clusters: { cluster_2: "east", cluster_1: "west" } });
    const [east, west] = scene.tcf.clusters;
    await scene.stack.up(inputs);
    assert.deepEqual([east?.status, west?.status], ["passive", "active"]);
    for (const c of scene.tcf.clusters) c.listUnavailable = true;
    await scene.stack.up({ ...inputs, active: "cluster_2", timeout: "15s" }).catch((e: Error) => e);
    assert.deepEqual([east?.status, west?.status], ["active", "passive"]);
  }).timeout(40_000);

  it("with one side dead and the survivor listing itself only, force works by names", async () => {
    await using scene = await open();
    await scene.stack.up(wanted({ active: "cluster1" }));
    await scene.tcf.cluster("cluster1").goDown();
    lists(scene, "cluster2", [{ id: "cluster_1", name: "cluster2", status: "passive" }], 8);
    await scene.stack.up(wanted({ force: true, timeout: "20s" })).catch((e: Error) => e);
    assert.deepEqual(scene.switched(), ["promote cluster2"]);
  }).timeout(40_000);

  it("three clusters in both lists: what is told is true", async () => {
    await using scene = await open();
    const three = [
      { id: "cluster_1", name: "cluster1", status: "active" },
      { id: "cluster_2", name: "cluster2", status: "passive" },
      { id: "cluster_3", name: "cluster3", status: "passive" },
    ];
    lists(scene, "cluster1", three);
    lists(scene, "cluster2", three);
    const error = await failureOf(scene.stack.up(wanted()));
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
        await using scene = await open({
          ids,
          clusters: [
            { id: "cluster_1", name: one },
            { id: "cluster_2", name: two },
          ],
        });
        const inputs = wanted({ active: two, clusters: { [one]: "east", [two]: "west" } });
        await scene.stack.up(inputs);
        assert.equal(await scene.stack.up(inputs), "same");
        await scene.stack.refresh();
        assert.equal(await scene.stack.up(inputs), "same", `${one} ${two} after refresh`);
        assert.deepEqual(scene.tcf.activeNames, [two]);
        scene.tcf.failOver();
        await scene.stack.refresh();
        assert.equal(scene.stack.state?.inputs.active, one);
        assert.equal(await scene.stack.up(inputs), "update");
        assert.deepEqual(scene.tcf.activeNames, [two]);
      }
    }
  }).timeout(60_000);

  it("numeric ids and names in JSON", async () => {
    await using scene = await open();
    const one = (a: string, b: string) => [
      { id: 1, name: 10, status: a },
      { id: 2, name: 20, status: b },
    ];
    scene.tcf.cluster("cluster1").status = "passive";
    scene.tcf.cluster("cluster2").status = "active";
    lists(scene, "cluster1", one("passive", "active"));
    lists(scene, "cluster2", one("passive", "active"));
    const outcome = await scene.stack
      .up(wanted({ active: "20", clusters: { "10": "east", "20": "west" } }))
      .catch((e: Error) => e);
    assert.equal(outcome, "create");
  });

  it("lists without ids", async () => {
    await using scene = await open();
    scene.tcf.failOver();
    const one = [
      { name: "cluster1", status: "passive" },
      { name: "cluster2", status: "active" },
    ];
    lists(scene, "cluster1", one);
    lists(scene, "cluster2", one);
    const outcome = await scene.stack.up(wanted({})).catch((e: Error) => e);
    assert.equal(outcome, "create");
  });

  it("previous of a 0.1.0 state that goes back is not the active one", async () => {
    await using scene = await open({ ids: "absolute" });
    nobodyActive(scene);
    const inputs = wanted({ active: "cluster_1", ...byId });
    const { inputs: checked } = await scene.session.check(undefined, inputs, false);
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
    const { outputs } = await scene.session.update("cluster_1+cluster_2", old, checked);
    assert.notEqual(outputs.previousActiveId, outputs.activeId);
  });

  it("a token that a worker puts into a status never reaches progress or warnings", async () => {
    const token = "very-secret-token-0123456789";
    await using scene = await open({ auth: { tokens: [{ token }] } }, { token });
    const word = `refused ${token}`;
    const listed = [
      { id: "cluster_1", name: "cluster1", status: word },
      { id: "cluster_2", name: "cluster2", status: "passive" },
    ];
    lists(scene, "cluster1", listed);
    lists(scene, "cluster2", listed);
    const { inputs } = await scene.session.check(undefined, wanted({ timeout: "2s" }), true);
    const error = await failureOf(scene.session.create(inputs));
    const all = JSON.stringify([scene.session.said, error.message]);
    assert.ok(!all.includes(token));
  });

  it("a change from names to ids and back, with one dead side, sends nothing and keeps working", async () => {
    await using scene = await open({ ids: "absolute" });
    await scene.stack.up(wanted({ active: "cluster_2", ...byId }));
    await scene.tcf.cluster("cluster1").goDown();
    const step = await scene.stack.up(wanted({ force: true })).catch((e: Error) => e);
    assert.equal(step, "update");
    assert.equal(scene.switched().length, 2);
  }).timeout(40_000);

  it("swapped connections are refused whatever the roles, with one side dead and force", async () => {
    for (const status of ["active", "passive"]) {
      await using scene = await open();
      if (status === "passive") scene.tcf.failOver();
      await scene.tcf.cluster("cluster1").goDown();
      // west (cluster2) is called cluster1, and is to become the active one.
      await scene.stack
        .up(
          wanted({
            active: "cluster1",
            clusters: { cluster1: "west", cluster2: "east" },
            force: true,
            timeout: "20s",
          }),
        )
        .catch((e: Error) => e);
      assert.deepEqual(scene.switched(), []);
    }
  }).timeout(60_000);

  it("unfinished by ids, resumed by names", async () => {
    await using scene = await open({ ids: "absolute", switchMs: 800 });
    await failureOf(scene.stack.up(wanted({ active: "cluster_2", ...byId, timeout: "500ms" })));
    await scene.stack.up(wanted()).catch((e: Error) => e);
    assert.deepEqual(scene.switched(), both);
  });
});
