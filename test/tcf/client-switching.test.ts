import assert from "node:assert/strict";
import nock from "nock";
import { BodyError, StatusError, UnreachableError } from "../../provider/core/data/errors.ts";
import { demote, promote, TcfError, toggle } from "../../provider/tcf/client.ts";
import { freely } from "../support/permit.ts";
import { answering, http, onlyWrittenAnswers, options, origin, page } from "./worker.ts";

describe("the TCF-worker's client", () => {
  onlyWrittenAnswers();

  for (const [path, call] of [
    ["promote", promote],
    ["demote", demote],
    ["toggle", toggle],
  ] as const) {
    describe(`POST /tcf/${path}`, () => {
      for (const [status, body] of [
        [200, ""],
        [200, "OK\n"],
        [200, '{"result":true}'],
        [200, '{"error":null}'],
        [202, ""],
        [204, ""],
      ] as const) {
        it(`is accepted with ${status} and ${JSON.stringify(body)}`, async () => {
          answering("post", path, status, body);
          await call(http, freely, options);
          assert.ok(nock.isDone());
        });
      }

      it("is sent without a body, with the credentials", async () => {
        let sent: string | undefined;
        nock(origin, { reqheaders: { authorization: "Bearer very-secret-token" } })
          .post(`/tcf/${path}`, (body) => {
            sent = body;
            return true;
          })
          .reply(200);
        await call(http, freely, options);
        assert.equal(sent, "");
      });

      it("tells the worker's own error, whose effect is open", async () => {
        answering("post", path, 500, '{"error":"cluster cluster1 is active"}');
        await assert.rejects(call(http, freely, options), (error: Error) => {
          assert.ok(error instanceof TcfError);
          assert.equal(error.message, `POST ${origin}/tcf/${path}: 500 cluster cluster1 is active`);
          assert.equal(error.effect, "maybe");
          return true;
        });
      });

      it("takes a 200 that holds the worker's error for no success", async () => {
        answering("post", path, 200, '{"error":"peer is gone"}');
        await assert.rejects(call(http, freely, options), (error: Error) => {
          assert.ok(error instanceof TcfError);
          assert.equal(error.message, `POST ${origin}/tcf/${path}: 200 with an error: peer is gone`);
          assert.equal(error.effect, "maybe");
          return true;
        });
      });

      for (const [body, said] of [
        ['{"error":{"message":"peer is gone"}}', "peer is gone"],
        ['{"message":"peer is gone"}', "peer is gone"],
        ['["peer is gone"]', '["peer is gone"]'],
        ['{"err":"peer is gone"}', '{"err":"peer is gone"}'],
      ] as const)
        it(`tells whatever reason another one gives on the way: ${body}`, async () => {
          answering("post", path, 500, body);
          await assert.rejects(call(http, freely, options), (error: Error) => {
            assert.ok(!(error instanceof TcfError));
            assert.equal(error.message, `POST ${origin}/tcf/${path}: 500 ${said}`);
            return true;
          });
        });

      const failures: [status: number, body: string, effect: string][] = [
        [500, "Internal Server Error", "maybe"],
        [500, page, "maybe"],
        [500, "", "maybe"],
        [500, '{"error":{"code":1}}', "maybe"],
        [502, page, "maybe"],
        [503, "", "maybe"],
        [504, "", "late"],
        [408, "", "late"],
        [401, "", "no"],
        [403, "", "no"],
        [404, "", "no"],
        [429, "", "no"],
      ];
      for (const [status, body, effect] of failures) {
        it(`is sent once and fails with ${status} ${JSON.stringify(body.slice(0, 12))}: effect ${effect}`, async () => {
          answering("post", path, status, body);
          await assert.rejects(call(http, freely, { signal: options.signal }), (error: Error) => {
            assert.ok(error instanceof StatusError && !(error instanceof TcfError));
            assert.deepEqual([error.status, error.effect], [status, effect]);
            return true;
          });
        });
      }

      it("takes a proxy's page with status 200 for no answer of the worker", async () => {
        answering("post", path, 200, page);
        await assert.rejects(call(http, freely, options), (error: Error) => {
          assert.ok(error instanceof BodyError);
          assert.equal(error.effect, "maybe");
          return true;
        });
      });

      it("is sent once when the connection breaks", async () => {
        nock(origin)
          .post(`/tcf/${path}`)
          .replyWithError(Object.assign(new Error("reset"), { code: "ECONNRESET" }));
        await assert.rejects(call(http, freely, { signal: options.signal }), (error: Error) => {
          assert.ok(error instanceof UnreachableError);
          assert.equal(error.effect, "maybe");
          return true;
        });
      });

      it("names the role that switching needs", async () => {
        answering("post", path, 403, "");
        await assert.rejects(call(http, freely, options), /403.*Keycloak role toggle or admin/);
      });

      it("blanks credentials out of what the server repeats", async () => {
        answering("post", path, 500, '{"error":"bad token very-secret-token"}');
        await assert.rejects(call(http, freely, options), /500 bad token \[redacted\]$/);
      });
    });
  }
});
