import assert from "node:assert/strict";
import { invoke } from "../../provider/index.ts";
import { type FactFinderSimulator, startFactFinder } from "../../simulators/index.ts";
import { contextFor } from "../support/context.ts";

describe("FACT-Finder's functions", () => {
  let ff: FactFinderSimulator;
  before(async () => {
    ff = await startFactFinder();
  });
  after(() => ff.close());
  afterEach(() => assert.equal(ff.counts().mutating, 0));

  const call = (name: string, args: object) =>
    invoke(`factfinder:${name}`, contextFor({ factfinder: { endpoint: ff.director.url } }), args);
  const database = { databaseVersion: 41, deltaVersion: 7, deltaErrorCount: 0 };
  const counts = [
    { type: "DATA", count: 0 },
    { type: "SUGGEST", count: 0 },
  ];
  const results: [name: string, result: object][] = [
    ["getDatabaseState", database],
    ["getImportState", { importCounts: counts }],
    ["getClusterState", { cacheFlush: 0, database, imports: counts }],
  ];

  for (const [name, result] of results) {
    describe(name, () => {
      it("answers with the vendor's field names", async () =>
        assert.deepEqual(await call(name, { channel: "de" }), result));

      it("asks the node that connection means", async () => {
        await call(name, { channel: "de", connection: { endpoint: ff.worker(2).url } });
        assert.equal(ff.requests.at(-1)?.endpoint, "worker2");
      });

      it("says that a channel may not exist", () =>
        assert.rejects(call(name, { channel: "fr" }), {
          message: new RegExp(`^factfinder\\.${name}: .*the channel "fr" may not exist there`),
        }));

      const bad: [args: object, complaint: RegExp][] = [
        [{}, /channel is required/],
        [{ channel: "" }, /channel "" must NOT have fewer than 1/],
        [{ channel: ".." }, /channel ".." cannot be part of a request path/],
        [{ channel: "de", chanel: 1 }, /chanel is not an input: did you mean channel\?/],
      ];
      for (const [args, complaint] of bad) {
        it(`refuses ${JSON.stringify(args)}, and sends nothing`, async () => {
          const sent = ff.requests.length;
          await assert.rejects(call(name, args), complaint);
          assert.equal(ff.requests.length, sent);
        });
      }
    });
  }
});
