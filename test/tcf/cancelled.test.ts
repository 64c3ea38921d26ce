import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { recoveryTime } from "../../provider/tcf/active-cluster/recover.ts";
import type { TcfOptions } from "../../simulators/index.ts";
import { failureOf, type Harness, openHarness } from "./harness.ts";
import { both, standing } from "./take-backs.ts";

const open = (options?: TcfOptions) => openHarness("tcf:ActiveCluster", options);

describe("a failover that is cancelled after its demote", () => {
  const usual = recoveryTime.milliseconds;
  before(() => {
    recoveryTime.milliseconds = 6_000;
  });
  after(() => {
    recoveryTime.milliseconds = usual;
  });

  /** Cancels as soon as the demote has been answered. */
  function cancelled(harness: Harness): Promise<Error> {
    harness.tcf.watch(({ path }) => {
      if (path === "/tcf/demote") setTimeout(() => harness.session.cancel?.(), 100);
    });
    return failureOf(harness.stack.up(standing));
  }

  it("promotes all the same, and the next up sees it stand", async () => {
    await using harness = await open({ switchMs: 500 });
    const error = await cancelled(harness);
    assert.match(
      error.message,
      /cancelled; cluster2 was promoted all the same, so that there is an active cluster$/,
    );
    assert.deepEqual([harness.switched(), harness.tcf.activeNames], [both, ["cluster2"]]);
    assert.equal(await harness.stack.up(standing), "update");
    assert.deepEqual(harness.switched(), both);
  });

  it("finds a demote that lands only some time after the cancel", async () => {
    await using harness = await open();
    harness.tcf.fault({ kind: "delay", ms: 2_300, match: { path: "/tcf/demote" } });
    const up = failureOf(harness.stack.up(standing));
    while (harness.switched().length === 0) await pause(10);
    harness.session.cancel?.();
    assert.match((await up).message, /cluster2 was promoted all the same/);
    assert.deepEqual([harness.switched(), harness.tcf.activeNames], [both, ["cluster2"]]);
  });

  it("says that the demote may still come where it was not seen to", async () => {
    await using harness = await open();
    harness.tcf.fault({ kind: "hang", match: { path: "/tcf/demote" } });
    const up = failureOf(harness.stack.up(standing));
    while (harness.switched().length === 0) await pause(10);
    harness.session.cancel?.();
    assert.match(
      (await up).message,
      /^tcf .*; demote cluster1 was sent, and may still be carried out: the next pulumi up looks again$/,
    );
    assert.deepEqual(harness.tcf.activeNames, ["cluster1"]);
  });

  it("raises no alarm where the demote never left", async () => {
    await using harness = await open();
    harness.tcf.fault({ kind: "status", status: 403, match: { path: "/tcf/demote" } });
    assert.match(
      (await failureOf(harness.stack.up(standing))).message,
      /^tcf cluster1 \+ cluster2: demote cluster1 failed: POST .* 403/,
    );
  });

  it("promotes the old one again where the new one refuses", async () => {
    await using harness = await open({ switchMs: 300 });
    const endpoint = `${harness.tcf.cluster("cluster2").id}/0`;
    const refuses = {
      kind: "status",
      status: 500,
      body: '{"error":"no quorum"}',
      contentType: "application/json",
    } as const;
    harness.tcf.fault({ ...refuses, times: Number.POSITIVE_INFINITY, match: { endpoint, method: "POST" } });
    const error = await cancelled(harness);
    assert.match(error.message, /cluster1 was promoted again, so that there is an active cluster$/);
    assert.deepEqual(harness.tcf.activeNames, ["cluster1"]);
  }).timeout(30_000);

  it("that can do neither says so before anything else", async () => {
    await using harness = await open({ switchMs: 300 });
    const refuses = {
      kind: "status",
      status: 500,
      body: '{"error":"no quorum"}',
      contentType: "application/json",
    } as const;
    harness.tcf.fault({ ...refuses, times: Number.POSITIVE_INFINITY, match: { path: "/tcf/promote" } });
    const error = await cancelled(harness);
    assert.match(
      error.message,
      /^NO ACTIVE CLUSTER: tcf cluster1 \+ cluster2: .*cancelled; demote cluster1 was sent before; seen last: cluster1 passive, cluster2 passive$/,
    );
    await failureOf(harness.stack.up(standing));
    assert.deepEqual(harness.tcf.activeNames, []);
  }).timeout(30_000);
});
