import assert from "node:assert/strict";
import nock from "nock";
import { resolveConnection } from "../../provider/core/connection/resolve.ts";
import { BodyError } from "../../provider/core/data/errors.ts";
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
const options = { signal: new AbortController().signal, patience: "once" } as const;

/** The page's bodies, and what servers make of them: every field is optional, a string may be unquoted or missing. */
describe("the answers of FACT-Finder's cluster API", () => {
  let http: Http;
  withNock();
  beforeEach(() => {
    http = openHttp(resolveConnection(factfinder, { endpoint: `${origin}/ff` }, () => undefined));
  });

  const intercept = (method: string, path: string) =>
    nock(origin).intercept(`/ff/rest/v5/cluster${path}`, method);

  describe("a database state", () => {
    const reading = (body: nock.Body) => {
      intercept("GET", "/de/database/state").reply(200, body);
      return getDatabaseState(http, "de", options);
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
    intercept("GET", "/de/import/state").reply(200, {
      importCounts: [{ count: 2, type: "DATA" }, { type: "SUGGEST" }, null],
    });
    assert.deepEqual(await getImportState(http, "de", options), {
      importCounts: [{ type: "DATA", count: 2 }, { type: "SUGGEST" }],
    });
  });

  it("takes an import state without counts for an empty one", async () => {
    intercept("GET", "/de/import/state").reply(200, {});
    assert.deepEqual(await getImportState(http, "de", options), { importCounts: [] });
  });

  it("reads the cluster state with the vendor's field names", async () => {
    const state = {
      cacheFlush: 3,
      database: { databaseVersion: 1, deltaVersion: 2, deltaErrorCount: 0 },
      imports: [{ type: "DATA", count: 0 }],
    };
    intercept("GET", "/de/state").reply(200, state);
    assert.deepEqual(await getClusterState(http, "de", options), state);
  });

  it("leaves out what a cluster state does not tell", async () => {
    intercept("GET", "/de/state").reply(200, { database: {} });
    assert.deepEqual(await getClusterState(http, "de", options), { database: {}, imports: [] });
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
        intercept("POST", "/de/database/prune").reply(200, body);
        intercept("POST", "/reset/config/version/counters").reply(200, body);
        assert.equal((await pruneDatabase(http, "de", freely, options)).words, word);
        assert.equal(await resetConfigVersionCounters(http, freely, options), word);
      });
    }
  });

  it("is content with the empty answer of sync/full", async () => {
    intercept("POST", "/database/sync/full").reply(200);
    assert.deepEqual(await syncDatabaseFull(http, freely, options), []);
  });

  describe("a sync", () => {
    const syncing = (status: number, body: nock.Body, query = "", verbose = false) => {
      intercept("POST", `/de/database/sync${query}`).reply(status, body);
      return syncDatabase(http, "de", { verbose }, freely, options);
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
        warnings: [{ name: "W", description: "w", stacktrace: [] }],
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
});
