import assert from "node:assert/strict";
import { type FactFinderSimulator, startFactFinder } from "../../simulators/index.ts";
import { directDoor } from "../rules/door.ts";
import { syncOf, update, withHarness } from "./harness.ts";

const workers = 100;
const director = { endpoint: "director" };

/** Reads of the director, at most, within any second. */
function busiestSecond(ff: FactFinderSimulator): number {
  const times = ff.requests
    .filter(({ endpoint, mutating, token }) => endpoint === director.endpoint && !mutating && !token)
    .map(({ at }) => at);
  return Math.max(0, ...times.map((start) => times.filter((at) => at >= start && at < start + 1_000).length));
}

/** A director that does not stand still: its workers follow it by themselves, a little later. */
function keepMoving(ff: FactFinderSimulator): () => void {
  const timer = setInterval(() => ff.addDeltas("de", [update]), 150);
  return () => clearInterval(timer);
}

describe("The director of a hundred nodes that moves on while they follow", function () {
  this.timeout(60_000);

  it("is read five times a second at most by one DatabaseSync of all", () =>
    withHarness(
      "DatabaseSync",
      { workers, reload: "asynchronous", reloadMs: 4_000, clusterSyncMs: 100 },
      async ({ ff, stack }) => {
        ff.prune("de");
        for (const worker of ff.workers) worker.stuck = true;
        setTimeout(() => {
          for (const worker of ff.workers) worker.stuck = false;
        }, 4_000);
        const stop = keepMoving(ff);
        await stack.up({ ...syncOf(workers), maxParallel: workers }).finally(stop);
        assert.ok(busiestSecond(ff) <= 5, `${busiestSecond(ff)} reads in one second`);
      },
    ));

  it("is read five times a second at most by a hundred NodeSyncs", async () => {
    await using ff = await startFactFinder({ workers, reload: "asynchronous", reloadMs: 3_000 });
    ff.prune("de");
    const nodes = ff.workers.map(({ name, url }) => [name, { endpoint: url }]);
    const connections = { director: { endpoint: ff.director.url }, ...Object.fromEntries(nodes) };
    await using session = await directDoor.open("factfinder:NodeSync", connections);
    const stop = keepMoving(ff);
    const runs = ff.workers.map(({ name }) =>
      session.create({ connection: name, channels: ["de"], director: "director" }),
    );
    // They have loaded what the director had; then it stands still, or they would never meet.
    setTimeout(stop, 2_500);
    await Promise.all(runs).finally(stop);
    assert.ok(busiestSecond(ff) <= 5, `${busiestSecond(ff)} reads in one second`);
  });

  it("shares no look that was made before it was asked for", () =>
    withHarness("DatabaseSync", { workers: 12 }, async ({ ff, stack }) => {
      await stack.up(syncOf(12));
      // At once after somebody has pruned, in the same second as the looks before.
      ff.prune("de");
      await stack.up({ ...syncOf(12), triggers: [1] });
      assert.equal(stack.state?.outputs.databaseVersion, 42);
      assert.ok(ff.workers.every((worker) => worker.isInSync("de")));
    }));
});
