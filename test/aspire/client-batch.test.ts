import assert from "node:assert/strict";
import nock from "nock";
import { claimBatch } from "../../provider/aspire/client.ts";
import { aspire } from "../../provider/aspire/system.ts";
import { resolveConnection } from "../../provider/core/connection/resolve.ts";
import { StatusError } from "../../provider/core/data/errors.ts";
import { openHttp } from "../../provider/core/http/http.ts";
import { withNock } from "../support/nock.ts";
import { freely } from "../support/permit.ts";

const origin = "http://aspire.test";
const base = "/aspire/_api/manager";
const options = { signal: new AbortController().signal };
const http = openHttp(resolveConnection(aspire, { endpoint: origin }, () => undefined));

describe("the client of Aspire's manager API, GET batch", () => {
  withNock();

  const batch = {
    id: 0,
    type: "process",
    connector: "myConnectorId",
    entry: [{ _id: "item_id_1", status: "A" }],
  };
  const request = { worker: "AA/B+cI=", type: "process", tags: ["a b", "c"], items: 5 } as const;
  const query = { worker: "AA/B+cI=", type: "process", tags: "a b,c", items: "5" };

  it("sends every parameter and answers with the batch", async () => {
    nock(origin).get(`${base}/batch`).query(query).reply(200, { batch, message: "here" });
    assert.deepEqual(await claimBatch(http, request, freely, options), { batch, message: "here" });
  });

  it("leaves out what is not given", async () => {
    nock(origin).get(`${base}/batch?worker=w&type=scan`).reply(200, { batch });
    assert.deepEqual(await claimBatch(http, { worker: "w", type: "scan", tags: [] }, freely, options), {
      batch,
    });
  });

  it("loses none of several batches in one answer: they are the worker's from now on", async () => {
    const batches = [batch, { ...batch, id: 1 }];
    nock(origin).get(`${base}/batch`).query(query).reply(200, { batch: batches });
    assert.deepEqual(await claimBatch(http, request, freely, options), { batch, batches });
  });

  for (const [what, status, answer, expected] of [
    ["406 with a message", 406, '{"message": "none left"}', { message: "none left" }],
    ["406 without a body", 406, "", {}],
    ["a 200 without a batch", 200, '{"message": "none"}', { message: "none" }],
    ["an empty 200", 200, "", {}],
  ] as const) {
    it(`takes ${what} for no batch`, async () => {
      nock(origin).get(`${base}/batch`).query(query).reply(status, answer);
      assert.deepEqual(await claimBatch(http, request, freely, options), expected);
    });
  }

  it("is a GET that is never repeated: the first may have taken a batch", async () => {
    let sent = 0;
    nock(origin)
      .get(`${base}/batch`)
      .query(query)
      .times(5)
      .reply(() => [++sent && 503, ""]);
    await assert.rejects(claimBatch(http, request, freely, options), (failure: Error) => {
      assert.ok(failure instanceof StatusError);
      assert.equal(failure.effect, "maybe");
      return true;
    });
    assert.equal(sent, 1);
  });
});
