import assert from "node:assert/strict";
import nock from "nock";
import { resolveConnection } from "../../provider/core/connection/resolve.ts";
import { BodyError, StatusError } from "../../provider/core/data/errors.ts";
import { type Http, openHttp } from "../../provider/core/http/http.ts";
import {
  getClusterState,
  getDatabaseState,
  getImportState,
  pruneDatabase,
  resetConfigVersionCounters,
  syncDatabase,
  syncDatabaseFull,
} from "../../provider/factfinder/client.ts";
import { factfinder } from "../../provider/factfinder/system.ts";
import { withNock } from "../support/nock.ts";
import { freely } from "../support/permit.ts";

const origin = "http://director.test";
const base = "/fact-finder/rest/v5/cluster";
const channel = "de/at €";
const encoded = "de%2Fat%20%E2%82%AC";
const options = { signal: new AbortController().signal, patience: "once" } as const;

/** Page "Cluster", call by call. `channel` says whether the call names one. */
const calls: [call: string, send: (http: Http) => Promise<unknown>, path: string, role: string][] = [
  [
    "GET database/state",
    (http) => getDatabaseState(http, channel, options),
    `/${encoded}/database/state`,
    "ApiImport",
  ],
  [
    "GET import/state",
    (http) => getImportState(http, channel, options),
    `/${encoded}/import/state`,
    "ApiImport",
  ],
  ["GET state", (http) => getClusterState(http, channel, options), `/${encoded}/state`, "ApiImport"],
  [
    "POST database/prune",
    (http) => pruneDatabase(http, channel, freely, options),
    `/${encoded}/database/prune`,
    "ApiImport",
  ],
  [
    "POST database/sync",
    (http) => syncDatabase(http, channel, { verbose: false }, freely, options),
    `/${encoded}/database/sync`,
    "ApiImport",
  ],
  [
    "POST database/sync/full",
    (http) => syncDatabaseFull(http, freely, options),
    "/database/sync/full",
    "ApiImport",
  ],
  [
    "POST reset/config/version/counters",
    (http) => resetConfigVersionCounters(http, freely, options),
    "/reset/config/version/counters",
    "ApiConfig",
  ],
];

describe("the client of FACT-Finder's cluster API", () => {
  let http: Http;
  withNock();
  beforeEach(() => {
    const connection = { endpoint: `${origin}/fact-finder/`, username: "ops", password: "planted" };
    http = openHttp(resolveConnection(factfinder, connection, () => undefined));
  });

  const intercept = (call: string, path: string, body?: nock.RequestBodyMatcher) =>
    nock(origin)
      .intercept(base + path, call.split(" ")[0] as string, body)
      .basicAuth({ user: "ops", pass: "planted" });
  const failureOf = async (work: Promise<unknown>): Promise<StatusError> => {
    const error = await work.then(
      () => assert.fail("succeeded"),
      (error: unknown) => error,
    );
    assert.ok(error instanceof StatusError, String(error));
    return error;
  };

  for (const [call, send, path, role] of calls) {
    describe(call, () => {
      it("sends no body", async () => {
        const answered = intercept(call, path, "").reply(200, "{}");
        await send(http);
        answered.done();
      });

      it("asks with an API key where that is the credential", async () => {
        const connection = { endpoint: `${origin}/fact-finder`, headers: { "X-FF-API-Key": "planted-key" } };
        const answered = nock(origin, { reqheaders: { "x-ff-api-key": "planted-key" } })
          .intercept(base + path, call.split(" ")[0] as string)
          .reply(200, "{}");
        await send(openHttp(resolveConnection(factfinder, connection, () => undefined)));
        answered.done();
      });

      for (const [status, effect] of [
        [400, "no"],
        [401, "no"],
        [403, "no"],
        [404, "no"],
        [500, "maybe"],
      ] as const) {
        it(`fails on ${status} with what the server says of it, sent once`, async () => {
          let sent = 0;
          intercept(call, path)
            .times(3)
            .reply(() => {
              sent++;
              return [status, { error: "Short", errorDescription: "the long story" }];
            });
          const error = await failureOf(send(http));
          assert.equal(error.status, status);
          assert.equal(error.effect, call.startsWith("GET") ? "no" : effect);
          assert.match(error.message, new RegExp(`${status} Short: the long story`));
          assert.equal(sent, 1);
          const namesChannel = path.includes(encoded) && [400, 403, 500].includes(status);
          assert.equal(/the channel "de\/at €" may not exist there/.test(error.message), namesChannel);
          assert.equal(/is the context path, e\.g\. \/fact-finder/.test(error.message), status === 404);
          assert.equal(error.message.includes(`the role ${role}`), status === 401 || status === 403);
        });
      }

      it("does not take an HTML page for an answer", async () => {
        intercept(call, path).reply(200, "<!doctype html><title>Log in</title>");
        await assert.rejects(send(http), (error) => error instanceof BodyError && /HTML/.test(error.message));
      });
    });
  }

  for (const hostile of ["", ".", ".."]) {
    it(`sends nothing for the channel ${JSON.stringify(hostile)}`, () =>
      assert.rejects(pruneDatabase(http, hostile, freely, options), /cannot be part of a request path/));
  }
});
