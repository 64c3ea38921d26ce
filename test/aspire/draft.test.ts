import assert from "node:assert/strict";
import { lifecycle } from "../../provider/index.ts";
import { type AspireSimulator, startAspire } from "../../simulators/index.ts";
import { contextFor } from "../support/context.ts";

const ids = ["A=", "B/1"];
const kinds = [
  ["SeedRelease", { seedIds: ids }, "release/seed"],
  ["WorkerRelease", { workerIds: ids }, "release/worker"],
  ["BatchAcknowledgement", { batchIds: ids, type: "scan" }, "batch/ack"],
] as const;

/** Each form: its requests for two ids, as method, tail of the path and body. */
const forms = [
  ["path", ["PUT /A%3D", "PUT /B%2F1"], undefined],
  ["ids", ["PUT "], { id: ids }],
  ["get", ["GET /A%3D", "GET /B%2F1"], undefined],
  ["id", ["PUT ", "PUT "], { id: "A=" }],
  ["objects", ["PUT "], [{ id: "A=" }, { id: "B/1" }]],
] as const;

describe("the forms in which ids are sent to Aspire", () => {
  let aspire: AspireSimulator;
  afterEach(() => aspire.close());

  for (const [type, inputs, path] of kinds) {
    const resource = lifecycle(`aspire:${type}`);
    const create = async (draft: boolean, form: string) => {
      aspire = await startAspire({
        seeds: ids,
        workers: ids,
        batches: ids.map((id) => ({ id, type: "scan" as const })),
        draft,
      });
      const basePath = draft ? "/aspire_api" : undefined;
      const context = contextFor({ aspire: { endpoints: aspire.endpoints, basePath } });
      const { inputs: checked, failures } = await resource.check(context, undefined, { ...inputs, form });
      assert.deepEqual(failures, []);
      return resource.create(context, checked);
    };

    for (const [form, requests, body] of forms) {
      it(`${type} sends "${form}" to the draft's base path`, async () => {
        const { outputs } = await create(true, form);
        assert.deepEqual(
          aspire.requests.map(({ method, path, query }) => `${method} ${path}${query}`),
          requests.map((line) => line.replace(" ", ` /aspire_api/manager/${path}`)),
        );
        assert.deepEqual(aspire.requests[0]?.body, body);
        const done = (outputs.released ?? outputs.acknowledged) as { id: string }[];
        assert.deepEqual(
          done.map(({ id }) => id),
          ids,
        );
        assert.deepEqual(
          [aspire.counts().mutating, aspire.counts().effects],
          [requests.length, requests.length],
        );
      });
    }

    it(`${type} sends all ids in one call to the present page when told so`, async () => {
      await create(false, "ids");
      assert.equal(aspire.requests[0]?.path, `/aspire/_api/manager/${path}`);
      assert.deepEqual(aspire.requests[0]?.body, { id: ids });
      assert.equal(aspire.requests[0]?.query, path === "batch/ack" ? "type=scan" : "");
      assert.equal(aspire.counts().mutating, 1);
    });
  }

  it("count none of the ids as done when one call for all of them fails", async () => {
    aspire = await startAspire({ seeds: ids });
    const context = contextFor({ aspire: { endpoints: aspire.endpoints } });
    const created = lifecycle("aspire:SeedRelease").create(context, { seedIds: [...ids, "X"], form: "ids" });
    await assert.rejects(created, /seeds A=, B\/1, X: PUT \S+: 404 not found: X .*; released: none/);
    assert.deepEqual([aspire.counts().mutating, aspire.counts().effects], [1, 0]);
  });
});
