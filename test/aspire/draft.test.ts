import assert from "node:assert/strict";
import { type AspireSimulator, startAspire } from "../../simulators/index.ts";
import { contextFor } from "../support/context.ts";
import { lifecycle } from "../support/flat.ts";

const ids = ["A=", "B/1"];
/** A GET has no body for the second one. */
const fit = ["A=", "B+1"];
const kinds = [
  ["SeedRelease", (list: string[]) => ({ seedIds: list }), "release/seed", "seedIds"],
  ["WorkerRelease", (list: string[]) => ({ workerIds: list }), "release/worker", "workerIds"],
  ["BatchAcknowledgement", (list: string[]) => ({ batchIds: list, type: "scan" }), "batch/ack", "batchIds"],
] as const;

/** Each form: its requests for two ids, as method, tail of the path and body. */
const forms = [
  ["path", ["PUT /A%3D", "PUT "], undefined],
  ["ids", ["PUT "], { id: ids }],
  ["get", ["GET /A%3D", "GET /B%2B1"], undefined],
  ["id", ["PUT ", "PUT "], { id: "A=" }],
  ["objects", ["PUT "], [{ id: "A=" }, { id: "B/1" }]],
] as const;

describe("the forms in which ids are sent to Aspire", () => {
  let aspire: AspireSimulator;
  afterEach(() => aspire.close());

  for (const [type, inputs, path, property] of kinds) {
    const resource = lifecycle(`aspire:${type}`);
    const check = async (draft: boolean, form: string, list: string[]) => {
      aspire = await startAspire({
        seeds: list,
        workers: list,
        batches: list.map((id) => ({ id, type: "scan" as const })),
        draft,
      });
      const basePath = draft ? "/aspire_api" : undefined;
      const context = contextFor({ aspire: { endpoints: aspire.endpoints, basePath } });
      return { context, ...(await resource.check(context, undefined, { ...inputs(list), form })) };
    };
    const create = async (draft: boolean, form: string, list = ids) => {
      const { context, inputs: checked, failures } = await check(draft, form, list);
      assert.deepEqual(failures, []);
      return resource.create(context, checked);
    };

    for (const [form, requests, body] of forms) {
      it(`${type} sends "${form}" to the draft's base path`, async () => {
        const list = form === "get" ? fit : ids;
        const { outputs } = await create(true, form, list);
        assert.deepEqual(
          aspire.requests.map(({ method, path, query }) => `${method} ${path}${query}`),
          requests.map((line) => line.replace(" ", ` /aspire_api/manager/${path}`)),
        );
        assert.deepEqual(aspire.requests[0]?.body, body);
        const done = (outputs.released ?? outputs.acknowledged) as { id: string }[];
        assert.deepEqual(
          done.map(({ id }) => id),
          list,
        );
        assert.deepEqual(
          [aspire.counts().mutating, aspire.counts().effects],
          [requests.length, requests.length],
        );
      });
    }

    it(`${type} refuses "get" for an id that a path cannot carry: a GET has no body`, async () => {
      const { context, inputs: checked, failures } = await check(true, "get", ids);
      assert.equal(failures[0]?.property, `${property}[1]`);
      assert.match(
        failures[0]?.reason ?? "",
        /"B\/1" holds "\/".*form "get" has no body: write "path", "id"/,
      );
      await assert.rejects(resource.create(context, checked), /form "get" has no body/);
      assert.equal(aspire.requests.length, 0);
    });

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
    await assert.rejects(
      created,
      /seeds A=, B\/1, X: PUT \S+: 404 not found: X .*; accepted by the manager: none/,
    );
    assert.deepEqual([aspire.counts().mutating, aspire.counts().effects], [1, 0]);
  });

  for (const [what, done, left] of [
    ["is done", "B/1", "A"],
    ["is to be sent, in the body of a PUT", "A", "B/1"],
  ] as const) {
    it(`resume what an earlier version left in form "get", although an id with a slash ${what}`, async () => {
      aspire = await startAspire({ seeds: ["A", "B/1"], draft: true, ambiguousPaths: "accept" });
      const context = contextFor({ aspire: { endpoints: aspire.endpoints, basePath: "/aspire_api" } });
      const resource = lifecycle("aspire:SeedRelease");
      const inputs = { seedIds: ["B/1", "A"], form: "get" };
      const released = [{ id: done }];
      const recorded = { ...inputs, released, __unfinished: { done: released } };
      const { failures } = await resource.check({ ...context, preview: true }, inputs, inputs);
      assert.deepEqual(failures, []);
      const { outputs } = await resource.update(context, "x", recorded, inputs);
      assert.equal((outputs.released as unknown[]).length, 2);
      assert.equal(aspire.counts().effects, 1);
      assert.equal(aspire.seeds.find(({ id }) => id === left)?.releases, 1);
    });
  }
});
