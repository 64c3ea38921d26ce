import assert from "node:assert/strict";
import nock from "nock";
import { acknowledgeBatch, acknowledgeBatches, releaseSeed } from "../../provider/aspire/client.ts";
import { claimBatches, sendByGet, sendIdObjects, sendOneId } from "../../provider/aspire/draft-client.ts";
import { aspire, speaksDraft } from "../../provider/aspire/system.ts";
import { resolveConnection } from "../../provider/core/connection/resolve.ts";
import { StatusError } from "../../provider/core/data/errors.ts";
import { type Http, openHttp } from "../../provider/core/http/http.ts";
import { withNock } from "../support/nock.ts";
import { freely } from "../support/permit.ts";

const origin = "http://aspire.test";
const base = "/aspire_api/manager";
const id = "AAABcID5GBc=";
const encoded = "AAABcID5GBc%3D";
const options = { signal: new AbortController().signal };
const targets = ["release/worker", "release/seed", "batch/ack"] as const;

const open = (connection: object): Http =>
  openHttp(resolveConnection(aspire, { endpoint: origin, ...connection }, () => undefined));

describe("the client of the draft of Aspire's manager API", () => {
  const http = open({ basePath: "/aspire_api" });
  withNock();

  for (const target of targets) {
    it(`has GET ${target}/:id, sent once`, async () => {
      nock(origin).get(`${base}/${target}/${encoded}`).reply(200, { message: "done" });
      assert.deepEqual(await sendByGet(http, target, id, freely, options), { message: "done" });
      nock(origin).get(`${base}/${target}/${encoded}`).times(2).reply(503);
      await assert.rejects(sendByGet(http, target, id, freely, options), StatusError);
      assert.equal(nock.pendingMocks().length, 1);
    });

    it(`has PUT ${target} with one id in the body`, async () => {
      nock(origin).put(`${base}/${target}`, { id }).reply(200, {});
      assert.deepEqual(await sendOneId(http, target, id, freely, options), {});
    });

    it(`has PUT ${target} with a list of {id} in the body`, async () => {
      nock(origin)
        .put(`${base}/${target}`, [{ id }, { id: "b" }])
        .reply(200, {});
      assert.deepEqual(await sendIdObjects(http, target, [id, "b"], freely, options), {});
    });
  }

  it("shares the PUT of one id and of {id: [...]}, without the type that it does not have", async () => {
    nock(origin).put(`${base}/release/seed/${encoded}`).reply(200);
    await releaseSeed(http, id, freely, options);
    nock(origin).put(`${base}/batch/ack/${encoded}`).reply(200);
    await acknowledgeBatch(http, id, undefined, freely, options);
    nock(origin)
      .put(`${base}/batch/ack`, { id: [id] })
      .reply(200);
    assert.deepEqual(await acknowledgeBatches(http, [id], undefined, freely, options), {});
  });

  it("fetches batches by tags and their number", async () => {
    nock(origin)
      .get(`${base}/batch`)
      .query({ tags: "a,b", batches: "2" })
      .reply(200, { batches: [{ id: 1 }, { id: 2 }] });
    const claimed = await claimBatches(http, { tags: ["a", "b"], batches: 2 }, freely, options);
    assert.deepEqual(claimed, { batch: { id: 1 }, batches: [{ id: 1 }, { id: 2 }] });
  });

  // The draft's 406 is "there was an issue validating the input"; a wrong tag was taken for an empty queue.
  it("takes 406 and 404 for failures, and an answer without a batch for none", async () => {
    nock(origin).get(`${base}/batch`).query({ tags: "wrong" }).reply(406, { message: "no such tag" });
    await assert.rejects(
      claimBatches(http, { tags: ["wrong"] }, freely, options),
      /406 no such tag \(406 is input that is not valid: are tags and batches right\?\)/,
    );
    nock(origin).get(`${base}/batch`).reply(200, { message: "none left" });
    assert.deepEqual(await claimBatches(http, {}, freely, options), { message: "none left" });
    nock(origin).get(`${base}/batch`).reply(404, { message: "no such connector" });
    await assert.rejects(claimBatches(http, {}, freely, options), /404 no such connector/);
  });

  for (const [connection, expected] of [
    [{ basePath: "/aspire_api" }, true],
    [{ basePath: "aspire_api/" }, true],
    [{ endpoint: `${origin}/aspire_api`, basePath: "" }, true],
    [{}, false],
    [{ basePath: "/proxy/aspire/_api" }, false],
  ] as const) {
    it(`${expected ? "is" : "is not"} spoken with ${JSON.stringify(connection)}`, () => {
      assert.equal(speaksDraft(open(connection)), expected);
    });
  }
});
