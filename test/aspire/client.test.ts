import assert from "node:assert/strict";
import nock from "nock";
import {
  acknowledgeBatch,
  acknowledgeBatches,
  markCrawlFailed,
  releaseSeed,
  releaseSeeds,
  releaseWorker,
  releaseWorkers,
  throttleSeed,
} from "../../provider/aspire/client.ts";
import { aspire } from "../../provider/aspire/system.ts";
import { resolveConnection } from "../../provider/core/connection/resolve.ts";
import { BodyError, StatusError } from "../../provider/core/data/errors.ts";
import { type Http, openHttp } from "../../provider/core/http/http.ts";
import { withNock } from "../support/nock.ts";
import { freely } from "../support/permit.ts";

const origin = "http://aspire.test";
const base = "/aspire/_api/manager";
const id = "AA/B+cI=";
const encoded = "AA%2FB%2BcI%3D";
const options = { signal: new AbortController().signal };
type Client = (http: Http) => Promise<object>;

/** Page "Manager Node API", call by call: what is sent. */
const calls: [call: string, send: Client, method: string, path: string, body?: object][] = [
  [
    "release/worker/:id",
    (http) => releaseWorker(http, id, freely, options),
    "PUT",
    `${base}/release/worker/${encoded}`,
  ],
  [
    "release/worker",
    (http) => releaseWorkers(http, [id, "b"], freely, options),
    "PUT",
    `${base}/release/worker`,
    { id: [id, "b"] },
  ],
  [
    "release/seed/:id",
    (http) => releaseSeed(http, id, freely, options),
    "PUT",
    `${base}/release/seed/${encoded}`,
  ],
  [
    "release/seed",
    (http) => releaseSeeds(http, [id, "b"], freely, options),
    "PUT",
    `${base}/release/seed`,
    { id: [id, "b"] },
  ],
  [
    "batch/ack/:id?type=",
    (http) => acknowledgeBatch(http, id, "scan", freely, options),
    "PUT",
    `${base}/batch/ack/${encoded}?type=scan`,
  ],
  [
    "batch/ack?type=",
    (http) => acknowledgeBatches(http, [id, "b"], "process", freely, options),
    "PUT",
    `${base}/batch/ack?type=process`,
    { id: [id, "b"] },
  ],
  [
    "crawlFailed/:id",
    (http) => markCrawlFailed(http, id, freely, options),
    "PUT",
    `${base}/crawlFailed/${encoded}`,
  ],
  [
    "throttle/:seedId/:pauseSeedUntil",
    (http) => throttleSeed(http, id, 1_900_000_000_000, freely, options),
    "PUT",
    `${base}/throttle/${encoded}/1900000000000`,
  ],
];

