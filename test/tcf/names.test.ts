import assert from "node:assert/strict";
import type { TcfOptions } from "../../simulators/index.ts";
import type { Properties } from "../rules/door.ts";
import { CheckFailed } from "../rules/stack.ts";
import { activeWest, failureOf, nobodyActive, openScene, passiveEast, type Scene, wanted } from "./scene.ts";

/*
 * `/tcf/clusters` most likely lists a cluster itself as cluster_1 and its neighbour as cluster_2, whoever is asked: the vendor's
 * example stand is configured so. A program with ids could not work there, and one with names was refused.
 */

const relative: TcfOptions = { ids: "relative" };
const absolute: TcfOptions = { ids: "absolute" };
const byId: Properties = { clusters: { cluster_1: "east", cluster_2: "west" } };

const open = (options: TcfOptions) => openScene("tcf:ActiveCluster", options);
const openRole = (options: TcfOptions) => openScene("tcf:ClusterRole", options, { requestTimeout: "800ms" });

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

const outputsOf = ({ stack }: Scene) => {
  const { activeName, passiveName, previousActiveName, activeId, previousActiveId } =
    stack.state?.outputs ?? {};
  return { activeName, passiveName, previousActiveName, activeId, previousActiveId };
};

for (const [what, options, inputs, [one, two]] of spellings) {
  describe(`ActiveCluster with ${what}`, () => {
    it("fails over with two calls, records names, and the second up sends nothing", async () => {
      await using scene = await open({ ...options, switchMs: 200 });
      await scene.stack.up(wanted(inputs));
      assert.deepEqual(scene.switched(), ["demote cluster1", "promote cluster2"]);
      assert.deepEqual(outputsOf(scene), {
        activeName: "cluster2",
        passiveName: "cluster1",
        previousActiveName: "cluster1",
        activeId: two,
        previousActiveId: one,
      });
      assert.equal(await scene.stack.up(wanted(inputs)), "same");
      await scene.stack.refresh();
      assert.equal(await scene.stack.up(wanted(inputs)), "same");
      assert.equal(scene.tcf.counts().mutating, 2);
    });

    it("shows a switch from outside in its own spelling, and repairs it", async () => {
      await using scene = await open(options);
      await scene.stack.up(wanted(inputs));
      scene.tcf.failOver();
      await scene.stack.refresh();
      const drifted = inputs.active === "cluster_2" ? "cluster_1" : "cluster1";
      assert.equal(scene.stack.state?.inputs.active, drifted);
      assert.equal(await scene.stack.up(wanted(inputs)), "update");
      assert.deepEqual(scene.switched().slice(2), ["demote cluster1", "promote cluster2"]);
    });

    it("toggles, heals two passive clusters, and refuses two active ones", async () => {
      await using scene = await open(options);
      await scene.stack.up(wanted({ ...inputs, strategy: "toggle" }));
      nobodyActive(scene);
      await scene.stack.refresh();
      assert.equal(scene.stack.state?.inputs.active, "none");
      await scene.stack.up(wanted(inputs));
      for (const cluster of scene.tcf.clusters) cluster.status = "active";
      await scene.stack.refresh();
      assert.equal(scene.stack.state?.inputs.active, "both");
      const refused = await failureOf(scene.stack.up(wanted(inputs)));
      assert.match(refused.message, /resolveBothActive: true demotes cluster1$/);
      assert.deepEqual(scene.switched(), ["toggle cluster2", "promote cluster2"]);
      await scene.stack.up(wanted({ ...inputs, resolveBothActive: true }));
      assert.deepEqual([scene.switched().at(-1), scene.tcf.activeNames], ["demote cluster1", ["cluster2"]]);
    });

    it("shows on refresh what the living side says of a dead one, and needs no other spelling for it", async () => {
      await using scene = await open(options);
      await scene.stack.up(wanted(inputs));
      scene.tcf.failOver();
      await scene.tcf.cluster("cluster2").goDown();
      await scene.stack.refresh();
      assert.equal(
        scene.stack.state?.inputs.active,
        inputs.active === "cluster_2" ? "cluster_1" : "cluster1",
      );
      assert.equal(outputsOf(scene).activeName, "cluster1");
    }).timeout(30_000);

    it("promotes with force beside a dead cluster, by the names that an earlier up has recorded", async () => {
      await using scene = await open(options);
      await scene.stack.up(
        wanted({ ...inputs, active: inputs.active === "cluster_2" ? "cluster_1" : "cluster1" }),
      );
      await scene.tcf.cluster("cluster1").goDown();
      await scene.stack.up(wanted({ ...inputs, force: true }));
      assert.deepEqual(scene.switched(), ["promote cluster2"]);
      const { activeName, previousActiveName, activeId, previousActiveId } = outputsOf(scene);
      assert.deepEqual([activeName, previousActiveName], ["cluster2", "cluster1"]);
      assert.deepEqual([activeId, previousActiveId], [two, one]);
    }).timeout(30_000);
  });
}

