import assert from "node:assert/strict";
import type { Connection } from "../../provider/index.ts";
import { startTcf, type TcfSimulator } from "../../simulators/index.ts";
import { directDoor, type Properties } from "../rules/door.ts";
import { Stack } from "../rules/stack.ts";
import { Tables } from "../rules/tables.ts";
import { activeWest, failureOf, wanted } from "./harness.ts";

/*
 * A connection is a way in. Another way into the same federation changes nothing; a connection that leads to another federation,
 * whose clusters may well have the same names, is another object: nothing that is recorded of the one is true of the other.
 */

interface Two extends AsyncDisposable {
  production: TcfSimulator;
  staging: TcfSimulator;
  connections: Record<string, Connection>;
  /** A stack whose configuration has these connections, with what `before` has recorded. */
  stack(type: "tcf:ActiveCluster" | "tcf:ClusterRole", more?: object, before?: Stack): Promise<Stack>;
}

/** Two federations whose clusters have the same names. */
async function two(): Promise<Two> {
  await using opened = new AsyncDisposableStack();
  const production = opened.use(await startTcf());
  const staging = opened.use(await startTcf());
  const [east, west] = production.clusters.map(({ endpoints }) => ({ endpoints }));
  const [stagingEast, stagingWest] = staging.clusters.map(({ endpoints }) => ({ endpoints }));
  const connections = { east, west, stagingEast, stagingWest } as Record<string, Connection>;
  const owned = opened.move();
  return {
    production,
    staging,
    connections,
    async stack(type, more = {}, before) {
      const stack = new Stack(await directDoor.open(type, { ...connections, ...more }));
      stack.state = before?.state;
      return stack;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const mutating = ({ requests }: TcfSimulator) => requests.filter((request) => request.mutating).length;
const inStaging: Properties = { clusters: { cluster1: "stagingEast", cluster2: "stagingWest" } };

const rows: [sentence: string, run: () => Promise<void>][] = [];
const holds = (...row: (typeof rows)[number]) => void rows.push(row);

holds(
  "clusters that lead to another federation: replaced, and nothing of the old one is told of it",
  async () => {
    await using harness = await two();
    const stack = await harness.stack("tcf:ActiveCluster");
    await stack.up(wanted());
    harness.staging.failOver();
    assert.equal(await stack.preview(wanted(inStaging)), "replace");
    assert.equal(await stack.up(wanted(inStaging)), "replace");
    assert.deepEqual([mutating(harness.production), mutating(harness.staging)], [2, 0]);
    const { activeName, previousActiveName } = stack.state?.outputs ?? {};
    assert.deepEqual([activeName, previousActiveName], ["cluster2", undefined]);
    assert.equal(await stack.up(wanted(inStaging)), "same");
  },
);

holds("a failover that is unfinished there says nothing of the other federation", async () => {
  await using harness = await two();
  const stack = await harness.stack("tcf:ActiveCluster");
  harness.production.fault({ kind: "status", status: 503, times: 100, match: { path: "/tcf/promote" } });
  await failureOf(stack.up(wanted({ timeout: "2s" })));
  assert.equal(await stack.up(wanted({ ...inStaging, active: "cluster1" })), "replace");
  assert.deepEqual(mutating(harness.staging), 0);
  assert.deepEqual(stack.state?.outputs.__unfinished, undefined);
});

holds("the same names of connections that are configured to lead elsewhere: replaced", async () => {
  await using harness = await two();
  const before = await harness.stack("tcf:ActiveCluster");
  await before.up(wanted());
  const { stagingEast: east, stagingWest: west } = harness.connections;
  const stack = await harness.stack("tcf:ActiveCluster", { east, west }, before);
  assert.equal(await stack.preview(wanted()), "replace");
  assert.equal(await stack.up(wanted()), "replace");
  assert.deepEqual(harness.staging.activeNames, ["cluster2"]);
});

holds("ClusterRole: a connection that leads to another federation is another object", async () => {
  await using harness = await two();
  const stack = await harness.stack("tcf:ClusterRole");
  const role = { connection: "west", cluster: "cluster2", role: "passive", stableFor: "0s" };
  await stack.up(role);
  assert.equal(await stack.preview({ ...role, connection: "stagingWest" }), "replace");
  assert.equal(await stack.up({ ...role, connection: "stagingWest" }), "replace");
  assert.deepEqual([mutating(harness.production), mutating(harness.staging)], [0, 0]);
  assert.equal(await stack.up({ ...role, connection: "stagingWest" }), "same");
});

holds("ClusterRole: the name that was found there does not find a cluster here", async () => {
  await using harness = await two();
  const stack = await harness.stack("tcf:ClusterRole");
  await stack.up({ connection: "west", role: "passive", stableFor: "0s" });
  for (const cluster of harness.staging.clusters) cluster.status = "passive";
  const error = await failureOf(stack.up({ connection: "stagingEast", role: "passive", stableFor: "0s" }));
  assert.match(error.message, /the list cannot tell which of cluster1, cluster2 this is/);
});

/** Other ways into the same federation. */
const spellings: [what: string, clusters: (harness: Two) => Record<string, unknown>][] = [
  ["an inline object", ({ connections }) => ({ cluster1: connections.east, cluster2: connections.west })],
  ["another name", () => ({ cluster1: "alsoEast", cluster2: "west" })],
  ["an endpoint more", () => ({ cluster1: "wideEast", cluster2: "west" })],
  ["another spelling of the host", () => ({ cluster1: "localEast", cluster2: "west" })],
  ["the other order", () => ({ cluster2: "west", cluster1: "east" })],
];

for (const [what, clusters] of spellings) {
  holds(`${what} for the same federation changes nothing: nothing is sent or replaced`, async () => {
    await using harness = await two();
    const [endpoint = ""] = harness.production.cluster("cluster1").endpoints;
    const more = {
      alsoEast: { endpoints: [endpoint] },
      wideEast: { endpoints: [endpoint, "http://127.0.0.1:9"] },
      localEast: { endpoints: [endpoint.replace("127.0.0.1", "localhost")] },
    };
    const stack = await harness.stack("tcf:ActiveCluster", more);
    await stack.up(wanted());
    const sent = mutating(harness.production);
    const respelled = wanted({ clusters: clusters(harness) });
    assert.notEqual(await stack.preview(respelled), "replace");
    assert.notEqual(await stack.up(respelled), "replace");
    assert.deepEqual([mutating(harness.production), mutating(harness.staging)], [sent, 0]);
    assert.equal(await stack.up(respelled), "same");
  });
}

holds("ClusterRole: another name for the same connection changes nothing", async () => {
  await using harness = await two();
  const stack = await harness.stack("tcf:ClusterRole", { alsoWest: harness.connections.west });
  for (const cluster of harness.production.clusters) cluster.status = "passive";
  await stack.up(activeWest({ cluster: "cluster2" }));
  assert.notEqual(await stack.up(activeWest({ cluster: "cluster2", connection: "alsoWest" })), "replace");
  assert.equal(mutating(harness.production), 1);
});

holds("ClusterRole: the other cluster of the same federation is another object", async () => {
  await using harness = await two();
  const stack = await harness.stack("tcf:ClusterRole");
  await stack.up({ connection: "west", cluster: "cluster2", role: "passive", stableFor: "0s" });
  const other = { connection: "east", cluster: "cluster1", role: "active", stableFor: "0s" };
  assert.equal(await stack.up(other), "replace");
  assert.equal(mutating(harness.production), 0);
});

describe("tcf: a connection that is changed", function () {
  this.timeout(60_000);
  new Tables(rows.length).each(
    rows,
    ([sentence]) => sentence,
    ([, run]) => run(),
  );
});
