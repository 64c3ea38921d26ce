import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { recoveryTime } from "../../provider/tcf/active-cluster/recover.ts";
import type { TcfOptions } from "../../simulators/index.ts";
import { Tables } from "../rules/tables.ts";
import {
  activeWest,
  failureOf,
  type Harness,
  nobodyActive,
  openHarness,
  passiveEast,
  wanted,
} from "./harness.ts";

/*
 * A call whose answer was lost may land some seconds later. No call that leads the other way is sent before it can no longer:
 * a promotion of the one cluster that lands after the promotion of the other makes two active clusters.
 */

const usual = recoveryTime.milliseconds;
const options: TcfOptions = { promoteWhileOtherActive: "bothActive" };
const open = (more: TcfOptions = {}) =>
  openHarness("tcf:ActiveCluster", { ...options, ...more }, { requestTimeout: "4s" });
const openRole = (more: TcfOptions = {}) =>
  openHarness("tcf:ClusterRole", { ...options, ...more }, { requestTimeout: "4s" });

/** The most clusters that were active at the same time, until it is asked for. */
function mostActive({ tcf }: Harness): () => number {
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, tcf.activeNames.length);
  }, 20);
  return () => {
    clearInterval(timer);
    return most;
  };
}

/** The gateway in front of it gives up on the next such call, which lands 6 s later. */
function landsLate({ tcf }: Harness, call: "demote" | "promote"): void {
  tcf.fault({ kind: "status", status: 504, landsAfter: 6_000, match: { path: `/tcf/${call}` } });
}

async function sent(harness: Harness, call: string): Promise<void> {
  while (!harness.switched().some((each) => each.startsWith(call))) await pause(10);
}

const rows: [sentence: string, run: () => Promise<void>][] = [];
const holds = (...row: (typeof rows)[number]) => void rows.push(row);

holds("a promote that lands after its run was cut off is waited for by an up that leads back", async () => {
  await using harness = await open();
  const most = mostActive(harness);
  landsLate(harness, "promote");
  harness.tcf.fault({ kind: "status", status: 503, times: 100, match: { path: "/tcf/promote" } });
  await failureOf(harness.stack.up(wanted({ timeout: "2s" })));
  harness.tcf.clearFaults();
  await harness.stack.up(wanted({ active: "cluster1" }));
  await pause(5_000);
  assert.deepEqual([most(), harness.tcf.activeNames], [1, ["cluster1"]]);
  assert.equal(await harness.stack.up(wanted({ active: "cluster1" })), "same");
});

holds(
  "a demote without an answer is not taken for carried out where somebody else has failed over",
  async () => {
    await using harness = await open();
    landsLate(harness, "demote");
    let hasFailedOver = false;
    harness.tcf.watch(({ path }) => {
      if (path !== "/tcf/demote" || hasFailedOver) return;
      hasFailedOver = true;
      harness.tcf.failOver();
    });
    const quick = { stableFor: "0s" };
    await harness.stack.up(wanted(quick));
    assert.deepEqual(harness.switched(), ["demote cluster1"]);
    await harness.stack.up(wanted({ ...quick, active: "cluster1" }));
    await pause(6_500);
    assert.deepEqual(harness.tcf.activeNames, ["cluster1"]);
  },
);

holds("the way back of a cancelled run is not sent while an answered promote may still land", async () => {
  await using harness = await open({ switchMs: 7_000, switchWord: "passive" });
  // The demote has long been done.
  nobodyActive(harness);
  const most = mostActive(harness);
  harness.tcf.watch(({ path }) => {
    if (path === "/tcf/promote") setTimeout(() => harness.session.cancel?.(), 100);
  });
  await failureOf(harness.stack.up(wanted({ stableFor: "1s" })));
  await pause(8_000);
  assert.deepEqual([most(), harness.tcf.activeNames], [1, ["cluster2"]]);
});

holds("nor the way back after its own demote", async () => {
  await using harness = await open({ switchMs: 7_000, switchWord: "passive" });
  const most = mostActive(harness);
  harness.tcf.watch(({ path }) => {
    if (path === "/tcf/promote") setTimeout(() => harness.session.cancel?.(), 100);
  });
  const error = await failureOf(harness.stack.up(wanted({ stableFor: "1s" })));
  await pause(8_000);
  assert.deepEqual([most(), harness.tcf.activeNames], [1, ["cluster2"]]);
  assert.match(error.message, /promote cluster2 was sent, and may still be carried out/);
});

holds("an answered promote that is slow is waited for by an up that leads back after a cancel", async () => {
  await using harness = await open({ switchMs: 7_000, switchWord: "passive" });
  const most = mostActive(harness);
  const up = failureOf(harness.stack.up(wanted({ timeout: "3s" })));
  await sent(harness, "promote");
  await up;
  await harness.stack.up(wanted({ active: "cluster1" }));
  assert.deepEqual([most(), harness.tcf.activeNames], [1, ["cluster1"]]);
});

holds(
  "a demote that lands after its run was cut off: an up that wants the old one says done only with it active",
  async () => {
    await using harness = await open();
    landsLate(harness, "demote");
    harness.tcf.fault({ kind: "status", status: 503, times: 100, match: { path: "/tcf/demote" } });
    await failureOf(harness.stack.up(wanted({ timeout: "2s" })));
    harness.tcf.clearFaults();
    await harness.stack.up(wanted({ active: "cluster1" }));
    await pause(6_000);
    assert.deepEqual(harness.tcf.activeNames, ["cluster1"]);
  },
);

holds("a call that may still land is repeated at once where it leads the same way", async () => {
  await using harness = await open();
  landsLate(harness, "promote");
  let hasLanded = false;
  setTimeout(() => {
    hasLanded = true;
  }, 6_000);
  await harness.stack.up(wanted());
  assert.ok(!hasLanded, "the late one was not waited for");
  assert.deepEqual(harness.switched(), ["demote cluster1", "promote cluster2", "promote cluster2"]);
  await pause(6_000);
  assert.deepEqual([harness.tcf.activeNames, harness.tcf.counts().effects], [["cluster2"], 2]);
});

holds("ClusterRole: a promote that lands late is waited for before a demote", async () => {
  await using harness = await openRole();
  nobodyActive(harness);
  landsLate(harness, "promote");
  harness.tcf.fault({ kind: "status", status: 503, times: 100, match: { path: "/tcf/promote" } });
  await failureOf(harness.stack.up(activeWest({ cluster: "cluster2", timeout: "2s" })));
  harness.tcf.clearFaults();
  await harness.stack.up({ ...activeWest({ cluster: "cluster2" }), role: "passive" });
  await pause(6_000);
  assert.deepEqual(harness.tcf.activeNames, []);
});

holds("ClusterRole: a demote that lands late is waited for before a promote", async () => {
  await using harness = await openRole();
  landsLate(harness, "demote");
  harness.tcf.fault({ kind: "status", status: 503, times: 100, match: { path: "/tcf/demote" } });
  await failureOf(harness.stack.up(passiveEast({ cluster: "cluster1", timeout: "2s" })));
  harness.tcf.clearFaults();
  await harness.stack.up({ ...passiveEast({ cluster: "cluster1" }), role: "active" });
  await pause(6_000);
  assert.deepEqual(harness.tcf.activeNames, ["cluster1"]);
});

describe("a call that lands late", function () {
  this.timeout(60_000);
  before(() => {
    recoveryTime.milliseconds = 6_000;
  });
  after(() => {
    recoveryTime.milliseconds = usual;
  });
  new Tables(rows.length).each(
    rows,
    ([sentence]) => sentence,
    ([, run]) => run(),
  );
});
