import assert from "node:assert/strict";
import { startTcf, type TcfOptions } from "../../simulators/index.ts";
import { failureOf } from "../rules/resource-case.ts";
import { Calendar, closed, openStack, openToday } from "./stage.ts";

const minute = 60_000;
const guards = { "*": { minutesBetweenSwitches: 60 } };
const clusters = { cluster1: "east", cluster2: "west" };
const active = (name: string) => ({ active: name, clusters, stableFor: "0s" });
const tooSoon =
  /clusterops:guards\["\*"\]\.minutesBetweenSwitches: the federation last switched at .* UTC, and 60 minutes have to pass: until .* UTC/;

async function federation(type = "tcf:ActiveCluster", options: TcfOptions = {}) {
  const tcf = await startTcf(options);
  const [east, west] = tcf.clusters.map(({ endpoints }) => ({ endpoints }));
  const opened = await openStack(type, { east: east ?? {}, west: west ?? {} }, { guards });
  return { tcf, ...opened, [Symbol.asyncDispose]: () => tcf.close() };
}

describe("minutesBetweenSwitches", () => {
  it("lets the first switch be, and holds the next one: in a preview, and in an operation", async () => {
    using calendar = new Calendar();
    await using harness = await federation();
    const { tcf, stack } = harness;
    await stack.up(active("cluster2"));
    tcf.resetCounts();
    assert.match((await failureOf(stack.preview(active("cluster1")))).message, tooSoon);
    const failure = await failureOf(stack.up(active("cluster1")));
    assert.match(failure.message, tooSoon);
    assert.match(failure.message, /nothing was sent/);
    assert.equal(tcf.counts().mutating, 0);
    calendar.putForward(59 * minute);
    assert.match((await failureOf(stack.up(active("cluster1")))).message, tooSoon);
    calendar.putForward(2 * minute);
    assert.equal(await stack.up(active("cluster1")), "update");
    assert.deepEqual(tcf.activeNames, ["cluster1"]);
  });

  it("counts what a refresh has seen somebody else do", async () => {
    using calendar = new Calendar();
    await using harness = await federation();
    const { tcf, stack } = harness;
    await stack.up(active("cluster1"));
    assert.equal(tcf.counts().mutating, 0, "it was so already, which is no switch");
    calendar.putForward(500 * minute);
    tcf.failOver();
    await stack.refresh();
    assert.match((await failureOf(stack.preview(active("cluster1")))).message, tooSoon);
    calendar.putForward(61 * minute);
    assert.equal(await stack.up(active("cluster1")), "update");
  });

  it("forgets nothing by an up that has nothing to switch", async () => {
    await using harness = await federation();
    const { stack } = harness;
    await stack.up(active("cluster2"));
    await stack.up({ ...active("cluster2"), timeout: "4m" });
    assert.match((await failureOf(stack.up(active("cluster1")))).message, tooSoon);
  });

  it("holds nothing back where only another spelling names the cluster that is active", async () => {
    await using harness = await federation("tcf:ActiveCluster", { ids: "absolute" });
    const { tcf, stack } = harness;
    await stack.up(active("cluster2"));
    tcf.resetCounts();
    assert.equal(await stack.preview(active("cluster_2")), "update");
    assert.equal(await stack.up(active("cluster_2")), "update");
    assert.equal(tcf.counts().mutating, 0);
    assert.match((await failureOf(stack.preview(active("cluster_1")))).message, tooSoon);
  });

  it("lets a federation without an active cluster be healed at once", async () => {
    await using harness = await federation();
    const { tcf, stack } = harness;
    await stack.up(active("cluster2"));
    for (const cluster of tcf.clusters) cluster.status = "passive";
    await stack.refresh();
    assert.equal(await stack.up(active("cluster2")), "update");
    assert.deepEqual(tcf.activeNames, ["cluster2"]);
  });

  it("is overridden with a reason", async () => {
    await using harness = await federation();
    const { tcf, stack, settings, said } = harness;
    await stack.up(active("cluster2"));
    settings.override = "INC-4711 cluster2 loses its disks";
    await stack.preview(active("cluster1"));
    assert.match(said.warnings.join("\n"), /overridden: clusterops:guards\["\*"\]\.minutesBetweenSwitches/);
    await stack.up(active("cluster1"));
    assert.deepEqual(tcf.activeNames, ["cluster1"]);
    assert.equal(stack.state?.outputs.overridden, "INC-4711 cluster2 loses its disks");
  });

  it("is named beside all others that are overridden with it, once each", async () => {
    await using harness = await federation();
    const { stack, settings, said } = harness;
    await stack.up(active("cluster2"));
    settings.override = "INC-4711 cluster2 loses its disks";
    const { freezes, windows } = { ...{ freezes: openToday["*"].windows }, ...closed["*"] };
    settings.guards = { "*": { freezes, windows, minutesBetweenSwitches: 60 } };
    const named = () => said.warnings.splice(0).map((text) => /^overridden: (\S+):/.exec(text)?.[1]);
    const all = ["freezes[0]", "windows", "minutesBetweenSwitches"];
    const expected = all.map((guard) => `clusterops:guards["*"].${guard}`);
    said.warnings.length = 0;
    await stack.preview(active("cluster1"));
    assert.deepEqual(named(), expected);
    await stack.up(active("cluster1"));
    assert.deepEqual(new Set(named()), new Set(expected));
  });

  it("holds those who control one side only, and never between demote and promote", async () => {
    await using tcf = await startTcf();
    const [east, west] = tcf.clusters.map(({ endpoints }) => ({ endpoints }));
    const connections = { east: east ?? {}, west: west ?? {} };
    const [one, other] = [
      await openStack("tcf:ClusterRole", connections, { guards }),
      await openStack("tcf:ClusterRole", connections, { guards }),
    ];
    const role = (connection: string, role: string) => ({ connection, role, stableFor: "0s" });
    await one.stack.up(role("east", "passive"));
    await other.stack.up(role("west", "active"));
    assert.deepEqual(tcf.activeNames, ["cluster2"]);
    assert.match((await failureOf(other.stack.up(role("west", "passive")))).message, tooSoon);
    assert.deepEqual(tcf.activeNames, ["cluster2"]);
  });
});
