import assert from "node:assert/strict";
import nock from "nock";
import { resolveConnection } from "../../provider/core/connections.ts";
import { BodyError, StatusError } from "../../provider/core/errors.ts";
import { type Http, openHttp } from "../../provider/core/http.ts";
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
    (http) => pruneDatabase(http, channel, options),
    `/${encoded}/database/prune`,
    "ApiImport",
  ],
  [
    "POST database/sync",
    (http) => syncDatabase(http, channel, { verbose: false }, options),
    `/${encoded}/database/sync`,
    "ApiImport",
  ],
  ["POST database/sync/full", (http) => syncDatabaseFull(http, options), "/database/sync/full", "ApiImport"],
  [
    "POST reset/config/version/counters",
    (http) => resetConfigVersionCounters(http, options),
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

  describe("a database state", () => {
    const reading = (body: nock.Body) => {
      intercept("GET", `/${encoded}/database/state`).reply(200, body);
      return getDatabaseState(http, channel, options);
    };
    const cases: [what: string, body: nock.Body, state: object][] = [
      [
        "all fields",
        { databaseVersion: 41, deltaVersion: 7, deltaErrorCount: 0 },
        { databaseVersion: 41, deltaVersion: 7, deltaErrorCount: 0 },
      ],
      [
        "numbers as text",
        { databaseVersion: "41", deltaVersion: "7" },
        { databaseVersion: 41, deltaVersion: 7 },
      ],
      ["no field at all", {}, {}],
      ["null and nonsense", { databaseVersion: null, deltaVersion: "many", deltaErrorCount: [] }, {}],
      ["more than is documented", { databaseVersion: 1, node: "a" }, { databaseVersion: 1 }],
    ];
    for (const [what, body, state] of cases)
      it(`is read with ${what}`, async () => assert.deepEqual(await reading(body), state));

    for (const body of ["[]", '"ok"', "7", "", '{"databaseVersion": 4'])
      it(`is not read from ${body || "an empty body"}`, async () => assert.rejects(reading(body), BodyError));
  });

  it("reads how often imports were completed", async () => {
    intercept("GET", `/${encoded}/import/state`).reply(200, {
      importCounts: [{ count: 2, type: "DATA" }, { type: "SUGGEST" }, null],
    });
    assert.deepEqual(await getImportState(http, channel, options), {
      importCounts: [{ type: "DATA", count: 2 }, { type: "SUGGEST" }],
    });
  });

  it("takes an import state without counts for an empty one", async () => {
    intercept("GET", `/${encoded}/import/state`).reply(200, {});
    assert.deepEqual(await getImportState(http, channel, options), { importCounts: [] });
  });

  it("reads the cluster state with the vendor's field names", async () => {
    const state = {
      cacheFlush: 3,
      database: { databaseVersion: 1, deltaVersion: 2, deltaErrorCount: 0 },
      imports: [{ type: "DATA", count: 0 }],
    };
    intercept("GET", `/${encoded}/state`).reply(200, state);
    assert.deepEqual(await getClusterState(http, channel, options), state);
  });

  it("leaves out what a cluster state does not tell", async () => {
    intercept("GET", `/${encoded}/state`).reply(200, { database: {} });
    assert.deepEqual(await getClusterState(http, channel, options), { database: {}, imports: [] });
  });

  describe("the words of prune and of the counter reset", () => {
    const words: [body: string, word: string][] = [
      ['"OK"', "OK"],
      ["OK", "OK"],
      ["", ""],
      ['""', ""],
      ["42", "42"],
      ['{"done":true}', '{"done":true}'],
    ];
    for (const [body, word] of words) {
      it(`are ${JSON.stringify(word)} for ${body || "an empty body"}`, async () => {
        intercept("POST", `/${encoded}/database/prune`).reply(200, body);
        intercept("POST", "/reset/config/version/counters").reply(200, body);
        assert.equal(await pruneDatabase(http, channel, options), word);
        assert.equal(await resetConfigVersionCounters(http, options), word);
      });
    }
  });

  it("is content with the empty answer of sync/full", async () => {
    intercept("POST", "/database/sync/full").reply(200);
    assert.equal(await syncDatabaseFull(http, options), undefined);
  });

  describe("a sync", () => {
    const syncing = (status: number, body: nock.Body, query = "", verbose = false) => {
      intercept("POST", `/${encoded}/database/sync${query}`).reply(status, body);
      return syncDatabase(http, channel, { verbose }, options);
    };

    it("says verbose only when it is wanted", async () => {
      assert.deepEqual(await syncing(200, [], "?verbose=true", true), []);
    });

    it("takes 409 for the need of a reload", async () => {
      const said = { error: "Conflict", errorDescription: "an import (LOAD_ONLY) is necessary" };
      assert.equal(await syncing(409, said), undefined);
    });

    for (const body of ["", "[]", "{}", '"done"'])
      it(`without results is read from ${body || "an empty body"}`, async () =>
        assert.deepEqual(await syncing(200, body), []));

    it("keeps what is said of each update", async () => {
      const failed = {
        success: false,
        record: { key: "{}" },
        warnings: ["w"],
        error: { name: "FieldConstraintException", description: "not unique", stacktrace: ["a", "b"] },
      };
      assert.deepEqual(await syncing(200, [{ success: true }, failed]), [
        { success: true, record: undefined, warnings: [], error: undefined },
        failed,
      ]);
    });

    it("takes an update with an error for a failed one, whatever else is missing", async () => {
      const [result] = (await syncing(200, [{ error: {} }])) ?? [];
      assert.equal(result?.success, false);
    });
  });

  for (const hostile of ["", ".", ".."]) {
    it(`sends nothing for the channel ${JSON.stringify(hostile)}`, () =>
      assert.rejects(pruneDatabase(http, hostile, options), /cannot be part of a request path/));
  }
});
