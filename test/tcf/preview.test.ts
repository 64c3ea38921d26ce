import assert from "node:assert/strict";
import type { Connection } from "../../provider/index.ts";
import type { AuthOptions, TcfOptions } from "../../simulators/index.ts";
import type { Properties } from "../rules/door.ts";
import { CheckFailed } from "../rules/stack.ts";
import { failureOf, type Harness, openHarness, wanted } from "./harness.ts";

const open = (options?: TcfOptions, settings?: Partial<Connection>) =>
  openHarness("tcf:ActiveCluster", options, settings);

const setStatuses = ({ tcf }: Harness, words: string[]) => {
  for (const [index, cluster] of tcf.clusters.entries()) cluster.status = words[index] ?? "";
};

describe("a preview of ActiveCluster", () => {
  const rows: [
    statuses: string[],
    inputs: Properties,
    plan: string | undefined,
    warning: RegExp | undefined,
  ][] = [
    [["active", "passive"], {}, "demote cluster1, then promote cluster2", undefined],
    [
      ["active", "passive"],
      { strategy: "toggle" },
      "toggle: cluster1 becomes passive, cluster2 active",
      undefined,
    ],
    [["passive", "active"], {}, undefined, /cluster2 is active already: nothing will be sent/],
    [
      ["passive", "passive"],
      {},
      "promote cluster2",
      /both clusters are passive: promoting cluster2 ends that/,
    ],
    [["active", "active"], { resolveBothActive: true }, "demote cluster1", undefined],
    [
      ["syncing", "passive"],
      {},
      undefined,
      /the federation is changing \(cluster1 syncing, cluster2 passive\)/,
    ],
    [
      ["active", "passive"],
      { connection: "east" },
      "demote cluster1, then promote cluster2",
      /connection is not used/,
    ],
  ];
  for (const [statuses, inputs, plan, warning] of rows) {
    it(`says "${plan ?? "nothing"}" for ${statuses} and ${JSON.stringify(inputs)}, and sends nothing`, async () => {
      await using harness = await open();
      setStatuses(harness, statuses);
      await harness.stack.preview(wanted(inputs));
      const { plans, warnings } = harness.session.said;
      assert.deepEqual(plans, plan === undefined ? [] : [plan]);
      assert.equal(warnings.length, warning ? 1 : 0, warnings.join("\n"));
      if (warning) assert.match(warnings[0] ?? "", warning);
      assert.equal(harness.tcf.counts().mutating, 0);
    });
  }

  const silences: [which: string, force: boolean, plans: string[], warning: RegExp][] = [
    [
      "cluster1",
      false,
      [],
      /cluster1 cannot be read \(clusters.cluster1\): .*refused.*; without force: true this will fail/,
    ],
    [
      "cluster1",
      true,
      ["promote cluster2"],
      /cluster1 cannot be read \(clusters.cluster1\): GET .*connection refused$/,
    ],
    ["cluster2", true, [], /cluster2 cannot be read .*; this will fail$/],
  ];
  for (const [which, force, plans, warning] of silences) {
    it(`warns that ${which} cannot be reached, ${force ? "with" : "without"} force`, async () => {
      await using harness = await open();
      await harness.tcf.cluster(which).goDown();
      await harness.stack.preview(wanted({ force }));
      assert.deepEqual(harness.session.said.plans, plans);
      assert.equal(harness.session.said.warnings.length, 1);
      assert.match(harness.session.said.warnings[0] ?? "", warning);
    });
  }

  const refusals: [
    what: string,
    statuses: string[],
    inputs: Properties,
    property: string,
    reason: RegExp,
    options?: TcfOptions,
  ][] = [
    ["both are active", ["active", "active"], {}, "active", /both clusters are active/],
    [
      "active names no cluster",
      ["active", "passive"],
      { active: "cluster3" },
      "active",
      /"cluster3" names no cluster of the federation: it has cluster1, cluster2$/,
    ],
    [
      "clusters names none",
      ["active", "passive"],
      { clusters: { cluster1: "east", cluster9: "west" } },
      "clusters.cluster9",
      /names no cluster of the federation behind its connection: that has cluster1, cluster2$/,
    ],
    [
      "the connections are mixed up",
      ["active", "passive"],
      { clusters: { cluster1: "west", cluster2: "east" } },
      "clusters.cluster1",
      /its endpoint says that it is passive while the federation lists cluster1 as active/,
    ],
    [
      "both connections lead to one cluster",
      ["active", "passive"],
      { clusters: { cluster1: "east", cluster2: "east" } },
      "clusters.cluster2",
      /leads to the same endpoints as clusters.cluster1/,
    ],
    [
      "both connections lead to one cluster, and its id has a dot",
      ["active", "passive"],
      { clusters: { cluster1: "east", "dc.2": "east" } },
      'clusters["dc.2"]',
      /leads to the same endpoints as clusters.cluster1/,
    ],
    [
      "both entries are one cluster",
      ["active", "passive"],
      { active: "cluster1", clusters: { cluster_1: "east", cluster1: "west" } },
      "clusters",
      /cluster_1 and cluster1 are the same cluster, cluster1/,
      { ids: "absolute" },
    ],
  ];
  for (const [what, statuses, inputs, property, reason, options] of refusals) {
    it(`refuses when ${what}, and so does the up: nothing is sent`, async () => {
      await using harness = await open(options);
      setStatuses(harness, statuses);
      const error = await failureOf(harness.stack.preview(wanted(inputs)));
      assert.ok(error instanceof CheckFailed);
      assert.deepEqual(
        error.failures.map((failure) => failure.property),
        [property],
      );
      assert.match(error.message, reason);
      const { inputs: checked } = await harness.session.check(wanted(inputs), wanted(inputs), false);
      assert.match((await failureOf(harness.session.create(checked))).message, reason);
      assert.deepEqual([harness.tcf.counts().mutating, harness.session.said.plans], [0, []]);
    });
  }

  for (const [what, auth] of [
    ["401", { tokens: [{ token: "another-token" }] }],
    ["403", { tokens: [{ token: "the-token", roles: ["nothing"] }] }],
  ] as [string, AuthOptions][]) {
    it(`refuses what the server refuses with ${what}, naming the role that is needed`, async () => {
      await using harness = await open({ auth }, { token: "the-token" });
      const error = await failureOf(harness.stack.preview(wanted()));
      assert.ok(error instanceof CheckFailed);
      assert.deepEqual(
        error.failures.map(({ property }) => property),
        ["clusters.cluster1", "clusters.cluster2"],
      );
      assert.match(error.message, new RegExp(`${what}.*Keycloak role info, toggle or admin`));
    });
  }

  it("costs a constant number of reads however many resources look at the federation", async () => {
    await using harness = await open();
    for (let index = 0; index < 20; index++)
      await harness.session.check(undefined, wanted({ timeout: `${index + 1}m` }), true);
    assert.deepEqual([harness.tcf.counts().reads, harness.tcf.counts().mutating], [4, 0]);
  });

  it("asks nothing while inputs have not changed, and says nothing new when only the timeout has", async () => {
    await using harness = await open();
    await harness.stack.up(wanted());
    harness.tcf.resetCounts();
    await harness.stack.preview(wanted());
    assert.equal(harness.tcf.counts().reads, 0);
    const before = harness.session.said.warnings.length;
    await harness.stack.preview(wanted({ timeout: "1m" }));
    assert.equal(harness.session.said.warnings.length, before);
  });

  it("shows the repair of an outside failover after a refresh", async () => {
    await using harness = await open();
    await harness.stack.up(wanted());
    harness.tcf.failOver();
    await harness.stack.refresh();
    assert.equal(await harness.stack.preview(wanted()), "update");
    assert.deepEqual(harness.session.said.plans.at(-1), "demote cluster1, then promote cluster2");
  });
});
