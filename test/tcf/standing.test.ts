import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { Incomplete } from "../../provider/index.ts";
import { rescueTime } from "../../provider/tcf/active-cluster/rescue.ts";
import type { TcfOptions } from "../../simulators/index.ts";
import { activeWest, failureOf, nobodyActive, openScene, type Scene, wanted } from "./scene.ts";

/*
 * A coordinator may take a failover back some seconds after it was seen (recorded on the vendor's example stand: one storage
 * instance stopped is enough). A failover that was taken back 1.2 s later had been reported as done.
 */

const open = (options?: TcfOptions) => openScene("tcf:ActiveCluster", options);
const both = ["demote cluster1", "promote cluster2"];
const standing = wanted({ stableFor: "2s" });

/** The coordinator takes each switch to cluster2 back, so many milliseconds after the promote. */
function takesBack({ tcf }: Scene, after: number, times = 1): void {
  let left = times;
  tcf.watch(({ path }) => {
    if (path === "/tcf/promote" && left-- > 0) tcf.failOverIn(after);
  });
}

/** An up that fails of a take-back. */
async function takenBack(scene: Scene): Promise<Error> {
  takesBack(scene, 1_200);
  const error = await failureOf(scene.stack.up(standing));
  assert.ok(error instanceof Incomplete);
  return error;
}

describe("a failover with stableFor", () => {
  it("is done when it has stood so long, and costs no call more", async () => {
    await using scene = await open();
    const began = Date.now();
    await scene.stack.up(standing);
    assert.ok(Date.now() - began >= 2_000);
    assert.deepEqual(scene.switched(), both);
    assert.equal(await scene.stack.up(standing), "same");
  });

  it("looks about once a second while it stands", async () => {
    await using scene = await open();
    let lists = 0;
    scene.tcf.watch(({ path }) => {
      if (scene.switched().length === 2 && path === "/tcf/clusters") lists++;
    });
    await scene.stack.up(wanted({ stableFor: "4s" }));
    // Two for each look; the end of the promotion is looked at more often.
    assert.ok(lists <= 24, `${lists} lists were read`);
  });

  it("that is taken back is an error that says what happened, and is recorded", async () => {
    await using scene = await open();
    const error = await takenBack(scene);
    assert.match(
      error.message,
      /the switch to cluster2 was carried out, seen for up to [\d.]+s, and then undone by somebody else \(cluster1 active, cluster2 passive\); a coordinator/,
    );
    assert.deepEqual([scene.switched(), scene.tcf.activeNames], [both, ["cluster1"]]);
    const handle = scene.stack.state?.outputs.__unfinished as { takenBack: { at: string; seen: string } };
    assert.equal(handle.takenBack.seen, "cluster1 active, cluster2 passive");
    assert.ok(Date.parse(handle.takenBack.at) > 0);
  });

  it("with 0s is not waited for: the take-back shows on refresh", async () => {
    await using scene = await open();
    takesBack(scene, 1_200);
    await scene.stack.up(wanted());
    assert.deepEqual(scene.switched(), both);
  });

  it("is not waited for where nothing was switched, nor when stableFor alone changes", async () => {
    await using scene = await open();
    await scene.stack.up(wanted({ active: "cluster1", stableFor: "1m" }));
    assert.equal(await scene.stack.up(wanted({ active: "cluster1", stableFor: "2m" })), "update");
    assert.deepEqual(scene.switched(), []);
  });

  it("waits a third of a short timeout where nothing is said", async () => {
    await using scene = await open();
    const began = Date.now();
    await scene.stack.up(wanted({ stableFor: undefined, timeout: "6s" }));
    const waited = Date.now() - began;
    assert.ok(waited >= 2_000 && waited < 6_000, `${waited} ms`);
  });

  it("is resumed: the next up counts from its own first look, and sends nothing", async () => {
    await using scene = await open({ switchMs: 400 });
    const error = await failureOf(scene.stack.up(wanted({ stableFor: "2900ms", timeout: "3s" })));
    assert.match(
      error.message,
      /the switch to cluster2 to stand for 2.9s: not done within the timeout of 3s/,
    );
    const began = Date.now();
    assert.equal(await scene.stack.up(standing), "update");
    assert.ok(Date.now() - began >= 2_000);
    assert.deepEqual(scene.switched(), both);
    assert.equal(await scene.stack.up(standing), "same");
  });

  it("stands while one side is silent, as the living side lists it", async () => {
    await using scene = await open();
    scene.tcf.watch(({ path }) => {
      if (path === "/tcf/promote") setTimeout(() => void scene.tcf.cluster("cluster1").goDown(), 700);
    });
    await scene.stack.up(wanted({ stableFor: "2s", force: true }));
    assert.deepEqual(scene.switched(), both);
  });

  it("fails of the coordinator of the recorded stand: an unhealthy cluster is made passive again", async () => {
    await using scene = await open({ coordinator: { healthCheckDelay: 0.4 } });
    scene.tcf.cluster("cluster2").stopStorage();
    const error = await failureOf(scene.stack.up(wanted({ stableFor: "4s" })));
    assert.match(error.message, /then undone by somebody else \(cluster1 active, cluster2 passive\)/);
    assert.deepEqual(scene.switched(), both);
  });
});

