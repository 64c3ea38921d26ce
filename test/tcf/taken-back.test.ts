import assert from "node:assert/strict";
import type { TcfOptions } from "../../simulators/index.ts";
import { activeWest, failureOf, nobodyActive, openHarness, passiveEast } from "./harness.ts";
import { both, standing, takenBack } from "./take-backs.ts";

const open = (options?: TcfOptions) => openHarness("tcf:ActiveCluster", options);

describe("after a take-back", () => {
  it("an up that no preview announced sends nothing, and says what would make it switch again", async () => {
    await using harness = await open();
    await takenBack(harness);
    const handle = harness.stack.state?.outputs.__unfinished as { takenBack: { at: string } };
    const { inputs } = await harness.session.check(standing, standing, false);
    const refused = await failureOf(
      harness.session.update(harness.stack.state?.id ?? "", harness.stack.state?.outputs ?? {}, inputs),
    );
    assert.ok(
      refused.message.includes(`seen at ${handle.takenBack.at}: cluster1 active, cluster2 passive`),
      refused.message,
    );
    assert.match(
      refused.message,
      /nothing was sent now: to switch again, change active, force or stableFor$/,
    );
    assert.deepEqual(harness.switched(), both);
  });

  it("a preview announces it with its time, and the up then switches again", async () => {
    await using harness = await open();
    await takenBack(harness);
    assert.equal(await harness.stack.preview(standing), "update");
    assert.match(
      harness.session.said.warnings.at(-1) ?? "",
      /the last switch was undone by somebody else \(seen at \d{4}-.*Z: cluster1 active, cluster2 passive\); a pulumi up that shows this preview switches again/,
    );
    assert.equal(await harness.stack.up(standing), "update");
    assert.deepEqual(harness.switched(), [...both, ...both]);
    assert.equal(await harness.stack.up(standing), "same");
  });

  for (const [what, change] of [
    ["force", { force: true }],
    ["stableFor", { stableFor: "1s" }],
  ] as const) {
    it(`a changed ${what} switches again`, async () => {
      await using harness = await open();
      await takenBack(harness);
      await harness.stack.up({ ...standing, ...change });
      assert.deepEqual(harness.switched(), [...both, ...both]);
    });
  }

  it("active set to what is so now is enough: nothing is sent", async () => {
    await using harness = await open();
    await takenBack(harness);
    await harness.stack.up({ ...standing, active: "cluster1" });
    assert.deepEqual(harness.switched(), both);
  });

  it("a federation without an active cluster is healed all the same", async () => {
    await using harness = await open();
    await takenBack(harness);
    nobodyActive(harness);
    const { inputs } = await harness.session.check(standing, standing, false);
    await harness.session.update(harness.stack.state?.id ?? "", harness.stack.state?.outputs ?? {}, inputs);
    assert.deepEqual(harness.switched(), [...both, "promote cluster2"]);
  });

  it("a refresh, which records the drift in the inputs, does not pass for another request", async () => {
    await using harness = await open();
    await takenBack(harness);
    await harness.stack.refresh();
    assert.equal(harness.stack.state?.inputs.active, "cluster1");
    assert.match((await failureOf(harness.stack.up(standing))).message, /nothing was sent now/);
    assert.deepEqual(harness.switched(), both);
  });

  it("a preview does not announce a switch that its inputs do not ask for", async () => {
    await using harness = await open();
    await takenBack(harness);
    await harness.stack.preview({ ...standing, active: "cluster1" });
    assert.doesNotMatch(harness.session.said.warnings.join("\n"), /switches again/);
  });

  it("ClusterRole is an error too, is recorded, and is switched again after a preview only", async () => {
    await using harness = await openHarness("tcf:ClusterRole", {}, { requestTimeout: "800ms" });
    const inputs = passiveEast({ cluster: "cluster1", stableFor: "2s" });
    let isFirst = true;
    harness.tcf.watch(({ path }) => {
      if (path !== "/tcf/demote" || !isFirst) return;
      isFirst = false;
      setTimeout(() => {
        harness.tcf.cluster("cluster1").status = "active";
      }, 1_000);
    });
    const error = await failureOf(harness.stack.up(inputs));
    assert.match(error.message, /the switch to passive was carried out, .* then undone by somebody else \(/);
    assert.match((await failureOf(harness.stack.up(inputs))).message, /nothing was sent now/);
    await harness.stack.refresh();
    assert.match((await failureOf(harness.stack.up(inputs))).message, /nothing was sent now/);
    assert.deepEqual(harness.switched(), ["demote cluster1"]);
    await harness.stack.preview(inputs);
    await harness.stack.up(inputs);
    assert.deepEqual(harness.switched(), ["demote cluster1", "demote cluster1"]);
  });

  it("ClusterRole heals a federation without an active cluster all the same", async () => {
    await using harness = await openHarness("tcf:ClusterRole", {}, { requestTimeout: "800ms" });
    nobodyActive(harness);
    const inputs = activeWest({ stableFor: "2s" });
    let isFirst = true;
    harness.tcf.watch(({ path }) => {
      if (path !== "/tcf/promote" || !isFirst) return;
      isFirst = false;
      setTimeout(() => nobodyActive(harness), 1_000);
    });
    await failureOf(harness.stack.up(inputs));
    await harness.stack.up(inputs);
    assert.deepEqual(harness.switched(), ["promote cluster2", "promote cluster2"]);
  });
});
