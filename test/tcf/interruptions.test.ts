import assert from "node:assert/strict";
import { manualClock, type TcfOptions } from "../../simulators/index.ts";
import { Tables } from "../rules/tables.ts";
import { Incomplete } from "../support/flat.ts";
import { failureOf, type Harness, openHarness, wanted } from "./harness.ts";

const steps = ["demote", "promote", "toggle"] as const;
type Call = (typeof steps)[number];

const inputsFor = (call: Call, more = {}) =>
  wanted({ strategy: call === "toggle" ? "toggle" : "demoteThenPromote", ...more });
const costs = (call: Call) =>
  call === "toggle" ? ["toggle cluster2"] : ["demote cluster1", "promote cluster2"];

/** Brings a failover to where `call` has been answered and its switch goes on, for as long as the clock stands still. */
async function during(
  call: Call,
  run: (harness: Harness, finish: () => void, began: Promise<void>) => Promise<void>,
) {
  const clock = manualClock();
  const options: TcfOptions = { clock, switchMs: 1_000, switchWord: "syncing" };
  await using harness = await openHarness("tcf:ActiveCluster", options);
  const began = Promise.withResolvers<void>();
  harness.tcf.watch(({ path, mutating }) => {
    if (path === `/tcf/${call}`) began.resolve();
    else if (mutating) clock.advance(1_000);
  });
  await run(harness, () => clock.advance(1_000), began.promise);
}

const tables = new Tables(12);

describe("a failover that is interrupted", () => {
  describe("by its deadline is recorded with what is under way, and goes on with the next up", () => {
    tables.each(steps, String, (call) =>
      during(call, async ({ stack, switched, tcf }, finish) => {
        const error = await failureOf(stack.up(inputsFor(call, { timeout: "4s" })));
        assert.ok(error instanceof Incomplete);
        assert.match(
          error.message,
          new RegExp(`${call} cluster\\d: not done within the timeout of 4s .*syncing`),
        );
        assert.equal(stack.state?.outputs.previousActiveId, "cluster1");
        finish();
        assert.equal(await stack.up(inputsFor(call)), "update");
        assert.deepEqual(switched(), costs(call));
        assert.deepEqual(tcf.activeNames, ["cluster2"]);
        assert.equal(stack.state?.outputs.previousActiveId, "cluster1");
        assert.equal(await stack.up(inputsFor(call)), "same");
      }),
    );
  });

  describe("while its switch still goes on is waited for by the next up, not sent again", () => {
    tables.each(steps, String, (call) =>
      during(call, async ({ stack, switched }, finish) => {
        await failureOf(stack.up(inputsFor(call, { timeout: "4s" })));
        setTimeout(finish, 800);
        await stack.up(inputsFor(call));
        assert.deepEqual(switched(), costs(call));
      }),
    );
  });

  it("by the user, during a toggle, stops within a moment, and the next up resumes", () =>
    during("toggle", async ({ stack, session, switched }, finish, began) => {
      const interrupted = failureOf(stack.up(inputsFor("toggle")));
      await began;
      session.cancel?.();
      assert.ok((await interrupted) instanceof Incomplete);
      finish();
      await stack.up(inputsFor("toggle"));
      assert.deepEqual(switched(), costs("toggle"));
    }));

  describe("by the user after its demote goes on to where one cluster is active, and the next up sends nothing", () => {
    tables.each(["demote", "promote"] as const, String, (call) =>
      during(call, async ({ stack, session, switched, tcf }, finish, began) => {
        const interrupted = failureOf(stack.up(inputsFor(call)));
        await began;
        session.cancel?.();
        setTimeout(finish, 600);
        const error = await interrupted;
        assert.ok(error instanceof Incomplete);
        assert.match(error.message, /^tcf .*cancelled; cluster2 was promoted all the same/);
        assert.deepEqual([switched(), tcf.activeNames], [costs(call), ["cluster2"]]);
        assert.equal(await stack.up(inputsFor(call)), "update");
        assert.equal(await stack.up(inputsFor(call)), "same");
        assert.deepEqual(switched(), costs(call));
      }),
    );
  });

  describe("so that nothing is recorded, goes on from what the clusters say", () => {
    tables.each(steps, String, (call) =>
      during(call, async ({ stack, switched }, finish) => {
        await failureOf(stack.up(inputsFor(call, { timeout: "4s" })));
        stack.state = undefined;
        finish();
        assert.equal(await stack.up(inputsFor(call)), "create");
        assert.deepEqual(switched(), costs(call));
      }),
    );
  });

  it("and given up leads back: the old one is promoted again, and nothing else is sent", () =>
    during("demote", async ({ stack, switched, tcf }, finish) => {
      await failureOf(stack.up(wanted({ timeout: "4s" })));
      finish();
      await stack.up(wanted({ active: "cluster1" }));
      assert.deepEqual(switched(), ["demote cluster1", "promote cluster1"]);
      assert.deepEqual(tcf.activeNames, ["cluster1"]);
    }));

  it("with a toggle that may still come is watched first, and the toggle not sent a second time", async () => {
    await using harness = await openHarness("tcf:ActiveCluster", {}, { requestTimeout: "3s" });
    const inputs = wanted({ strategy: "toggle" });
    // The request hangs on its way; the up gives up before the server has even seen it.
    harness.tcf.fault({ kind: "delay", ms: 2_500, match: { path: "/tcf/toggle" } });
    assert.ok((await failureOf(harness.stack.up({ ...inputs, timeout: "1s" }))) instanceof Incomplete);
    assert.deepEqual(harness.statuses(), ["active", "passive"]);
    await harness.stack.up(inputs);
    assert.deepEqual(harness.switched(), ["toggle cluster2"]);
    assert.deepEqual(harness.tcf.activeNames, ["cluster2"]);
  });

  it("with a toggle that never came sends it again once it can no longer come: 2 mutating requests, 1 effect", async () => {
    await using harness = await openHarness("tcf:ActiveCluster", {}, { requestTimeout: "1s" });
    const inputs = wanted({ strategy: "toggle" });
    harness.tcf.fault({ kind: "hang", match: { path: "/tcf/toggle" } });
    await failureOf(harness.stack.up({ ...inputs, timeout: "600ms" }));
    await harness.stack.up(inputs);
    assert.deepEqual(harness.switched(), ["toggle cluster2", "toggle cluster2"]);
    assert.deepEqual([harness.tcf.activeNames, harness.tcf.counts().effects], [["cluster2"], 1]);
  });
});
