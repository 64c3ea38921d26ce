import assert from "node:assert/strict";
import { unknown } from "../../provider/index.ts";
import type { Properties } from "../rules/door.ts";
import { type Harness, openHarness, wanted } from "./harness.ts";

type Row = [inputs: Properties, property: string, reason: RegExp];

const endpoint = "http://127.0.0.1:1";

const activeCluster: Row[] = [
  [wanted({ active: undefined }), "active", /is required/],
  [wanted({ active: "" }), "active", /"" must NOT have fewer than 1 characters/],
  [wanted({ active: 2 }), "active", /2 is not a string/],
  [wanted({ clusters: undefined }), "clusters", /is required/],
  [wanted({ clusters: {} }), "clusters", /has 0 entries: name exactly two clusters/],
  [wanted({ clusters: { cluster1: "east" } }), "clusters", /has 1 entry: name exactly two clusters/],
  [wanted({ clusters: { a: "east", b: "west", c: "west" } }), "clusters", /has 3 entries/],
  [wanted({ clusters: ["east", "west"] }), "clusters", /an array is not an object/],
  [
    wanted({ clusters: { cluster1: "east", cluster2: 5 } }),
    "clusters.cluster2",
    /5 is not a string or a Connection/,
  ],
  [
    wanted({ clusters: { cluster1: "east", cluster2: "north" } }),
    "clusters.cluster2",
    /no connection "north" is configured/,
  ],
  [wanted({ clusters: { cluster1: "east", cluster2: {} } }), "clusters.cluster2", /has no endpoint/],
  [
    wanted({ clusters: { cluster1: "east", cluster2: { endpoint: "ftp://x" } } }),
    "clusters.cluster2.endpoint",
    /scheme ftp/,
  ],
  [
    wanted({ clusters: { cluster1: "east", cluster2: { endpoint: "http://ops:hunter22@x" } } }),
    "clusters.cluster2.endpoint",
    /^has a user name or password in the URL/,
  ],
  [
    wanted({ clusters: { cluster1: "east", cluster2: { endpoint, tokn: "t" } } }),
    "clusters.cluster2.tokn",
    /is not an input: did you mean token\?/,
  ],
  [wanted({ strategy: "swap" }), "strategy", /"swap" is not one of "demoteThenPromote", "toggle"/],
  [wanted({ force: "yes" }), "force", /"yes" is not a boolean/],
  [wanted({ resolveBothActive: 1 }), "resolveBothActive", /1 is not a boolean/],
  [wanted({ resolveBothActiv: true }), "resolveBothActiv", /did you mean resolveBothActive\?/],
  [wanted({ timeout: "soon" }), "timeout", /"soon" is not a duration/],
  [wanted({ timeout: "0s" }), "timeout", /must be positive/],
  [wanted({ timeout: "-5m" }), "timeout", /is not a duration/],
];

const clusterRole: Row[] = [
  [{ connection: "east" }, "role", /is required/],
  [{ connection: "east", role: "master" }, "role", /"master" is not one of "active", "passive"/],
  [{ connection: "east", role: "active", cluster: "" }, "cluster", /fewer than 1 characters/],
  [{ connection: "east", role: "active", clustr: "cluster1" }, "clustr", /did you mean cluster\?/],
  [{ connection: "east", role: "active", force: "true" }, "force", /is not a boolean/],
  [{ role: "active" }, "connection", /no connection "tcf" is configured/],
  [{ connection: { endpoint: "cluster-1:8081" }, role: "active" }, "connection.endpoint", /cluster-1/],
  [{ connection: "east", role: "active", timeout: "0" }, "timeout", /must be positive/],
];

for (const [type, rows] of [
  ["tcf:ActiveCluster", activeCluster],
  ["tcf:ClusterRole", clusterRole],
] as const) {
  describe(`inputs of ${type} that cannot be right`, () => {
    let harness: Harness;
    before(async () => {
      harness = await openHarness(type);
    });
    after(() => harness[Symbol.asyncDispose]());

    for (const [inputs, property, reason] of rows) {
      it(`are refused under ${property}, with what would be right: ${reason.source}`, async () => {
        const { failures } = await harness.session.check(undefined, inputs, true);
        assert.deepEqual(
          failures.map((failure) => failure.property),
          [property],
        );
        assert.match(failures[0]?.reason ?? "", reason);
        assert.ok(!JSON.stringify(failures).includes("hunter22"));
        assert.deepEqual(harness.tcf.requests, []);
      });
    }
  });
}

describe("inputs of ActiveCluster", () => {
  it("get their defaults", async () => {
    await using harness = await openHarness("tcf:ActiveCluster");
    const { inputs } = await harness.session.check(undefined, wanted(), true);
    assert.deepEqual(
      inputs,
      wanted({ strategy: "demoteThenPromote", force: false, resolveBothActive: false }),
    );
  });

  for (const later of [
    { active: unknown },
    { clusters: unknown },
    { clusters: { cluster1: "east", cluster2: unknown } },
    { clusters: { cluster1: "east", cluster2: { endpoint: unknown } } },
    { force: unknown },
  ]) {
    it(`may be known only later: ${Object.keys(later)}`, async () => {
      await using harness = await openHarness("tcf:ActiveCluster");
      const { failures } = await harness.session.check(undefined, wanted(later), true);
      assert.deepEqual([failures, harness.tcf.requests], [[], []]);
    });
  }
});
