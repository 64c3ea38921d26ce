import assert from "node:assert/strict";
import { listPatience } from "../../provider/tcf/silent-list.ts";
import { Tables } from "../rules/tables.ts";
import { failureOf, openHarness, passiveEast, wanted } from "./harness.ts";

/*
 * A list that fails is done without, and each cluster's own word counts. One that takes requests and never answers, as a list does whose
 * state store hangs, made the failover fail: "cluster1 cannot be read", although its own word can.
 */
listPatience.milliseconds = 300;

const rows = ["cluster_1/0", "cluster_2/0", undefined].flatMap((endpoint) =>
  ([wanted(), wanted({ strategy: "toggle" })] as const).map((inputs) => ({ endpoint, inputs })),
);

describe("a list of clusters that never answers", () => {
  const tables = new Tables(12);
  tables.each(
    rows,
    ({ endpoint, inputs }) =>
      `does not keep a failover by ${inputs.strategy ?? "demote and promote"} from it: that of ${endpoint ?? "both"}`,
    async ({ endpoint, inputs }) => {
      await using harness = await openHarness("tcf:ActiveCluster");
      const { inputs: checked } = await harness.session.check(
        undefined,
        { ...inputs, timeout: "25s" },
        false,
      );
      const match = { path: "/tcf/clusters", ...(endpoint && { endpoint }) };
      harness.tcf.fault({ kind: "hang", match, times: Number.POSITIVE_INFINITY });
      await harness.session.create(checked);
      assert.deepEqual(harness.statuses(), ["passive", "active"]);
      assert.equal(harness.switched().length, inputs.strategy ? 1 : 2);
    },
  );

  it("does not keep one cluster from its role", async () => {
    await using harness = await openHarness("tcf:ClusterRole");
    const { inputs } = await harness.session.check(undefined, passiveEast({ timeout: "25s" }), false);
    harness.tcf.fault({
      kind: "hang",
      match: { path: "/tcf/clusters" },
      times: Number.POSITIVE_INFINITY,
    });
    await harness.session.create(inputs);
    assert.deepEqual(harness.switched(), ["demote cluster1"]);
  });

  it("of a cluster that says nothing of itself either is a cluster that cannot be read", async () => {
    await using harness = await openHarness("tcf:ActiveCluster", {}, { requestTimeout: "1s" });
    const { inputs } = await harness.session.check(undefined, wanted({ timeout: "25s" }), false);
    harness.tcf.fault({ kind: "hang", match: { endpoint: "cluster_2/0" }, times: Number.POSITIVE_INFINITY });
    const { message } = await failureOf(harness.session.create(inputs));
    assert.match(message, /cluster2 cannot be read \(clusters\.cluster2\), and nothing was sent/);
    assert.deepEqual(harness.switched(), []);
  });
});
