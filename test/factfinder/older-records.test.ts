import assert from "node:assert/strict";
import { defaultsOf } from "../../provider/core/data/inputs.ts";
import { startAspire, startFactFinder } from "../../simulators/index.ts";
import { directDoor, type Properties } from "../rules/door.ts";
import { Stack } from "../rules/stack.ts";
import { syncOf, withHarness } from "./harness.ts";

/** What a version recorded that had none of today's defaulted inputs: later inputs are no reason to run a job again. */
function asRecordedEarlier(stack: Stack, type: string): void {
  const state = stack.state ?? assert.fail();
  for (const name of Object.keys(defaultsOf(`${type}Inputs`))) {
    delete state.inputs[name];
    delete state.outputs[name];
  }
}

const day = 86_400_000;
const resources: [system: "factfinder" | "aspire", type: string, inputs: Properties][] = [
  ["factfinder", "DatabasePrune", { channel: "de" }],
  ["factfinder", "DatabaseSync", { channel: "de", director: "factfinder", nodes: ["worker1"] }],
  ["factfinder", "NodeSync", { connection: "worker1", channels: ["de"], director: "factfinder" }],
  ["factfinder", "ConfigVersionReset", {}],
  ["aspire", "SeedRelease", { seedIds: ["A", "B"] }],
  ["aspire", "WorkerRelease", { workerIds: ["W"] }],
  ["aspire", "SeedThrottle", { seedId: "A", pauseUntil: Date.now() + day }],
  ["aspire", "CrawlFailure", { seedId: "A" }],
  ["aspire", "BatchAcknowledgement", { batchIds: ["B1"], type: "scan" }],
];

describe("What was recorded before an input with a default was there", () => {
  for (const [system, type, inputs] of resources) {
    it(`is the same to preview and up: ${type}`, async () => {
      await using ff = await startFactFinder({ workers: 1 });
      await using aspire = await startAspire({
        seeds: ["A", "B"],
        workers: ["W"],
        batches: [{ id: "B1", type: "scan" }],
      });
      await using session = await directDoor.open(`${system}:${type}`, {
        factfinder: { endpoint: ff.director.url },
        worker1: { endpoint: ff.worker(1).url },
        aspire: { endpoints: aspire.endpoints },
      });
      const stack = new Stack(session);
      await stack.up(inputs);
      asRecordedEarlier(stack, type);
      const sent = () => ff.counts().mutating + aspire.counts().mutating;
      const before = sent();
      assert.deepEqual(
        [await stack.preview(inputs), await stack.up(inputs), sent()],
        ["same", "same", before],
      );
      await stack.refresh();
      assert.deepEqual([await stack.up(inputs), sent()], ["same", before]);
    });
  }

  it("is resumed where it was unfinished: ids that the manager has accepted are not sent again", async () => {
    await using aspire = await startAspire({ seeds: ["A", "B"] });
    const { endpoints } = aspire;
    await using session = await directDoor.open("aspire:SeedRelease", { aspire: { endpoints } });
    const stack = new Stack(session);
    aspire.fault({ kind: "status", status: 403, skip: 1 });
    const inputs = { seedIds: ["A", "B"] };
    await assert.rejects(stack.up(inputs), /seed B/);
    asRecordedEarlier(stack, "SeedRelease");
    await stack.up(inputs);
    assert.deepEqual(
      aspire.seeds.map(({ releases }) => releases),
      [1, 1],
    );
  });

  it("is resumed where it was unfinished: a reload that was asked for is waited for", () =>
    withHarness("DatabaseSync", { reload: "asynchronous", reloadMs: 2_000 }, async ({ ff, stack, cost }) => {
      ff.prune("de");
      await assert.rejects(stack.up({ ...syncOf(1), timeout: "1s" }));
      asRecordedEarlier(stack, "DatabaseSync");
      assert.equal((await cost(() => stack.up(syncOf(1)))).mutating, 0);
    }));
});
