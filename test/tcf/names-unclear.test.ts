import assert from "node:assert/strict";
import type { TcfOptions } from "../../simulators/index.ts";
import type { Properties } from "../rules/door.ts";
import { CheckFailed } from "../rules/stack.ts";
import { failureOf, type Harness, nobodyActive, openHarness, wanted } from "./harness.ts";

const relative: TcfOptions = { ids: "relative" };
const absolute: TcfOptions = { ids: "absolute" };
const byId: Properties = { clusters: { cluster_1: "east", cluster_2: "west" } };

const open = (options: TcfOptions) => openHarness("tcf:ActiveCluster", options);

describe("ActiveCluster that cannot tell which cluster is meant", () => {
  const mute = (list: object[]) => JSON.stringify(list);
  const listing = (harness: Harness, which: "cluster1" | "cluster2", list: object[]) =>
    harness.tcf.fault({
      kind: "status",
      status: 200,
      body: mute(list),
      contentType: "application/json",
      times: Number.POSITIVE_INFINITY,
      match: { endpoint: `${harness.tcf.cluster(which).id}/0`, path: "/tcf/clusters" },
    });

  const refusals: [
    what: string,
    options: TcfOptions,
    inputs: Properties,
    property: string,
    reason: RegExp,
    prepare?: (harness: Harness) => unknown,
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
      (harness) =>
        listing(harness, "cluster2", [
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
      (harness) =>
        listing(harness, "cluster2", [
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
      (harness) => {
        listing(harness, "cluster1", [
          { id: "cluster_1", status: "active" },
          { id: "cluster_2", status: "passive" },
        ]);
        listing(harness, "cluster2", [
          { id: "cluster_1", status: "passive" },
          { id: "cluster_2", status: "active" },
        ]);
      },
    ],
  ];
  for (const [what, options, inputs, property, reason, prepare] of refusals) {
    it(`refuses ${what}, in the preview and in the up: nothing is sent`, async () => {
      await using harness = await open(options);
      prepare?.(harness);
      const error = await failureOf(harness.stack.preview(wanted(inputs)));
      assert.ok(error instanceof CheckFailed);
      assert.deepEqual(
        error.failures.map((failure) => failure.property),
        [property],
      );
      assert.match(error.message, reason);
      const { inputs: checked } = await harness.session.check(wanted(inputs), wanted(inputs), false);
      assert.match((await failureOf(harness.session.create(checked))).message, reason);
      assert.equal(harness.tcf.counts().mutating, 0);
    });
  }

  it("says in a preview where the names belong, as the clusters answer now", async () => {
    await using harness = await open(relative);
    const error = await failureOf(harness.stack.preview(wanted({ active: "cluster_2", ...byId })));
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
      await using harness = await open({ ...options, clusters });
      const [one, two] = harness.tcf.cluster("cluster1").endpoints;
      const inputs = wanted({ clusters: { cluster1: { endpoint: one }, cluster2: { endpoint: two } } });
      const error = await failureOf(harness.stack.preview(inputs));
      assert.match(
        error.message,
        /clusters.cluster2: cluster2: its endpoint says that it is active while the federation lists cluster2 as passive: is it an endpoint of the other/,
      );
      assert.equal(harness.tcf.counts().mutating, 0);
      // With two passive clusters nothing tells them apart; what came of the promotion does.
      nobodyActive(harness);
      assert.match(
        (await failureOf(harness.stack.up(inputs))).message,
        /is it an endpoint of the other cluster/,
      );
      assert.deepEqual(harness.switched(), ["promote cluster1"]);
    }).timeout(30_000);

    it(`refuses ids of which nothing is recorded while one side is dead, and says what to write: ${options.ids}`, async () => {
      await using harness = await open(options);
      await harness.tcf.cluster("cluster1").goDown();
      const inputs = wanted({ active: "cluster_2", force: true, ...byId });
      const reason =
        /clusters: cannot be told apart by cluster_1 and cluster_2: an id may mean another cluster in each cluster's list, and one of the two lists cannot be read; write the names cluster/;
      assert.match((await failureOf(harness.stack.preview(inputs))).message, reason);
      const { inputs: checked } = await harness.session.check(inputs, inputs, false);
      assert.match(
        (await failureOf(harness.session.create(checked))).message,
        /cannot be told apart by cluster_1/,
      );
      assert.equal(harness.tcf.counts().mutating, 0);
    }).timeout(30_000);
  }
});