describe("ActiveCluster that cannot tell which cluster is meant", () => {
  const mute = (list: object[]) => JSON.stringify(list);
  const listing = (scene: Scene, which: "cluster1" | "cluster2", list: object[]) =>
    scene.tcf.fault({
      kind: "status",
      status: 200,
      body: mute(list),
      contentType: "application/json",
      times: Number.POSITIVE_INFINITY,
      match: { endpoint: `${scene.tcf.cluster(which).id}/0`, path: "/tcf/clusters" },
    });

  const refusals: [
    what: string,
    options: TcfOptions,
    inputs: Properties,
    property: string,
    reason: RegExp,
    prepare?: (scene: Scene) => unknown,
  ][] = [
    [
      "ids that each side gives to the other's cluster",
      relative,
      { active: "cluster_2", ...byId },
      "clusters",
      /cannot be told apart by cluster_1 and cluster_2: the id cluster_1 is cluster1 in one cluster's list and cluster2 in the other's; write the names cluster1 and cluster2 as keys/,
    ],
    [
      "the same while nobody is active: the names to write are told, not where they belong",
      relative,
      { active: "cluster_2", ...byId },
      "clusters",
      /write the names cluster1 and cluster2 as keys$/,
      nobodyActive,
    ],
    [
      "an id as active that means two clusters",
      relative,
      { active: "cluster_2" },
      "active",
      /"cluster_2" cannot be told: the id cluster_2 is cluster2 in one cluster's list and cluster1 in the other's; write a name, cluster1, cluster2$/,
    ],
    [
      "a name in neither list",
      relative,
      { clusters: { cluster1: "east", north: "west" } },
      "clusters.north",
      /names no cluster of the federation behind its connection: that has cluster1, cluster2$/,
    ],
    [
      "an active in neither list",
      relative,
      { active: "north" },
      "active",
      /"north" names no cluster of the federation: it has cluster1, cluster2$/,
    ],
    [
      "lists that disagree on a name",
      relative,
      {},
      "clusters",
      /the lists disagree on the names of the two clusters \(clusters.cluster1 has cluster1, cluster2; clusters.cluster2 has cluster2, cluster3\): are both/,
      (scene) =>
        listing(scene, "cluster2", [
          { id: "cluster_1", name: "cluster2", status: "passive" },
          { id: "cluster_2", name: "cluster3", status: "active" },
        ]),
    ],
    [
      "a list that has a name twice",
      relative,
      {},
      "clusters.cluster2",
      /its list has two clusters of the name cluster2/,
      (scene) =>
        listing(scene, "cluster2", [
          { id: "cluster_1", name: "cluster2", status: "passive" },
          { id: "cluster_2", name: "cluster2", status: "active" },
        ]),
    ],
    [
      "lists without names whose ids are relative",
      relative,
      { active: "cluster_2", ...byId },
      "clusters",
      /each side lists the opposite of the other .*do the same names stand for the same clusters/,
      (scene) => {
        listing(scene, "cluster1", [
          { id: "cluster_1", status: "active" },
          { id: "cluster_2", status: "passive" },
        ]);
        listing(scene, "cluster2", [
          { id: "cluster_1", status: "passive" },
          { id: "cluster_2", status: "active" },
        ]);
      },
    ],
  ];
  for (const [what, options, inputs, property, reason, prepare] of refusals) {
    it(`refuses ${what}, in the preview and in the up: nothing is sent`, async () => {
      await using scene = await open(options);
      prepare?.(scene);
      const error = await failureOf(scene.stack.preview(wanted(inputs)));
      assert.ok(error instanceof CheckFailed);
      assert.deepEqual(
        error.failures.map((failure) => failure.property),
        [property],
      );
      assert.match(error.message, reason);
      const { inputs: checked } = await scene.session.check(wanted(inputs), wanted(inputs), false);
      assert.match((await failureOf(scene.session.create(checked))).message, reason);
      assert.equal(scene.tcf.counts().mutating, 0);
    });
  }

  it("says in a preview where the names belong, as the clusters answer now", async () => {
    await using scene = await open(relative);
    const error = await failureOf(scene.stack.preview(wanted({ active: "cluster_2", ...byId })));
    assert.match(
      error.message,
      /as they answer now, clusters.cluster_1 leads to cluster1 and clusters.cluster_2 to cluster2$/,
    );
  });

  for (const options of [relative, absolute]) {
    it(`refuses two connections to one cluster: ${options.ids}`, async () => {
      const clusters: TcfOptions["clusters"] = [
        { id: "cluster_1", name: "cluster1", instances: 2 },
        { id: "cluster_2", name: "cluster2" },
      ];
      await using scene = await open({ ...options, clusters });
      const [one, two] = scene.tcf.cluster("cluster1").endpoints;
      const inputs = wanted({ clusters: { cluster1: { endpoint: one }, cluster2: { endpoint: two } } });
      const error = await failureOf(scene.stack.preview(inputs));
      assert.match(
        error.message,
        /clusters.cluster2: cluster2: its endpoint says that it is active while the federation lists cluster2 as passive: is it an endpoint of the other/,
      );
      assert.equal(scene.tcf.counts().mutating, 0);
      // With two passive clusters nothing tells them apart; what came of the promotion does.
      nobodyActive(scene);
      assert.match(
        (await failureOf(scene.stack.up(inputs))).message,
        /is it an endpoint of the other cluster/,
      );
      assert.deepEqual(scene.switched(), ["promote cluster1"]);
    }).timeout(30_000);

    it(`refuses ids of which nothing is recorded while one side is dead, and says what to write: ${options.ids}`, async () => {
      await using scene = await open(options);
      await scene.tcf.cluster("cluster1").goDown();
      const inputs = wanted({ active: "cluster_2", force: true, ...byId });
      const reason =
        /clusters: cannot be told apart by cluster_1 and cluster_2: an id may mean another cluster in each cluster's list, and one of the two lists cannot be read; write the names cluster/;
      assert.match((await failureOf(scene.stack.preview(inputs))).message, reason);
      const { inputs: checked } = await scene.session.check(inputs, inputs, false);
      assert.match(
        (await failureOf(scene.session.create(checked))).message,
        /cannot be told apart by cluster_1/,
      );
      assert.equal(scene.tcf.counts().mutating, 0);
    }).timeout(30_000);
  }
});