describe("after a take-back", () => {
  it("an up that no preview announced sends nothing, and says what would make it switch again", async () => {
    await using scene = await open();
    await takenBack(scene);
    const handle = scene.stack.state?.outputs.__unfinished as { takenBack: { at: string } };
    const { inputs } = await scene.session.check(standing, standing, false);
    const refused = await failureOf(
      scene.session.update(scene.stack.state?.id ?? "", scene.stack.state?.outputs ?? {}, inputs),
    );
    assert.ok(
      refused.message.includes(`seen at ${handle.takenBack.at}: cluster1 active, cluster2 passive`),
      refused.message,
    );
    assert.match(
      refused.message,
      /nothing was sent now: run pulumi up with its preview to switch again, or change active, force or stableFor/,
    );
    assert.deepEqual(scene.switched(), both);
  });

  it("a preview announces it with its time, and the up then switches again", async () => {
    await using scene = await open();
    await takenBack(scene);
    assert.equal(await scene.stack.preview(standing), "update");
    assert.match(
      scene.session.said.warnings.at(-1) ?? "",
      /the last switch was undone by somebody else \(seen at \d{4}-.*Z: cluster1 active, cluster2 passive\); an up that shows this preview switches again/,
    );
    assert.equal(await scene.stack.up(standing), "update");
    assert.deepEqual(scene.switched(), [...both, ...both]);
    assert.equal(await scene.stack.up(standing), "same");
  });

  for (const [what, change] of [
    ["force", { force: true }],
    ["stableFor", { stableFor: "1s" }],
  ] as const) {
    it(`a changed ${what} switches again`, async () => {
      await using scene = await open();
      await takenBack(scene);
      await scene.stack.up({ ...standing, ...change });
      assert.deepEqual(scene.switched(), [...both, ...both]);
    });
  }

  it("active set to what is so now is enough: nothing is sent", async () => {
    await using scene = await open();
    await takenBack(scene);
    await scene.stack.up({ ...standing, active: "cluster1" });
    assert.deepEqual(scene.switched(), both);
  });

  it("a federation without an active cluster is healed all the same", async () => {
    await using scene = await open();
    await takenBack(scene);
    nobodyActive(scene);
    const { inputs } = await scene.session.check(standing, standing, false);
    await scene.session.update(scene.stack.state?.id ?? "", scene.stack.state?.outputs ?? {}, inputs);
    assert.deepEqual(scene.switched(), [...both, "promote cluster2"]);
  });

  it("ClusterRole is an error too, is recorded, and is switched again after a preview only", async () => {
    await using scene = await openScene("tcf:ClusterRole", {}, { requestTimeout: "800ms" });
    nobodyActive(scene);
    const inputs = activeWest({ stableFor: "2s" });
    let isFirst = true;
    scene.tcf.watch(({ path }) => {
      if (path !== "/tcf/promote" || !isFirst) return;
      isFirst = false;
      setTimeout(() => nobodyActive(scene), 1_000);
    });
    const error = await failureOf(scene.stack.up(inputs));
    assert.match(error.message, /the switch to active was carried out, .* then undone by somebody else \(/);
    const { id = "", outputs = {} } = scene.stack.state ?? {};
    const checked = await scene.session.check(inputs, inputs, false);
    const refused = await failureOf(scene.session.update(id, outputs, checked.inputs));
    assert.match(refused.message, /nothing was sent now/);
    assert.deepEqual(scene.switched(), ["promote cluster2"]);
    await scene.stack.preview(inputs);
    await scene.stack.up(inputs);
    assert.deepEqual(scene.switched(), ["promote cluster2", "promote cluster2"]);
  });
});

describe("a failover that is cancelled after its demote", () => {
  const usual = rescueTime.milliseconds;
  before(() => {
    rescueTime.milliseconds = 6_000;
  });
  after(() => {
    rescueTime.milliseconds = usual;
  });

  /** Cancels as soon as the demote has been answered. */
  function cancelled(scene: Scene): Promise<Error> {
    scene.tcf.watch(({ path }) => {
      if (path === "/tcf/demote") setTimeout(() => scene.session.cancel?.(), 100);
    });
    return failureOf(scene.stack.up(standing));
  }

  it("promotes all the same, and the next up sees it stand", async () => {
    await using scene = await open({ switchMs: 500 });
    const error = await cancelled(scene);
    assert.match(
      error.message,
      /cancelled; cluster2 was promoted all the same, so that there is an active cluster$/,
    );
    assert.deepEqual([scene.switched(), scene.tcf.activeNames], [both, ["cluster2"]]);
    assert.equal(await scene.stack.up(standing), "update");
    assert.deepEqual(scene.switched(), both);
  });

  it("finds a demote that lands only after the cancel", async () => {
    await using scene = await open();
    scene.tcf.fault({ kind: "delay", ms: 900, match: { path: "/tcf/demote" } });
    const up = failureOf(scene.stack.up(standing));
    while (scene.switched().length === 0) await pause(10);
    scene.session.cancel?.();
    assert.match((await up).message, /cluster2 was promoted all the same/);
    assert.deepEqual([scene.switched(), scene.tcf.activeNames], [both, ["cluster2"]]);
  });

  it("promotes the old one again where the new one refuses", async () => {
    await using scene = await open({ switchMs: 300 });
    const endpoint = `${scene.tcf.cluster("cluster2").id}/0`;
    const refuses = {
      kind: "status",
      status: 500,
      body: '{"error":"no quorum"}',
      contentType: "application/json",
    } as const;
    scene.tcf.fault({ ...refuses, times: Number.POSITIVE_INFINITY, match: { endpoint, method: "POST" } });
    const error = await cancelled(scene);
    assert.match(error.message, /cluster1 was promoted again, so that there is an active cluster$/);
    assert.deepEqual(scene.tcf.activeNames, ["cluster1"]);
  }).timeout(30_000);

  it("that can do neither says so before anything else", async () => {
    await using scene = await open({ switchMs: 300 });
    const refuses = {
      kind: "status",
      status: 500,
      body: '{"error":"no quorum"}',
      contentType: "application/json",
    } as const;
    scene.tcf.fault({ ...refuses, times: Number.POSITIVE_INFINITY, match: { path: "/tcf/promote" } });
    const error = await cancelled(scene);
    assert.match(
      error.message,
      /^NO ACTIVE CLUSTER: tcf cluster1 \+ cluster2: .*cancelled; demote cluster1 was sent before; seen last: cluster1 passive, cluster2 passive$/,
    );
    await failureOf(scene.stack.up(standing));
    assert.deepEqual(scene.tcf.activeNames, []);
  }).timeout(30_000);
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
        await using scene = await openScene(type);
        const good = type === "tcf:ActiveCluster" ? wanted() : activeWest();
        const { failures } = await scene.session.check(undefined, { ...good, ...inputs }, true);
        assert.deepEqual(
          failures.map(({ property }) => property),
          ["stableFor"],
        );
        assert.match(failures[0]?.reason ?? "", reason);
        assert.deepEqual(scene.tcf.requests, []);
      });
    }
});
