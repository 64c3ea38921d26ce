import assert from "node:assert/strict";
import type { TcfOptions } from "../../simulators/index.ts";
import { Tables } from "../rules/tables.ts";
import { Incomplete } from "../support/flat.ts";
import { failureOf, type Harness, openHarness, wanted } from "./harness.ts";

const open = (options?: TcfOptions) => openHarness("tcf:ActiveCluster", options);
const forced = (more = {}) => wanted({ force: true, ...more });
const always = Number.POSITIVE_INFINITY;

/** Every call to this cluster fails, although it lives. */
const makeUnreadable = ({ tcf }: Harness, id: string) =>
  tcf.fault({ kind: "html", status: 502, times: always, match: { endpoint: `${tcf.cluster(id).id}/0` } });

describe("a cluster that cannot be reached or read", () => {
  // Endpoints that are down cost seconds of tries each: these run at the same time.
  const rows: [sentence: string, run: () => Promise<void>][] = [];
  const holds = (...row: (typeof rows)[number]) => void rows.push(row);

  holds("stops a failover before anything is sent, naming the endpoint and the time spent", async () => {
    await using harness = await open();
    const east = harness.tcf.cluster("cluster1");
    await east.goDown();
    const error = await failureOf(harness.stack.up(wanted()));
    assert.match(
      error.message,
      /cluster1 cannot be read \(clusters\.cluster1\), and nothing was sent: GET http/,
    );
    assert.ok(error.message.includes(`${east.endpoints[0]}/tcf/clusters: connection refused (5 tries in `));
    assert.match(error.message, / in \d+(\.\d)?s\); force: true goes on without it$/);
    assert.deepEqual([harness.switched(), harness.stack.state], [[], undefined]);
  });

  holds("is done without by force: 1 mutating request, and what is not proven is said", async () => {
    await using harness = await open();
    await harness.tcf.cluster("cluster1").goDown();
    await harness.stack.up(forced());
    assert.deepEqual(harness.switched(), ["promote cluster2"]);
    const { activeId, passiveId, previousActiveId } = harness.stack.state?.outputs ?? {};
    assert.deepEqual([activeId, passiveId, previousActiveId], ["cluster2", "cluster1", "cluster1"]);
    assert.match(harness.session.said.warnings.join("\n"), /cluster1 could not be read, so it is not proven/);
    assert.equal(await harness.stack.up(forced()), "same");
  });

  holds(
    "is done without by force on a list that is read again, where the other says nothing of itself",
    async () => {
      await using harness = await openHarness("tcf:ActiveCluster", {}, { requestTimeout: "1s" });
      await harness.tcf.cluster("cluster1").goDown();
      for (const path of ["/tcf/status", "/tcf/is_active"])
        harness.tcf.fault({ kind: "hang", times: always, match: { endpoint: "cluster_2/0", path } });
      await harness.stack.up(forced());
      assert.deepEqual(harness.switched(), ["promote cluster2"]);
      const paths = harness.tcf.requests.map(({ path }) => path);
      const sent = paths.indexOf("/tcf/promote");
      // One silence at most has passed since then.
      const since = paths.slice(paths.lastIndexOf("/tcf/clusters", sent) + 1, sent);
      assert.ok(since.length <= 1, since.join(", "));
    },
  );

  holds("is done without by force whatever the strategy, and whatever is listed of it", async () => {
    await using harness = await open({ statusAfterFailover: "failed" });
    await harness.tcf.cluster("cluster1").goDown();
    await harness.stack.up(forced({ strategy: "toggle" }));
    assert.deepEqual(harness.switched(), ["promote cluster2"]);
    assert.equal(harness.tcf.cluster("cluster2").status, "active");
  });

  holds("is done without by force when it lives but cannot be read", async () => {
    await using harness = await open({ promoteWhileOtherActive: "autoDemote" });
    makeUnreadable(harness, "cluster1");
    await harness.stack.up(forced());
    assert.deepEqual(harness.switched(), ["promote cluster2"]);
  });

  holds(
    "is not overruled where the server itself refuses: its reason is told, 1 mutating request",
    async () => {
      await using harness = await open();
      makeUnreadable(harness, "cluster1");
      const error = await failureOf(harness.stack.up(forced()));
      assert.match(error.message, /promote cluster2 failed: POST .* 500 cluster cluster1 is active$/);
      assert.deepEqual([harness.switched(), harness.stack.state], [["promote cluster2"], undefined]);
    },
  );

  holds("for a moment only is not done without, force or not: both calls are sent", async () => {
    await using harness = await open({ promoteWhileOtherActive: "bothActive" });
    const { inputs } = await harness.session.check(undefined, forced(), false);
    const blip = harness.tcf.fault({
      kind: "reset",
      times: 2,
      skip: 1,
      match: { endpoint: "cluster_1/0", method: "GET" },
    });
    await harness.session.create(inputs);
    assert.equal(blip.hits, 2);
    assert.deepEqual(harness.switched(), ["demote cluster1", "promote cluster2"]);
  });

  holds("is never done without when it is the one to be active", async () => {
    await using harness = await open();
    await harness.tcf.cluster("cluster2").goDown();
    const error = await failureOf(harness.stack.up(forced()));
    assert.match(
      error.message,
      /cluster2 cannot be read .*nothing was sent: GET .*connection refused \(5 tries in [\d.]+s\)$/,
    );
    assert.deepEqual([harness.switched(), harness.tcf.activeNames], [[], ["cluster1"]]);
  });

  holds("and the other one neither: both endpoints are named", async () => {
    await using harness = await open();
    for (const cluster of harness.tcf.clusters) await cluster.goDown();
    const error = await failureOf(harness.stack.up(forced()));
    for (const endpoint of harness.tcf.endpoints) assert.ok(error.message.includes(endpoint), error.message);
    assert.match(error.message, /neither cluster can be read: clusters.cluster1: .*; clusters.cluster2: /);
  });

  /** cluster1 dies as soon as its demote has been answered. */
  async function dieAfterDemote(harness: Harness): Promise<void> {
    harness.tcf.watch(({ path }) => {
      if (path === "/tcf/demote") setTimeout(() => void harness.tcf.cluster("cluster1").goDown(), 50);
    });
  }

  holds(
    "since its demote is waited for without force, and the next up goes on: 2 mutating requests in all",
    async () => {
      await using harness = await open({ switchMs: 300 });
      await dieAfterDemote(harness);
      const error = await failureOf(harness.stack.up(wanted({ timeout: "3s" })));
      assert.ok(error instanceof Incomplete);
      assert.match(error.message, /cluster1 passive \(cannot be read: GET .*connection refused\)/);
      await harness.tcf.cluster("cluster1").comeUp();
      await harness.stack.up(wanted());
      assert.deepEqual(harness.switched(), ["demote cluster1", "promote cluster2"]);
    },
  );

  holds("since its demote is done without by force: 2 mutating requests", async () => {
    await using harness = await open({ switchMs: 300 });
    await dieAfterDemote(harness);
    await harness.stack.up(forced());
    assert.deepEqual(harness.switched(), ["demote cluster1", "promote cluster2"]);
    assert.equal(harness.tcf.cluster("cluster2").status, "active");
  });

  holds("is shown on refresh as the other one sees it, with a warning", async () => {
    await using harness = await open();
    await harness.stack.up(wanted());
    harness.tcf.failOver();
    await harness.tcf.cluster("cluster2").goDown();
    await harness.stack.refresh();
    assert.equal(harness.stack.state?.inputs.active, "cluster1");
    assert.match(
      harness.session.said.warnings.at(-1) ?? "",
      /cluster2 cannot be read; only the other cluster says/,
    );
  });

  holds("fails a refresh when nobody is left to ask: nothing is taken for gone", async () => {
    await using harness = await open();
    await harness.stack.up(wanted());
    for (const cluster of harness.tcf.clusters) await cluster.goDown();
    await assert.rejects(harness.stack.refresh(), /neither cluster can be read/);
  });

  holds(
    "for a while in the middle is survived: 500 once, and a minute's worth of resets in small",
    async () => {
      await using harness = await open({ switchMs: 1_500 });
      harness.tcf.watch(({ path }) => {
        if (path === "/tcf/demote")
          harness.tcf.fault({ kind: "status", status: 500, times: 3, match: { method: "GET" } });
        if (path === "/tcf/promote") harness.tcf.fault({ kind: "reset", times: 8, match: { method: "GET" } });
      });
      await harness.stack.up(wanted());
      assert.deepEqual(harness.switched(), ["demote cluster1", "promote cluster2"]);
    },
  );

  new Tables(rows.length).each(
    rows,
    ([sentence]) => sentence,
    ([, run]) => run(),
  );
});
