import assert from "node:assert/strict";
import type { TcfOptions } from "../../simulators/index.ts";
import { activeWest, failureOf, openHarness, wanted } from "./harness.ts";
import { both, standing, takenBack, takesBack } from "./take-backs.ts";

/*
 * A coordinator may take a failover back some seconds after it was seen (recorded on the vendor's example stand: one storage
 * instance stopped is enough). A failover that was taken back 1.2 s later had been reported as done.
 */

const open = (options?: TcfOptions) => openHarness("tcf:ActiveCluster", options);

describe("a failover with stableFor", () => {
  it("is done when it has stood so long, and costs no call more", async () => {
    await using harness = await open();
    const began = Date.now();
    await harness.stack.up(standing);
    assert.ok(Date.now() - began >= 2_000);
    assert.deepEqual(harness.switched(), both);
    assert.equal(await harness.stack.up(standing), "same");
  });

  it("looks about once a second while it stands", async () => {
    await using harness = await open();
    let lists = 0;
    harness.tcf.watch(({ path }) => {
      if (harness.switched().length === 2 && path === "/tcf/clusters") lists++;
    });
    await harness.stack.up(wanted({ stableFor: "4s" }));
    // Two for each look; the end of the promotion is looked at more often.
    assert.ok(lists <= 24, `${lists} lists were read`);
  });

  it("that is taken back is an error that says what happened, and is recorded", async () => {
    await using harness = await open();
    const error = await takenBack(harness);
    assert.match(
      error.message,
      /the switch to cluster2 was carried out, seen for up to [\d.]+s, and then undone by somebody else \(cluster1 active, cluster2 passive\); a coordinator/,
    );
    assert.deepEqual([harness.switched(), harness.tcf.activeNames], [both, ["cluster1"]]);
    const handle = harness.stack.state?.outputs.__unfinished as { takenBack: { at: string; seen: string } };
    assert.equal(handle.takenBack.seen, "cluster1 active, cluster2 passive");
    assert.ok(Date.parse(handle.takenBack.at) > 0);
  });

  it("with 0s is not waited for: the take-back shows on refresh", async () => {
    await using harness = await open();
    takesBack(harness, 1_200);
    await harness.stack.up(wanted());
    assert.deepEqual(harness.switched(), both);
  });

  it("is not waited for where nothing was switched, nor when stableFor alone changes", async () => {
    await using harness = await open();
    await harness.stack.up(wanted({ active: "cluster1", stableFor: "1m" }));
    assert.equal(await harness.stack.up(wanted({ active: "cluster1", stableFor: "2m" })), "update");
    assert.deepEqual(harness.switched(), []);
  });

  it("waits a third of a short timeout where nothing is said", async () => {
    await using harness = await open();
    const began = Date.now();
    await harness.stack.up(wanted({ stableFor: undefined, timeout: "6s" }));
    const waited = Date.now() - began;
    assert.ok(waited >= 2_000 && waited < 6_000, `${waited} ms`);
  });

  it("is resumed: the next up counts from its own first look, and sends nothing", async () => {
    await using harness = await open({ switchMs: 400 });
    const error = await failureOf(harness.stack.up(wanted({ stableFor: "2900ms", timeout: "3s" })));
    assert.match(
      error.message,
      /the switch to cluster2 to stand for 2.9s: not done within the timeout of 3s/,
    );
    const began = Date.now();
    assert.equal(await harness.stack.up(standing), "update");
    assert.ok(Date.now() - began >= 2_000);
    assert.deepEqual(harness.switched(), both);
    assert.equal(await harness.stack.up(standing), "same");
  });

  it("stands while one side is silent, as the living side lists it", async () => {
    await using harness = await open();
    harness.tcf.watch(({ path }) => {
      if (path === "/tcf/promote") setTimeout(() => void harness.tcf.cluster("cluster1").goDown(), 700);
    });
    await harness.stack.up(wanted({ stableFor: "2s", force: true }));
    assert.deepEqual(harness.switched(), both);
  });

  it("fails of the coordinator of the recorded stand: an unhealthy cluster is made passive again", async () => {
    await using harness = await open({ coordinator: { healthCheckDelay: 0.4 } });
    harness.tcf.cluster("cluster2").stopStorage();
    const error = await failureOf(harness.stack.up(wanted({ stableFor: "4s" })));
    assert.match(error.message, /then undone by somebody else \(cluster1 active, cluster2 passive\)/);
    assert.deepEqual(harness.switched(), both);
  });
});

describe("stableFor that cannot be right", () => {
  const rows: [inputs: object, reason: RegExp][] = [
    [{ stableFor: "soon" }, /"soon" is not a duration/],
    [{ stableFor: "-5s" }, /"-5s" is not a duration/],
    [{ stableFor: -5 }, /-5 is not a duration/],
    [{ stableFor: true }, /true is not a string or a number/],
    [{ stableFor: "2m", timeout: "1m" }, /"2m" is not shorter than timeout "1m"/],
    [{ stableFor: "1m", timeout: "1m" }, /"1m" is not shorter than timeout "1m"/],
    [{ stableFor: "10m" }, /"10m" is not shorter than the default timeout of 5m/],
  ];
  for (const type of ["tcf:ActiveCluster", "tcf:ClusterRole"] as const)
    for (const [inputs, reason] of rows) {
      it(`is refused by ${type}: ${JSON.stringify(inputs)}`, async () => {
        await using harness = await openHarness(type);
        const good = type === "tcf:ActiveCluster" ? wanted() : activeWest();
        const { failures } = await harness.session.check(undefined, { ...good, ...inputs }, true);
        assert.deepEqual(
          failures.map(({ property }) => property),
          ["stableFor"],
        );
        assert.match(failures[0]?.reason ?? "", reason);
        assert.deepEqual(harness.tcf.requests, []);
      });
    }
});
