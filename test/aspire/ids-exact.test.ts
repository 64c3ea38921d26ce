import assert from "node:assert/strict";
import type { FunctionArgs } from "../../provider/core/lifecycle/read-function.ts";

import { invoke } from "../../provider/index.ts";

import { startAspire } from "../../simulators/index.ts";
import { contextFor } from "../support/context.ts";
import { lifecycle } from "../support/flat.ts";

describe("an id of aspire", () => {
  it("that is a number beyond 2^53 is refused: it has been rounded to another one already", async () => {
    await using aspire = await startAspire({ batches: [{ id: "9007199254740992", type: "scan" }] });
    const context = contextFor({ aspire: { endpoints: aspire.endpoints } });
    const resource = lifecycle("aspire:BatchAcknowledgement");
    const given = JSON.parse('{"batchIds":[9007199254740993],"type":"scan"}');
    const { inputs, failures } = await resource.check(context, undefined, given);
    assert.equal(failures[0]?.property, "batchIds[0]");
    assert.match(failures[0]?.reason ?? "", /write it as text/);
    await assert.rejects(resource.create(context, inputs), /write it as text/);
    assert.equal(aspire.requests.length, 0);
  });

  it("that was recorded so by an earlier version stays as it is while nothing is to be sent", async () => {
    await using aspire = await startAspire({});
    const context = contextFor({ aspire: { endpoints: aspire.endpoints } });
    const given = { batchIds: [2 ** 60], type: "scan" };
    const { failures } = await lifecycle("aspire:BatchAcknowledgement").check(context, given, given);
    assert.deepEqual(failures, []);
  });

  it("that a batch came with is the one that is acknowledged, also beyond 2^53", async () => {
    const id = "1731234567890123457";
    await using aspire = await startAspire({ batches: [{ id, type: "scan" }] });
    const context = contextFor({ aspire: { endpoints: aspire.endpoints } });
    aspire.fault({
      kind: "status",
      status: 200,
      contentType: "application/json",
      body: `{"batch":{"id":${id},"type":"scan","entry":[]}}`,
    });
    const args = { worker: "W=", type: "scan" } as FunctionArgs;
    const { batch } = (await invoke("aspire:claimBatch", context, args)) as { batch: { id: unknown } };
    await lifecycle("aspire:BatchAcknowledgement").create(context, { batchIds: [batch.id], type: "scan" });
    assert.equal(aspire.batches[0]?.acknowledged, 1);
  });

  for (const length of [2_000, 20_000]) {
    it(`of ${length} characters reaches the manager`, async () => {
      const id = "a".repeat(length);
      await using aspire = await startAspire({ seeds: [id] });
      const context = contextFor({ aspire: { endpoints: aspire.endpoints } });
      await lifecycle("aspire:SeedRelease").create(context, { seedIds: [id] });
      assert.equal(aspire.seeds[0]?.releases, 1);
    });
  }

  it("is sent as it is, also where another one differs by encoding or normal form only", async () => {
    const seedIds = ["A=", "A%3D", "A%253D", "\u00e9", "e\u0301", "a+b", "a b", "a%20b", "K", "\u212a"];
    await using aspire = await startAspire({ seeds: seedIds });
    const context = contextFor({ aspire: { endpoints: aspire.endpoints } });
    await lifecycle("aspire:SeedRelease").create(context, { seedIds });
    assert.ok(aspire.seeds.every(({ releases }) => releases === 1));
  });
});
