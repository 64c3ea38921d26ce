import assert from "node:assert/strict";
import {
  type FactFinderOptions,
  type FactFinderSimulator,
  manualClock,
  startFactFinder,
} from "../../simulators/index.ts";
import { basic, call } from "./call.ts";

describe("the simulated FACT-Finder cluster", () => {
  const clock = manualClock();
  let ff: FactFinderSimulator;
  const start = async (options: FactFinderOptions = {}) => {
    ff = await startFactFinder({ clock, reload: "asynchronous", reloadMs: 1000, ...options });
  };
  afterEach(() => ff.close());
  const send = (node: { url: string }, line: string, headers: Record<string, string> = {}) =>
    call(node.url, line.replace(" ", " /rest/v5/cluster"), { headers });
  const versions = (node: { state(channel: string): { databaseVersion: number; deltaVersion: number } }) => {
    const { databaseVersion, deltaVersion } = node.state("de");
    return [databaseVersion, deltaVersion];
  };

  it("answers the three reads as documented", async () => {
    await start();
    const database = { databaseVersion: 41, deltaErrorCount: 0, deltaVersion: 7 };
    const imports = [
      { count: 0, type: "DATA" },
      { count: 0, type: "SUGGEST" },
    ];
    assert.deepEqual((await send(ff.director, "GET /de/database/state")).json, database);
    assert.deepEqual((await send(ff.worker(1), "GET /de/import/state")).json, { importCounts: imports });
    assert.deepEqual((await send(ff.worker(2), "GET /en/state")).json, { cacheFlush: 0, database, imports });
    assert.deepEqual([ff.counts().reads, ff.counts().mutating], [3, 0]);
  });

  it("can leave fields out", async () => {
    await start({ omitFields: ["deltaVersion", "deltaErrorCount"] });
    assert.deepEqual((await send(ff.director, "GET /de/database/state")).json, { databaseVersion: 41 });
  });

  it("can leave fields out on one node, of imports too", async () => {
    await start({ omitFieldsOf: { worker1: ["databaseVersion", "importCounts"] } });
    assert.deepEqual((await send(ff.worker(1), "GET /de/database/state")).json, {
      deltaErrorCount: 0,
      deltaVersion: 7,
    });
    assert.deepEqual((await send(ff.worker(1), "GET /de/import/state")).json, {});
    assert.equal((await send(ff.worker(2), "GET /de/database/state")).json.databaseVersion, 41);
  });

  it("ends imports: the version rises, and the director counts them until its process ends", async () => {
    await start({ importRaises: 2 });
    const counts = async () => (await send(ff.director, "GET /de/import/state")).json.importCounts;
    ff.endImport("de");
    ff.endImport("de", "GEO");
    assert.deepEqual(versions(ff.director), [45, 0]);
    assert.deepEqual(await counts(), [
      { count: 1, type: "DATA" },
      { count: 0, type: "SUGGEST" },
      { count: 1, type: "GEO" },
    ]);
    assert.equal((await send(ff.worker(1), "GET /de/import/state")).json.importCounts[0].count, 0);
    await ff.restart({ loseHistory: true });
    const [data] = await counts().catch(counts);
    assert.deepEqual([data.count, versions(ff.director)[0]], [0, 45]);
  });

  for (const [when, fault] of [
    ["before", undefined],
    ["after", undefined],
    ["before", { kind: "reset" }],
  ] as const) {
    it(`can end an import right ${when} the next prune${fault ? ", also one that never comes" : ""}`, async () => {
      await start();
      ff.endImportWithPrune("de", when);
      if (fault) ff.fault(fault);
      await send(ff.director, "POST /de/database/prune").catch(() => undefined);
      await send(ff.director, "GET /de/import/state");
      assert.equal(versions(ff.director)[0], fault ? 42 : 43);
      await send(ff.director, "POST /de/database/prune");
      assert.equal(versions(ff.director)[0], fault ? 43 : 44);
    });
  }

  it("can do without an import state", async () => {
    await start({ importStateStatus: 404 });
    assert.equal((await send(ff.director, "GET /de/import/state")).status, 404);
  });

  it("sends warnings as objects, with their stack when it is asked for", async () => {
    await start();
    ff.addDeltas("de", [{ record: { id: "1" }, warnings: [{ name: "W", description: "d" }] }]);
    assert.deepEqual((await send(ff.worker(1), "POST /de/database/sync")).json, [
      { success: true, warnings: [{ name: "W", description: "d" }] },
    ]);
    const [{ warnings }] = (await send(ff.worker(2), "POST /de/database/sync?verbose=true")).json;
    assert.equal(warnings[0].stacktrace.length, 1);
  });

  it("raises the version with every prune, on the director only", async () => {
    await start();
    const answer = await send(ff.director, "POST /de/database/prune");
    assert.deepEqual([answer.status, typeof answer.json], [200, "string"]);
    await send(ff.director, "POST /de/database/prune");
    assert.deepEqual(
      [versions(ff.director), versions(ff.worker(1))],
      [
        [43, 0],
        [41, 7],
      ],
    );
    assert.equal(ff.director.state("en").databaseVersion, 41);
    assert.equal((await send(ff.worker(1), "POST /de/database/prune")).status, 400);
    assert.equal(ff.counts().effects, 2);
  });

  it("syncs delta updates, and reports the ones it rejects", async () => {
    await start();
    ff.addDeltas("de", [
      { record: { id: "1" } },
      { record: { id: "2" }, rejection: "Unique value already exists: id=2" },
    ]);
    assert.equal(ff.worker(1).isInSync("de"), false);
    const plain = (await send(ff.worker(1), "POST /de/database/sync")).json;
    assert.deepEqual(plain, [
      { success: true, warnings: [] },
      {
        success: false,
        warnings: [],
        error: { name: "FieldConstraintException", description: "Unique value already exists: id=2" },
      },
    ]);
    const [, verbose] = (await send(ff.worker(2), "POST /de/database/sync?verbose=true")).json;
    assert.deepEqual([verbose.record, verbose.error.stacktrace.length], [{ id: "2" }, 1]);
    assert.deepEqual(ff.worker(1).state("de"), { databaseVersion: 41, deltaVersion: 9, deltaErrorCount: 1 });
    assert.deepEqual((await send(ff.worker(1), "POST /de/database/sync")).json, []);
    assert.deepEqual([ff.counts().mutating, ff.counts().effects], [3, 2]);
  });

  it("answers 409 to sync after a prune, until the node has reloaded", async () => {
    await start();
    ff.worker(1).setState("de", { deltaErrorCount: 5 });
    ff.prune("de");
    const conflict = await send(ff.worker(1), "POST /de/database/sync");
    assert.deepEqual([conflict.status, conflict.json.error], [409, "Conflict"]);
    const full = await send(ff.worker(1), "POST /database/sync/full");
    assert.deepEqual([full.status, full.text], [200, ""]);
    await send(ff.worker(1), "POST /database/sync/full");
    assert.deepEqual([versions(ff.worker(1)), ff.counts().effects], [[41, 7], 1]);
    clock.advance(1000);
    assert.deepEqual(ff.worker(1).state("de"), { databaseVersion: 42, deltaVersion: 0, deltaErrorCount: 0 });
    assert.deepEqual(versions(ff.worker(2)), [41, 7]);
  });

  it("reloads no more after a restart without its history", async () => {
    await start({ reloadMs: 1000 });
    ff.prune("de");
    await send(ff.worker(1), "POST /database/sync/full");
    await ff.restart({ loseHistory: true });
    clock.advance(1000);
    assert.equal(ff.worker(1).isInSync("de"), false);
  });

  it("can answer sync/full only when the reload is done", async () => {
    await start({ reload: "synchronous" });
    ff.prune("de");
    const answer = send(ff.worker(1), "POST /database/sync/full");
    while (ff.counts().effects === 0) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(ff.requests[0]?.status, undefined);
    clock.advance(1000);
    assert.equal((await answer).status, 200);
    assert.deepEqual(versions(ff.worker(1)), [42, 0]);
  });

  it("catches up by itself with useClusterSync", async () => {
    await start({ clusterSyncMs: 5000 });
    ff.prune("de");
    clock.advance(4999);
    assert.equal(ff.worker(1).isInSync("de"), false);
    clock.advance(1);
    assert.equal(ff.worker(1).isInSync("de"), true);
  });

  it("has a stuck worker answer without changing", async () => {
    await start();
    ff.worker(1).stuck = true;
    ff.prune("de");
    assert.equal((await send(ff.worker(1), "POST /database/sync/full")).status, 200);
    assert.deepEqual((await send(ff.worker(1), "POST /de/database/sync")).json, []);
    clock.advance(10_000);
    assert.deepEqual([versions(ff.worker(1)), ff.counts().effects], [[41, 7], 0]);
  });

  it("refuses connections to a worker that is down", async () => {
    await start();
    await ff.worker(2).goDown();
    await assert.rejects(send(ff.worker(2), "GET /de/state"));
    await ff.worker(2).comeUp();
    assert.equal((await send(ff.worker(2), "GET /de/state")).status, 200);
  });

  for (const unknownChannelStatus of [400, 403, 500] as const) {
    it(`answers ${unknownChannelStatus} to an unknown channel when told so`, async () => {
      await start({ unknownChannelStatus });
      const answer = await send(ff.director, "GET /xx/database/state");
      assert.deepEqual(
        [answer.status, answer.json.errorDescription],
        [unknownChannelStatus, "Unknown channel 'xx'"],
      );
    });
  }

  it("resets the config version counters", async () => {
    await start({ stringBody: "plain" });
    const answer = await send(ff.worker(1), "POST /reset/config/version/counters");
    assert.deepEqual([answer.status, answer.json, ff.worker(1).configVersion], [200, undefined, 0]);
    assert.equal(ff.worker(2).configVersion, 3);
  });

  it("lets a password, an API key or a token in, each with its roles", async () => {
    await start({
      auth: {
        users: [{ username: "importer", password: "p", roles: ["ApiImport"] }],
        apiKeys: [{ key: "k" }],
        oauth2: {},
      },
    });
    const status = async (line: string, headers: Record<string, string>) =>
      (await send(ff.director, line, headers)).status;
    const body = new URLSearchParams({ grant_type: "password", username: "importer", password: "p" });
    const granted = await fetch(`${ff.director.url}/oauth/token`, { method: "POST", body });
    const { access_token: token } = (await granted.json()) as { access_token: string };
    assert.equal(await status("GET /de/state", {}), 401);
    assert.equal(await status("GET /de/state", basic("importer", "p")), 200);
    assert.equal(await status("POST /reset/config/version/counters", basic("importer", "p")), 403);
    assert.equal(await status("POST /reset/config/version/counters", { "x-ff-api-key": "k" }), 200);
    assert.equal(await status("GET /de/state", { authorization: `Bearer ${token}` }), 200);
  });
});
