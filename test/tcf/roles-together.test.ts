import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { Connection } from "../../provider/index.ts";
import { startTcf, type TcfOptions, type TcfSimulator } from "../../simulators/index.ts";
import { directDoor, type Properties } from "../rules/door.ts";
import { Stack } from "../rules/stack.ts";
import { Tables } from "../rules/tables.ts";
import { lists } from "./answers.ts";
import { activeWest, failureOf, nobodyActive, openHarness } from "./harness.ts";

/*
 * Two ClusterRoles of one process that both ask for `active` saw two passive clusters, and made two active ones. And an
 * `active` right after the other side's demote was refused as long as its own list had not heard of it.
 */

const options: TcfOptions = { promoteWhileOtherActive: "bothActive" };
const settings = { requestTimeout: "4s" };

const rows: [sentence: string, run: () => Promise<void>][] = [];
const holds = (...row: (typeof rows)[number]) => void rows.push(row);

/** One process, and the federations that its connections lead to: `<federation>-<cluster>`. */
interface Process extends AsyncDisposable {
  federations: Record<string, TcfSimulator>;
  /** Another ClusterRole. */
  role(): Stack;
}

/** Each federation has two passive clusters, with the same names. */
async function processWith(more: Record<string, TcfOptions>): Promise<Process> {
  await using opened = new AsyncDisposableStack();
  const federations: Record<string, TcfSimulator> = {};
  const connections: Record<string, Connection> = {};
  for (const [name, own] of Object.entries(more)) {
    const tcf = opened.use(await startTcf({ ...options, ...own }));
    federations[name] = tcf;
    for (const cluster of tcf.clusters) {
      cluster.status = "passive";
      connections[`${name}-${cluster.name}`] = { endpoints: cluster.endpoints, ...settings };
    }
  }
  const session = await directDoor.open("tcf:ClusterRole", connections);
  const owned = opened.move();
  return {
    federations,
    role: () => new Stack(session),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const active = (federation: string, cluster: string): Properties => ({
  connection: `${federation}-${cluster}`,
  role: "active",
  cluster,
  stableFor: "0s",
});

const promotes = (tcf: TcfSimulator) => tcf.requests.filter(({ path }) => path === "/tcf/promote").length;

for (const switchMs of [0, 2_000]) {
  holds(
    `both sides of one federation at once (${switchMs} ms): one is promoted, the other refused`,
    async () => {
      await using one = await processWith({ production: { switchMs } });
      const { production } = one.federations as { production: TcfSimulator };
      const outcomes = await Promise.allSettled(
        ["cluster1", "cluster2"].map((cluster) => one.role().up(active("production", cluster))),
      );
      assert.deepEqual([production.activeNames.length, promotes(production)], [1, 1]);
      const failures = outcomes.flatMap((each) => (each.status === "rejected" ? [String(each.reason)] : []));
      assert.equal(failures.length, 1);
      assert.match(failures[0] ?? "", /cluster\d is active, and two active clusters/);
    },
  );
}

holds("staging and production with the same names keep nobody waiting: the same side", async () => {
  await using one = await processWith({ staging: { switchMs: 4_000 }, production: {} });
  const { staging, production } = one.federations as Record<"staging" | "production", TcfSimulator>;
  const slow = one.role().up(active("staging", "cluster1"));
  while (promotes(staging) === 0) await pause(10);
  await one.role().up(active("production", "cluster1"));
  assert.deepEqual([production.activeNames, staging.activeNames], [["cluster1"], []]);
  await slow;
  assert.deepEqual(staging.activeNames, ["cluster1"]);
});

holds("staging and production with the same names refuse each other nothing: opposite sides", async () => {
  await using one = await processWith({ staging: { switchMs: 12_000 }, production: {} });
  const { staging, production } = one.federations as Record<"staging" | "production", TcfSimulator>;
  const slow = one.role().up(active("staging", "cluster1"));
  while (promotes(staging) === 0) await pause(10);
  await one.role().up(active("production", "cluster2"));
  assert.deepEqual([production.activeNames, staging.activeNames], [["cluster2"], []]);
  await slow;
  assert.deepEqual(staging.activeNames, ["cluster1"]);
});

holds(
  "staging whose promote hangs again and again keeps production waiting for one try, not for all",
  async () => {
    await using one = await processWith({ staging: {}, production: {} });
    const { staging, production } = one.federations as Record<"staging" | "production", TcfSimulator>;
    staging.fault({ kind: "hang", times: Number.POSITIVE_INFINITY, match: { path: "/tcf/promote" } });
    let isOver = false;
    const slow = failureOf(one.role().up({ ...active("staging", "cluster1"), timeout: "40s" }));
    void slow.then(() => {
      isOver = true;
    });
    while (promotes(staging) === 0) await pause(10);
    await one.role().up(active("production", "cluster2"));
    assert.deepEqual([production.activeNames, isOver], [["cluster2"], false]);
    await slow;
  },
);

holds("both at once, staging and production with opposite sides: both are done", async () => {
  await using one = await processWith({ staging: {}, production: {} });
  const { staging, production } = one.federations as Record<"staging" | "production", TcfSimulator>;
  await Promise.all([
    one.role().up(active("staging", "cluster1")),
    one.role().up(active("production", "cluster2")),
  ]);
  assert.deepEqual([staging.activeNames, production.activeNames], [["cluster1"], ["cluster2"]]);
});

/** cluster2's list goes on showing cluster1 as active for so many milliseconds. */
function lags(harness: Awaited<ReturnType<typeof openHarness>>, ms: number): void {
  const stale = lists(harness, "cluster2", [
    { id: "cluster_1", name: "cluster2", status: "passive" },
    { id: "cluster_2", name: "cluster1", status: "active" },
  ]);
  setTimeout(() => stale.remove(), ms);
}

holds("active right after the other side's demote is done although its own list lags", async () => {
  await using harness = await openHarness("tcf:ClusterRole", options, settings);
  nobodyActive(harness);
  lags(harness, 3_000);
  await harness.stack.up(activeWest({ cluster: "cluster2" }));
  assert.deepEqual([harness.switched(), harness.tcf.activeNames], [["promote cluster2"], ["cluster2"]]);
});

holds("what a list goes on saying is believed: a second active cluster is refused", async () => {
  await using harness = await openHarness("tcf:ClusterRole", options, settings);
  const error = await failureOf(harness.stack.up(activeWest({ cluster: "cluster2" })));
  assert.match(error.message, /cluster1 is active, and two active clusters/);
  assert.deepEqual(harness.switched(), []);
});

holds("a program that demotes one side, and then promotes the other, has a preview", async () => {
  await using one = await processWith({ production: {} });
  const { production } = one.federations as { production: TcfSimulator };
  production.cluster("cluster1").status = "active";
  const first = { ...active("production", "cluster1"), role: "passive" };
  const second = active("production", "cluster2");
  const [east, west] = [one.role(), one.role()];
  assert.equal(await east.preview(first), "create");
  assert.equal(await west.preview(second), "create");
  await east.up(first);
  await west.up(second);
  assert.deepEqual(production.activeNames, ["cluster2"]);
});

describe("ClusterRoles of one process", function () {
  this.timeout(60_000);
  new Tables(rows.length).each(
    rows,
    ([sentence]) => sentence,
    ([, run]) => run(),
  );
});
