import assert from "node:assert/strict";
import { type FaultKind, manualClock, type TcfOptions } from "../../simulators/index.ts";
import { Tables } from "../rules/together.ts";
import { Incomplete } from "../support/flat.ts";
import { activeWest, failureOf, nobodyActive, openScene, passiveEast } from "./scene.ts";

const open = (options?: TcfOptions) => openScene("tcf:ClusterRole", options, { requestTimeout: "800ms" });

describe("ClusterRole in trouble", () => {
  it("warns in a preview that the cluster cannot be reached, and fails in the up, naming endpoint and time", async () => {
    await using scene = await open();
    await scene.tcf.cluster("cluster1").goDown();
    await scene.stack.preview(passiveEast());
    assert.match(
      scene.session.said.warnings[0] ?? "",
      /what would happen could not be looked up: .*connection refused/,
    );
    const error = await failureOf(scene.stack.up(passiveEast()));
    assert.match(
      error.message,
      /^tcf cluster east: GET http:.*\/tcf\/\w+: connection refused \(5 tries in [\d.]+s\)/,
    );
  });

  it("survives trouble while it waits", async () => {
    await using scene = await open({ switchMs: 1_200 });
    scene.tcf.watch(({ mutating }) => {
      if (mutating) scene.tcf.fault({ kind: "reset", times: 4, match: { method: "GET" } });
    });
    await scene.stack.up(passiveEast());
    assert.deepEqual(scene.switched(), ["demote cluster1"]);
  });

  it("asks once more for a list that failed, so that it records which cluster it is", async () => {
    await using scene = await open();
    const list = { path: /\/clusters$/ };
    // After the preview's look and the one that observes.
    const fault = scene.tcf.fault({ kind: "emptyBody", skip: 2, match: list });
    await scene.stack.up(passiveEast({ role: "active" }));
    assert.equal(fault.hits, 1);
    assert.equal(scene.stack.state?.outputs.clusterName, "cluster1");
    assert.deepEqual(scene.switched(), []);
  });

  it("that ran out of time goes on with the next up: 1 mutating request in all", async () => {
    const clock = manualClock();
    await using scene = await open({ clock, switchMs: 1_000 });
    const error = await failureOf(scene.stack.up(passiveEast({ timeout: "1200ms" })));
    assert.ok(error instanceof Incomplete);
    assert.match(error.message, /demote cluster1: not done within the timeout of 1200ms/);
    clock.advance(1_000);
    assert.equal(await scene.stack.up(passiveEast()), "update");
    assert.deepEqual(scene.switched(), ["demote cluster1"]);
    assert.equal(await scene.stack.up(passiveEast()), "same");
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
        await using scene = await open();
        if (call === "promote") nobodyActive(scene);
        const inputs = call === "promote" ? activeWest() : passiveEast();
        scene.tcf.fault({ ...fault, when, match: { method: "POST" } });
        const first = await scene.stack.up(inputs).catch((error: Error) => error);
        if (when === "after") assert.equal(first, "create");
        if (first instanceof Error) await scene.stack.up(inputs);
        assert.deepEqual(
          [scene.tcf.counts().effects, scene.tcf.counts().mutating],
          [1, when === "after" ? 1 : 2],
        );
        assert.equal(await scene.stack.up(inputs), "same");
      },
    );
  });
});
