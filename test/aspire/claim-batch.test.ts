import assert from "node:assert/strict";
import type { FunctionArgs } from "../../provider/core/lifecycle/read-function.ts";

import { invoke } from "../../provider/index.ts";

import { type AspireSimulator, startAspire } from "../../simulators/index.ts";
import { contextFor, type TestContext } from "../support/context.ts";
import { lifecycle } from "../support/flat.ts";

interface Claimed {
  batch?: { id: string; type: string; entry: unknown[] };
  message?: string;
}

describe("aspire.claimBatch", () => {
  let aspire: AspireSimulator;
  let context: TestContext;
  const start = async (options: Parameters<typeof startAspire>[0] = {}, preview?: boolean) => {
    aspire = await startAspire({ workers: ["W="], ...options });
    const basePath = options.draft ? "/aspire_api" : undefined;
    context = contextFor(
      { aspire: { endpoints: aspire.endpoints, requestTimeout: "1s", basePath } },
      { preview },
    );
  };
  afterEach(() => aspire.close());
  const claim = (args: object = {}): Promise<Claimed> =>
    invoke("aspire:claimBatch", context, { worker: "W=", type: "scan", ...args } as FunctionArgs);
  const costs = (mutating: number, effects = mutating) =>
    assert.deepEqual([aspire.counts().mutating, aspire.counts().effects], [mutating, effects]);

  it("takes a batch, whole or in part", async () => {
    await start();
    const { batch, message } = await claim({ items: 1, tags: ["big", "ocr"] });
    assert.deepEqual([batch?.type, batch?.entry.length, message], ["scan", 1, "claimed"]);
    assert.equal(aspire.requests[0]?.query, "worker=W%3D&type=scan&tags=big%2Cocr&items=1");
    assert.equal(aspire.batches[0]?.claimedBy, "W=");
    costs(1);
  });

  it("answers without a batch when there is none", async () => {
    await start({ batches: [] });
    assert.deepEqual(await claim(), { message: "no batch of this type for this worker" });
    costs(1, 0);
  });

  it("takes nothing in a preview, and says so", async () => {
    await start({}, true);
    assert.deepEqual(await claim(), {});
    assert.deepEqual(context.said.warnings, [
      "aspire.claimBatch takes work from the manager: a preview does not call it for worker W=",
    ]);
    assert.equal(aspire.requests.length, 0);
  });

  it("gives what BatchAcknowledgement takes, and WorkerRelease gives back what was not acknowledged", async () => {
    await start();
    const scan = await claim();
    await claim({ type: "process" });
    const acknowledgement = lifecycle("aspire:BatchAcknowledgement");
    await acknowledgement.create(context, { batchIds: [scan.batch?.id], type: "scan" });
    await lifecycle("aspire:WorkerRelease").create(context, { workerIds: ["W="] });
    assert.deepEqual(
      aspire.batches.map(({ claimedBy }) => claimedBy),
      ["W=", undefined],
    );
    costs(4);
  });

  for (const [what, fault] of [
    ["a 500", { kind: "status", status: 500, when: "after" }],
    ["a reset", { kind: "reset", when: "after" }],
    ["no answer in time", { kind: "hang", when: "after" }],
    ["a truncated answer", { kind: "truncatedBody", when: "after" }],
    ["an HTML page", { kind: "html", when: "after" }],
  ] as const) {
    it(`is sent once although ${what} leaves it open, and says how to give the batch back`, async () => {
      await start();
      aspire.fault(fault);
      await assert.rejects(
        claim(),
        /^\w+: aspire.claimBatch: .*handed to worker W= all the same: a WorkerRelease/,
      );
      costs(1);
    });
  }

  it("does not lose a batch that came with an error beside it", async () => {
    await start();
    const batch = { id: 7, type: "scan", entry: [] };
    aspire.fault({ kind: "wrongType", value: { batch, error: [{ id: "item_2", message: "locked" }] } });
    const claimed = await claim();
    assert.deepEqual(claimed.batch, batch);
    assert.match(claimed.message ?? "", /200 with an error: .*locked/);
  });

  it("says of an error in place of a batch how to give back what may have been handed out", async () => {
    await start();
    aspire.fault({ kind: "wrongType", value: { error: "locked" } });
    await assert.rejects(claim(), /locked .*handed to worker W= all the same: a WorkerRelease/);
  });

  for (const [what, args, reason] of [
    ["both types", { type: "both" }, /type "both" is not one of "scan", "process"/],
    ["no worker", { worker: "" }, /worker "" must NOT have fewer than 1 char/],
    ["zero items", { items: 0 }, /items 0 must be >= 1/],
    ["half an item", { items: 1.5 }, /items 1.5 is not an integer/],
    ["one tag without a list", { tags: "a" }, /tags "a" is not an array/],
    ["a misspelt argument", { workers: ["W="] }, /workers is not an input: did you mean worker\?/],
  ] as const) {
    it(`refuses ${what} and sends nothing`, async () => {
      await start();
      await assert.rejects(claim(args), reason);
      assert.equal(aspire.requests.length, 0);
    });
  }

  it("speaks the draft's own parameters to /aspire_api", async () => {
    await start({ draft: true });
    const { batch } = await claim({ tags: ["big"], items: 3, batches: 2 });
    assert.equal(batch?.type, "scan");
    assert.deepEqual(
      [aspire.requests[0]?.path, aspire.requests[0]?.query],
      ["/aspire_api/manager/batch", "tags=big&batches=2"],
    );
    costs(1);
  });
});
