import assert from "node:assert/strict";
import { startRedis } from "../../../simulators/index.ts";
import { failureOf as failedUp, openHarness, wanted } from "../../tcf/harness.ts";
import { failureOf, urnOf } from "./calls.ts";
import { nativeDoor } from "./door.ts";
import { PluginServer } from "./server.ts";

/** A request at which the user presses Ctrl-C, and what is sent all the same. */
interface Phase {
  what: string;
  at: RegExp;
  sent: string[];
  active: string[];
  /** Of the next `up`. */
  later: string[];
  stableFor?: string;
  isRecorded: boolean;
}

const both = ["demote cluster1", "promote cluster2"];
const phases: Phase[] = [
  {
    what: "while it still looks",
    at: /status|clusters|list/,
    sent: [],
    active: ["cluster1"],
    later: both,
    isRecorded: false,
  },
  {
    what: "between demote and promote",
    at: /demote$/,
    sent: both,
    active: ["cluster2"],
    later: both,
    isRecorded: true,
  },
  {
    what: "after the promote",
    at: /promote$/,
    sent: both,
    active: ["cluster2"],
    later: both,
    isRecorded: true,
  },
];

describe("Ctrl-C, behind the native plugin,", function () {
  this.timeout(40_000);

  for (const { what, at, sent, active, later, isRecorded } of phases) {
    it(`in a failover ${what}: never without an active cluster, and the next up goes on from there`, async () => {
      await using harness = await openHarness("tcf:ActiveCluster", { switchMs: 300 }, {}, nativeDoor);
      const { tcf, session, stack, switched } = harness;
      const stop = tcf.watch(({ path }) => {
        if (!at.test(path)) return;
        stop();
        session.cancel?.();
      });
      await failedUp(stack.up(wanted({ stableFor: "3s" })));
      assert.deepEqual([switched(), tcf.activeNames], [sent, active]);
      assert.equal(stack.state !== undefined, isRecorded);
      await stack.up(wanted());
      assert.deepEqual([switched(), tcf.activeNames], [later, ["cluster2"]]);
    });
  }

  it("in a wait ends it at once, and what is begun is recorded with its handle", async () => {
    await using redis = await startRedis({ nodes: 3 });
    redis.plan({ held: true });
    await using plugin = await PluginServer.start({ redis: { endpoints: redis.endpoints } });
    const urn = urnOf("redis:NodeMaintenance");
    const stop = redis.watch(({ mutating }) => {
      if (!mutating) return;
      stop();
      setTimeout(() => plugin.cancel(), 100);
    });
    const { recorded } = await failureOf(plugin.create(urn, { nodeUid: 2 }));
    assert.deepEqual(recorded?.inputs, { nodeUid: 2 });
    redis.node(2).action("maintenance_on").finish();
    await plugin.update(urn, "2", recorded?.properties ?? {}, { nodeUid: 2 });
    assert.equal(redis.counts().mutating, 1);
  });

  it("in a delete leaves the resource in the state, and the next one goes on", async () => {
    await using redis = await startRedis({ nodes: 3, actionMs: 10 });
    const open = () => PluginServer.start({ redis: { endpoints: redis.endpoints } });
    await using first = await open();
    const urn = urnOf("redis:NodeMaintenance");
    const { value } = await first.create(urn, { nodeUid: 2 });
    await using plugin = await open();
    redis.plan({ held: true, reaches: 0 });
    const stop = redis.watch(({ mutating }) => {
      if (!mutating) return;
      stop();
      setTimeout(() => plugin.cancel(), 100);
    });
    assert.match((await failureOf(plugin.delete(urn, "2", value))).message, /maintenance_off|cancelled/);
    redis.node(2).action("maintenance_off").finish();
    await using next = await open();
    await next.delete(urn, "2", value);
    assert.deepEqual([redis.node(2).inMaintenance, redis.counts().mutating], [false, 2]);
  });
});
