import assert from "node:assert/strict";
import { type FactFinderSimulator, manualClock, startFactFinder } from "../../simulators/index.ts";
import { call } from "./call.ts";

const prune = { method: "POST", path: /\/database\/prune$/ };

describe("an outage of a simulator", () => {
  const clock = manualClock();
  let ff: FactFinderSimulator;
  beforeEach(async () => {
    ff = await startFactFinder({ clock, workers: 1 });
  });
  afterEach(() => ff.close());
  const read = () => call(ff.director.url, "GET /rest/v5/cluster/de/database/state");
  const request = () => call(ff.director.url, "POST /rest/v5/cluster/de/database/prune");
  const version = () => ff.director.state("de").databaseVersion;

  it("lasts as long as told, from the first request that it applies to", async () => {
    ff.fault({ kind: "status", status: 503, lasts: 8_000 });
    clock.advance(20_000);
    const seen: number[] = [];
    for (let tries = 0; tries < 4; tries++) {
      seen.push((await read()).status);
      clock.advance(3_000);
    }
    assert.deepEqual(seen, [503, 503, 503, 200]);
  });

  it("that is on the way only: the request is carried out when nobody hears of it any more", async () => {
    ff.fault({ kind: "status", status: 502, match: prune, landsAfter: 3_000 });
    assert.equal((await request()).status, 502);
    assert.deepEqual([version(), ff.counts().effects], [41, 0]);
    clock.advance(3_000);
    while (version() === 41) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual([version(), ff.counts().effects], [42, 1]);
  });

  it("refuses connections everywhere, and what the system knows stays", async () => {
    await request();
    await ff.goDown();
    await assert.rejects(read());
    await ff.comeUp();
    assert.equal((await read()).json.databaseVersion, 42);
  });
});
