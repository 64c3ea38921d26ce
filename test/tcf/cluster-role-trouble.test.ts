import assert from "node:assert/strict";
import { type FaultKind, manualClock, type TcfOptions } from "../../simulators/index.ts";
import { Tables } from "../rules/tables.ts";
import { Incomplete } from "../support/flat.ts";
import { activeWest, failureOf, nobodyActive, openHarness, passiveEast } from "./harness.ts";

const open = (options?: TcfOptions) => openHarness("tcf:ClusterRole", options, { requestTimeout: "800ms" });

describe("ClusterRole in trouble", () => {
  it("warns in a preview that the cluster cannot be reached, and fails in the up, naming endpoint and time", async function () {
    // The port that is free now may be taken by another test.
    this.retries(2);
    await using harness = await open();
    await harness.tcf.cluster("cluster1").goDown();
    await harness.stack.preview(passiveEast());
    assert.match(
      harness.session.said.warnings[0] ?? "",
      /what would happen could not be looked up: .*connection refused/,
    );
    const error = await failureOf(harness.stack.up(passiveEast()));
    assert.match(
      error.message,
      /^tcf cluster east: GET http:.*\/tcf\/\w+: connection refused \(5 tries in [\d.]+s\)/,
    );
  });

  it("survives trouble while it waits", async () => {
    await using harness = await open({ switchMs: 1_200 });
    harness.tcf.watch(({ mutating }) => {
      if (mutating) harness.tcf.fault({ kind: "reset", times: 4, match: { method: "GET" } });
    });
    await harness.stack.up(passiveEast());
    assert.deepEqual(harness.switched(), ["demote cluster1"]);
  });

  it("asks once more for a list that failed, so that it records which cluster it is", async () => {
    await using harness = await open();
    const list = { path: /\/clusters$/ };
    // After the plan's look: the one that observes is the one that decides.
    const fault = harness.tcf.fault({ kind: "emptyBody", skip: 1, match: list });
    await harness.stack.up(passiveEast({ role: "active" }));
    assert.equal(fault.hits, 1);
    assert.equal(harness.stack.state?.outputs.clusterName, "cluster1");
    assert.deepEqual(harness.switched(), []);
  });

  it("that ran out of time goes on with the next up: 1 mutating request in all", async () => {
    const clock = manualClock();
    await using harness = await open({ clock, switchMs: 1_000 });
    const error = await failureOf(harness.stack.up(passiveEast({ timeout: "1200ms" })));
    assert.ok(error instanceof Incomplete);
    assert.match(error.message, /demote cluster1: not done within the timeout of 1200ms/);
    clock.advance(1_000);
    assert.equal(await harness.stack.up(passiveEast()), "update");
    assert.deepEqual(harness.switched(), ["demote cluster1"]);
    assert.equal(await harness.stack.up(passiveEast()), "same");
  });

  describe("whose answer got lost", () => {
    const losses: FaultKind[] = [
      { kind: "reset" },
      { kind: "status", status: 500 },
      { kind: "status", status: 500, body: '{"error":"no quorum"}' },
      { kind: "status", status: 504 },
      { kind: "html" },
      { kind: "hang" },
    ];
    const rows = (["promote", "demote"] as const).flatMap((call) =>
      losses.flatMap((fault) => (["before", "after"] as const).map((when) => ({ call, fault, when }))),
    );
    new Tables(12).each(
      rows,
      ({ call, fault, when }) => `is read back: ${call}, ${JSON.stringify(fault)} ${when} it was handled`,
      async ({ call, fault, when }) => {
        await using harness = await open();
        if (call === "promote") nobodyActive(harness);
        const inputs = call === "promote" ? activeWest() : passiveEast();
        harness.tcf.fault({ ...fault, when, match: { method: "POST" } });
        const first = await harness.stack.up(inputs).catch((error: Error) => error);
        if (when === "after") assert.equal(first, "create");
        if (first instanceof Error) await harness.stack.up(inputs);
        assert.deepEqual(
          [harness.tcf.counts().effects, harness.tcf.counts().mutating],
          [1, when === "after" ? 1 : 2],
        );
        assert.equal(await harness.stack.up(inputs), "same");
      },
    );
  });
});
