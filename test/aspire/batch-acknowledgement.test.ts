import assert from "node:assert/strict";
import { type AspireSimulator, startAspire } from "../../simulators/index.ts";
import { contextFor, type TestContext } from "../support/context.ts";
import { Incomplete, lifecycle } from "../support/flat.ts";

describe("the type of an aspire BatchAcknowledgement", () => {
  const resource = lifecycle("aspire:BatchAcknowledgement");
  let aspire: AspireSimulator;
  let context: TestContext;
  beforeEach(async () => {
    const scans = ["0", "1"].map((id) => ({ id, type: "scan" as const }));
    aspire = await startAspire({ batches: [...scans, { id: "2", type: "process" }] });
    context = contextFor({ aspire: { endpoints: aspire.endpoints } });
  });
  afterEach(() => aspire.close());

  for (const [type, reason] of [
    ["both", /"both" is not one of "scan", "process"/],
    ["Scan", /"Scan" is not one of/],
    [undefined, /is required/],
  ] as const) {
    it(`is refused at check when it is ${type}`, async () => {
      const { failures } = await resource.check(context, undefined, { batchIds: ["1"], type });
      assert.deepEqual(
        failures.map(({ property }) => property),
        ["type"],
      );
      assert.match(failures[0]?.reason ?? "", reason);
      assert.equal(aspire.requests.length, 0);
    });
  }

  it("goes into the query of each call; ids may be numbers, as in the page's sample of a batch", async () => {
    const { outputs } = await resource.create(context, { batchIds: [0, 1], type: "scan" });
    assert.deepEqual(
      aspire.requests.map(({ path, query }) => `${path}?${query}`),
      ["/aspire/_api/manager/batch/ack/0?type=scan", "/aspire/_api/manager/batch/ack/1?type=scan"],
    );
    assert.deepEqual(
      (outputs.acknowledged as { id: string }[]).map(({ id }) => id),
      ["0", "1"],
    );
    assert.equal(aspire.counts().mutating, 2);
  });

  it("makes another intent when it changes after a failure half-way: all ids are sent again", async () => {
    const failure = await resource
      .create(context, { batchIds: ["1", "2"], type: "scan" })
      .catch((error: unknown) => error);
    assert.ok(failure instanceof Incomplete);
    await assert.rejects(
      resource.update(context, failure.id, failure.outputs, { batchIds: ["1", "2"], type: "process" }),
      /batch 1: .*404.*; accepted by the manager: 2;/,
    );
    assert.deepEqual([aspire.counts().mutating, aspire.counts().effects], [4, 2]);
  });
});