describe("a program that goes from ids to names", () => {
  it("is one update in place: nothing is replaced, nothing sent", async () => {
    await using scene = await open(absolute);
    await scene.stack.up(wanted({ active: "cluster_2", ...byId }));
    scene.tcf.resetCounts();
    assert.equal(await scene.stack.preview(wanted()), "update");
    assert.equal(await scene.stack.up(wanted()), "update");
    assert.equal(scene.tcf.counts().mutating, 0);
    assert.equal(await scene.stack.up(wanted()), "same");
    assert.equal(outputsOf(scene).previousActiveName, "cluster1");
  });
});

describe("ClusterRole where ids are relative", () => {
  it("takes west to active and back by name, and remembers its name", async () => {
    await using scene = await openRole({ switchMs: 200 });
    nobodyActive(scene);
    await scene.stack.up(activeWest({ cluster: "cluster2" }));
    await scene.stack.up(activeWest({ cluster: "cluster2", role: "passive" }));
    assert.deepEqual(scene.switched(), ["promote cluster2", "demote cluster2"]);
    assert.equal(scene.stack.state?.outputs.clusterName, "cluster2");
  });

  for (const [options, cluster] of [
    [relative, "cluster_1"],
    [absolute, "cluster_2"],
  ] as const) {
    it(`takes ${options.ids} ids where the cluster's own word agrees`, async () => {
      await using scene = await openRole(options);
      await scene.stack.up(activeWest({ cluster, role: "passive" }));
      const { clusterId, clusterName, status } = scene.stack.state?.outputs ?? {};
      assert.deepEqual([clusterId, clusterName, status], [cluster, "cluster2", "passive"]);
      assert.deepEqual(scene.switched(), []);
    });
  }

  it("refuses an id that its own word contradicts, with the name to write, in the preview and in the up", async () => {
    await using scene = await openRole(relative);
    const inputs = activeWest({ cluster: "cluster_2", role: "passive" });
    const reason =
      /lists cluster1 \(cluster_2\) as active: ids may be relative to the cluster that lists them: write the name, "cluster2" if/;
    assert.match((await failureOf(scene.stack.preview(inputs))).message, reason);
    assert.match((await failureOf(scene.session.create(inputs))).message, reason);
    assert.deepEqual(scene.switched(), []);
  });

  it("permits nothing on an id alone: with two passive clusters its name is asked for", async () => {
    for (const options of [relative, absolute]) {
      await using scene = await openRole(options);
      nobodyActive(scene);
      const inputs = activeWest({ cluster: "cluster_2" });
      const reason =
        /"cluster_2" is an id, which may mean another cluster in each cluster's list, and more than one is passive: write its name, one of cluster/;
      assert.match((await failureOf(scene.stack.preview(inputs))).message, reason);
      assert.match((await failureOf(scene.session.create(inputs))).message, reason);
      assert.deepEqual(scene.switched(), []);
    }
  });

  it("goes on by the name that was recorded for an id while it could be told", async () => {
    await using scene = await openRole(absolute);
    await scene.stack.up(passiveEast({ cluster: "cluster_1" }));
    assert.deepEqual(scene.statuses(), ["passive", "passive"]);
    await scene.stack.refresh();
    await scene.stack.up(passiveEast({ cluster: "cluster_1", role: "active" }));
    assert.deepEqual(scene.switched(), ["demote cluster1", "promote cluster1"]);
  });
});