describe("the client of Aspire's manager API", () => {
  let http: Http;
  withNock();
  beforeEach(() => {
    http = openHttp(resolveConnection(aspire, { endpoint: origin, token: "a-token" }, () => undefined));
  });

  for (const [call, send, method, path, body] of calls) {
    const answering = (status: number, answer?: string) =>
      nock(origin, { reqheaders: { authorization: "Bearer a-token" } })
        .intercept(path, method, body as nock.RequestBodyMatcher)
        .reply(status, answer);

    describe(`${method} ${call}`, () => {
      it("keeps the manager's message", async () => {
        answering(200, '{"message": "done"}');
        assert.deepEqual(await send(http), { message: "done" });
      });

      for (const answer of ["", "{}", '{"error": null}', '{"message": "", "error": []}']) {
        it(`is content with ${answer || "an empty body"}`, async () => {
          answering(200, answer);
          assert.deepEqual(await send(http), {});
        });
      }

      for (const error of [
        '"no such thing"',
        '[{"id": "x", "status": 404}]',
        '{"code": 404}',
        "true",
        "404",
      ]) {
        it(`takes a 200 with error ${error} for a failure`, async () => {
          answering(200, `{"message": "well", "error": ${error}}`);
          await assert.rejects(send(http), (failure: Error) => {
            assert.ok(failure instanceof StatusError);
            assert.equal(failure.status, 200);
            assert.match(failure.message, /200 with an error: /);
            return true;
          });
        });
      }

      for (const answer of [
        '{"error": {"id": "x", "message": "no such thing"}}',
        '{"errors": [{"id": "x"}]}',
        '{"Error": "no such thing"}',
        '{"message": "well", "result": {"x": {"error": "no such thing"}}}',
        '{"x": {"error": {"code": 404}}}',
        '{"id": [{"id": "a"}, {"id": "x", "error": ["no such thing"]}]}',
        '{"seed": [{"id": "x", "status": 404, "message": "no such thing"}]}',
        '[{"id": "x", "error": "no such thing"}]',
      ]) {
        it(`takes a 200 with an error further in for a failure: ${answer}`, async () => {
          answering(200, answer);
          await assert.rejects(send(http), (failure: Error) => {
            assert.ok(failure instanceof StatusError, failure.stack);
            assert.match(failure.message, /200 with an error: .*(no such thing|404|"x")/);
            return true;
          });
        });
      }

      for (const answer of [
        '{"message": "error", "status": "A", "x": {"error": null, "errors": []}}',
        '{"message": "", "status": 200, "errorCount": 3}',
      ]) {
        it(`is content with ${answer}`, async () => {
          answering(200, answer);
          await send(http);
        });
      }

      for (const [what, answer] of [
        ["an HTML page", "<!doctype html><title>Log in</title>"],
        ["truncated JSON", '{"message": "do'],
        ["a list", "[]"],
        ["a number", "7"],
      ] as const) {
        it(`does not take ${what} for the manager's answer`, async () => {
          answering(200, answer);
          await assert.rejects(send(http), (failure: Error) => {
            assert.ok(failure instanceof BodyError);
            assert.equal(failure.effect, "maybe");
            return true;
          });
        });
      }

      it("fails on 404 with what the manager says of it", async () => {
        answering(404, '{"message": "no such id"}');
        await assert.rejects(send(http), (failure: Error) => {
          assert.ok(failure instanceof StatusError);
          assert.deepEqual([failure.status, failure.effect], [404, "no"]);
          assert.match(failure.message, /404 no such id/);
          return true;
        });
      });

      it("says on 403 which role the page asks for", async () => {
        answering(403);
        const role = /needs the ADMINISTRATOR or (MANAGER|WORKER) role/;
        const expected = /release/.test(call) ? "MANAGER" : "WORKER";
        await assert.rejects(send(http), (failure: Error) => role.exec(failure.message)?.[1] === expected);
      });

      for (const status of [408, 500, 503, 504]) {
        it(`is not sent again after ${status}`, async () => {
          let sent = 0;
          nock(origin)
            .intercept(path, method, body as nock.RequestBodyMatcher)
            .times(5)
            .reply(() => [++sent && status, ""]);
          await assert.rejects(send(http), (failure: Error) => {
            assert.ok(failure instanceof StatusError);
            assert.notEqual(failure.effect, "no");
            return true;
          });
          assert.equal(sent, 1);
        });
      }
    });
  }

  it("asks the next manager when one does not know an id: each seed is known to its own", async () => {
    const two = resolveConnection(aspire, { endpoints: [origin, "http://other.test"] }, () => undefined);
    nock(origin).put(`${base}/release/seed/${encoded}`).reply(404);
    nock("http://other.test").put(`${base}/release/seed/${encoded}`).reply(200, '{"message": "mine"}');
    assert.deepEqual(await releaseSeed(openHttp(two), id, freely, options), { message: "mine" });
  });

  for (const hostile of ["", ".", ".."]) {
    it(`sends nothing for the id ${JSON.stringify(hostile)}`, () => {
      assert.throws(() => releaseSeed(http, hostile, freely, options), /cannot be part of a request path/);
    });
  }
});
