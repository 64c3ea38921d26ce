import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { Tables } from "../rules/tables.ts";
import { activeWest, type Harness, nobodyActive, openHarness, wanted } from "./harness.ts";

/* A failover of 3 s cost 54 reads: two looks at both lists for each of its ends, five times a second. */

const rows: [sentence: string, run: () => Promise<void>][] = [];
const holds = (...row: (typeof rows)[number]) => void rows.push(row);

const paths = ({ tcf }: Harness) =>
  tcf.requests.map(({ path, endpoint }) => `${path} ${endpoint}`).join("\n");

holds("a failover of 3 s costs 20 at most, its check included", async () => {
  await using harness = await openHarness("tcf:ActiveCluster", { switchMs: 1_500 });
  await harness.stack.up(wanted());
  assert.ok(harness.tcf.counts().reads <= 20, `${harness.tcf.counts().reads} reads:\n${paths(harness)}`);
});

holds("a role that takes 3 s costs 20 at most", async () => {
  await using harness = await openHarness("tcf:ClusterRole", { switchMs: 3_000 });
  nobodyActive(harness);
  await harness.stack.up(activeWest({ cluster: "cluster2" }));
  assert.ok(harness.tcf.counts().reads <= 20, `${harness.tcf.counts().reads} reads:\n${paths(harness)}`);
});

holds("a failover of a federation that answers at once costs 14 at most", async () => {
  await using harness = await openHarness("tcf:ActiveCluster");
  await harness.stack.up(wanted());
  assert.ok(harness.tcf.counts().reads <= 14, `${harness.tcf.counts().reads} reads:\n${paths(harness)}`);
});

for (const type of ["tcf:ActiveCluster", "tcf:ClusterRole"] as const) {
  holds(`${type}: while a switch has to stand, two a second at most`, async () => {
    await using harness = await openHarness(type);
    if (type === "tcf:ClusterRole") nobodyActive(harness);
    const inputs = type === "tcf:ClusterRole" ? activeWest({ cluster: "cluster2" }) : wanted();
    const stood = harness.stack.up({ ...inputs, stableFor: "8s" });
    while (!harness.switched().includes("promote cluster2")) await pause(10);
    await pause(500);
    const before = harness.tcf.counts().reads;
    await pause(6_000);
    const reads = harness.tcf.counts().reads - before;
    await stood;
    assert.ok(reads <= 14, `${reads} reads in 6 s`);
  });
}

holds("while a switch has to stand beside a silent cluster, two a second at most", async () => {
  await using harness = await openHarness("tcf:ActiveCluster");
  const stood = harness.stack.up(wanted({ stableFor: "8s", force: true }));
  while (!harness.switched().includes("promote cluster2")) await pause(10);
  await pause(500);
  const endpoint = "cluster_1/0";
  harness.tcf.fault({ kind: "html", status: 502, times: Number.POSITIVE_INFINITY, match: { endpoint } });
  // The first look that meets it looks closely.
  await pause(1_500);
  const before = harness.tcf.counts().reads;
  await pause(5_000);
  const reads = harness.tcf.counts().reads - before;
  await stood;
  assert.ok(reads <= 12, `${reads} reads in 5 s`);
});

describe("the reads of a switch", function () {
  this.timeout(60_000);
  new Tables(rows.length).each(
    rows,
    ([sentence]) => sentence,
    ([, run]) => run(),
  );
});
