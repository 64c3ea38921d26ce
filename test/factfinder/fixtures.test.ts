import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import nock from "nock";
import { resolveConnection } from "../../provider/core/connection/resolve.ts";
import { BodyError, StatusError } from "../../provider/core/data/errors.ts";
import { type Http, openHttp } from "../../provider/core/http/http.ts";
import {
  getClusterState,
  getDatabaseState,
  getImportState,
  pruneDatabase,
  syncDatabase,
} from "../../provider/factfinder/client.ts";
import { requireSuccess, warningsOf } from "../../provider/factfinder/delta-results.ts";
import { factfinder } from "../../provider/factfinder/system.ts";
import { withNock } from "../support/nock.ts";
import { freely } from "../support/permit.ts";

const folder = join(import.meta.dirname, "..", "fixtures", "factfinder");
const text = (name: string) => readFileSync(join(folder, `${name}.json`), "utf8");
const fixture = (name: string) => JSON.parse(text(name));
const origin = "http://director.test";
const options = { signal: new AbortController().signal, patience: "once" } as const;

describe("a document of FACT-Finder", () => {
  let http: Http;
  withNock();
  beforeEach(() => {
    http = openHttp(resolveConnection(factfinder, { endpoint: `${origin}/ff` }, () => undefined));
  });
  const intercept = (method: string, path: string) =>
    nock(origin).intercept(`/ff/rest/v5/cluster/de${path}`, method);

  it("is named in their README, each of them", () => {
    const readme = readFileSync(join(folder, "README.md"), "utf8");
    const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
    assert.deepEqual(
      names.filter((name) => !readme.includes(`\`${name}\``)),
      [],
    );
  });

  it("is read as it is: the states of database, imports and cluster", async () => {
    intercept("GET", "/database/state").reply(200, text("database-state"));
    assert.deepEqual(await getDatabaseState(http, "de", options), fixture("database-state"));
    intercept("GET", "/import/state").reply(200, text("import-state"));
    assert.deepEqual(await getImportState(http, "de", options), fixture("import-state"));
    intercept("GET", "/state").reply(200, text("cluster-state"));
    assert.deepEqual(await getClusterState(http, "de", options), fixture("cluster-state"));
  });

  it("is read as it is: the results of a sync", async () => {
    intercept("POST", "/database/sync?verbose=true").reply(200, text("sync-results"));
    const results = await syncDatabase(http, "de", { verbose: true }, freely, options);
    assert.deepEqual(results, fixture("sync-results"));
    // It says success, and "success" alone is required.
    requireSuccess(results ?? [], { verbose: true });
  });

  it("is read as it is: warnings, which are objects", async () => {
    intercept("POST", "/database/sync").reply(200, text("sync-warnings"));
    const results = await syncDatabase(http, "de", { verbose: false }, freely, options);
    assert.equal(
      warningsOf(results ?? []),
      "FieldConstraintException: Unique value already exists: ArticleNumber=1234 (...); FieldConstraintException",
    );
  });

  it("is the word on why a call was refused", async () => {
    intercept("POST", "/database/prune").reply(400, text("api-error"));
    await assert.rejects(pruneDatabase(http, "de", freely, options), (error: Error) => {
      assert.ok(error instanceof StatusError);
      assert.match(error.message, /: 400 Bad Request: Parameter 'channel' must be present/);
      return true;
    });
  });

  it("says by 409 that a reload is needed", async () => {
    intercept("POST", "/database/sync").reply(409, text("sync-conflict"));
    assert.equal(await syncDatabase(http, "de", { verbose: false }, freely, options), undefined);
  });

  // The answers of calls that no function makes.
  for (const name of ["import-search", "import-running"]) {
    it(`is no state where it stands for one: ${name}`, async () => {
      intercept("GET", "/database/state").reply(200, text(name));
      await assert.rejects(getDatabaseState(http, "de", options), BodyError);
    });
  }
});
