import assert from "node:assert/strict";
import { type CanFailOverArgs, type CanFailOverResult, invoke, Session } from "../../provider/index.ts";
import { startTcf, type TcfSimulator } from "../../simulators/index.ts";
import { closed } from "../guards/stage.ts";
import { contextFor } from "../support/context.ts";

const clusters = { cluster1: "east", cluster2: "west" };

describe("tcf.canFailOver", () => {
  let tcf: TcfSimulator;
  beforeEach(async () => {
    tcf = await startTcf();
  });
  afterEach(() => tcf.close());

  function ask(args: object = {}, settings = {}, session = new Session()): Promise<CanFailOverResult> {
    const [east, west] = tcf.clusters.map(({ endpoints }) => ({ endpoints }));
    // As in a preview, whose resources share what they have read.
    const context = {
      ...contextFor({ east: east ?? {}, west: west ?? {} }, { preview: true }, settings),
      session,
    };
    const asked: CanFailOverArgs = { clusters, ...args };
    return invoke("tcf:canFailOver", context, asked);
  }

  it("says what a failover to the other cluster would send, and sends nothing", async () => {
    assert.deepEqual(await ask(), {
      possible: true,
      blockers: [],
      warnings: [],
      plan: "demote cluster1, then promote cluster2",
      active: "cluster2",
    });
    assert.equal(tcf.counts().mutating, 0);
  });

  it("is possible where it is so already: nothing would be sent", async () => {
    const { possible, blockers, warnings, plan } = await ask({ active: "cluster1" });
    assert.deepEqual([possible, blockers, plan], [true, [], undefined]);
    assert.deepEqual(warnings, ["cluster1 is active already: nothing will be sent"]);
  });

  const obstacles: [what: string, arrange: () => void, property: string, reason: RegExp, args?: object][] = [
    [
      "both clusters are active",
      () => {
        tcf.cluster("cluster2").status = "active";
      },
      "active",
      /both clusters are active/,
    ],
    [
      "the federation is changing",
      () => {
        tcf.cluster("cluster2").status = "rebooting";
      },
      "clusters",
      /the federation is changing/,
      { active: "cluster2" },
    ],
    [
      "the other cluster cannot be read",
      () => {
        tcf.fault({
          kind: "html",
          status: 502,
          times: Number.POSITIVE_INFINITY,
          match: { endpoint: "cluster_1/0" },
        });
      },
      "clusters",
      /cluster1 cannot be read .*without force: true this will fail/,
      { active: "cluster2" },
    ],
    ["a name is none", () => {}, "active", /"dc-3" names no cluster/, { active: "dc-3" }],
    [
      "a key names no cluster",
      () => {},
      "clusters.typo",
      /names no cluster of the federation/,
      { clusters: { cluster1: "east", typo: "west" } },
    ],
    [
      "ids do not tell the clusters apart",
      () => {},
      "clusters",
      /cannot be told apart by cluster_1 and cluster_2/,
      { clusters: { cluster_1: "east", cluster_2: "west" } },
    ],
  ];
  for (const [what, arrange, property, reason, args] of obstacles)
    it(`is not possible where ${what}`, async () => {
      arrange();
      const { possible, blockers, plan } = await ask(args);
      assert.deepEqual([possible, plan], [false, undefined]);
      assert.deepEqual(
        blockers.map((blocker) => blocker.property),
        [property],
      );
      assert.match(blockers[0]?.reason ?? "", reason);
    });

  it("is not possible outside of the windows, unless that is overridden or heals", async () => {
    const { possible, blockers } = await ask({}, { guards: closed });
    assert.equal(possible, false);
    assert.equal(blockers[0]?.property, 'clusterops:guards["*"].windows');
    const overridden = await ask({}, { guards: closed, override: "INC-4711 primary DC down" });
    assert.equal(overridden.possible, true);
    assert.match(overridden.warnings.join(), /^overridden: /);
    for (const cluster of tcf.clusters) cluster.status = "passive";
    assert.equal((await ask({}, { guards: closed })).possible, true);
  });

  it("takes what an ActiveCluster takes to go ahead", async () => {
    const { plan } = await ask({ strategy: "toggle" });
    assert.equal(plan, "toggle: cluster1 becomes passive, cluster2 active");
    tcf.cluster("cluster2").status = "active";
    assert.equal((await ask({ active: "cluster2" })).possible, false);
    const resolved = await ask({ active: "cluster2", resolveBothActive: true });
    assert.deepEqual([resolved.possible, resolved.plan], [true, "demote cluster1"]);
  });

  it("names the guards beside a federation that is changing", async () => {
    tcf.cluster("cluster2").status = "rebooting";
    const { blockers } = await ask({ active: "cluster2" }, { guards: closed });
    assert.deepEqual(
      blockers.map(({ property }) => property),
      ['clusterops:guards["*"].windows', "clusters"],
    );
  });

  it("answers of this moment, whatever the same program has read before", async () => {
    const session = new Session();
    assert.equal((await ask({}, {}, session)).active, "cluster2");
    tcf.failOver();
    const { active, plan } = await ask({}, {}, session);
    assert.deepEqual([active, plan], ["cluster1", "demote cluster2, then promote cluster1"]);
  });

  it("refuses what is wrong with its arguments", async () => {
    await assert.rejects(ask({ clusters: { cluster1: "east" } }), /tcf\.canFailOver: clusters: has 1 entry/);
    await assert.rejects(ask({ clusters: { ...clusters, cluster2: "north" } }), /no connection "north"/);
    await assert.rejects(ask({ activ: "cluster1" }), /did you mean active\?/);
  });
});
