import assert from "node:assert/strict";
import {
  type AspireOptions,
  type AspireSimulator,
  manualClock,
  startAspire,
} from "../../simulators/index.ts";
import { call } from "./call.ts";

describe("the simulated Aspire managers", () => {
  const clock = manualClock();
  let aspire: AspireSimulator;
  const start = async (options: AspireOptions = {}) => {
    aspire = await startAspire({ clock, ...options });
  };
  afterEach(() => aspire.close());
  const send = (line: string, body?: unknown, headers: Record<string, string> = {}) =>
    call(aspire.endpoints[0], line, { body, headers });
  const manager = "/aspire/_api/manager";
  const seed = "AAABcID5GBc=";
  const slashed = "AAAB/+7eWUc=";
  const releases = () => aspire.seeds.map((it) => it.releases);

  it("releases the seeds that are named in the path or in the body", async () => {
    await start();
    assert.equal((await send(`PUT ${manager}/release/seed/${encodeURIComponent(seed)}`)).status, 200);
    assert.equal((await send(`PUT ${manager}/release/seed`, { id: [seed, slashed] })).status, 200);
    assert.equal((await send(`PUT ${manager}/release/seed`, { id: seed })).status, 200);
    assert.deepEqual([releases(), aspire.counts().effects], [[3, 0, 1, 0], 3]);
  });

  it("refuses a path with an encoded slash or the like with 400 and an HTML page, as Jetty does", async () => {
    await start();
    for (const id of [slashed, "a\\b", "a;b", "a%b", "a\nb"]) {
      const answer = await send(`PUT ${manager}/release/seed/${encodeURIComponent(id)}`);
      assert.equal(answer.status, 400, id);
      assert.match(answer.text, /Ambiguous URI path separator/);
    }
    assert.deepEqual([aspire.counts().mutating, aspire.counts().effects], [5, 0]);
  });

  it("can let such a path through, as older servers do", async () => {
    await start({ ambiguousPaths: "accept" });
    assert.equal((await send(`PUT ${manager}/release/seed/${encodeURIComponent(slashed)}`)).status, 200);
    assert.deepEqual(releases(), [0, 0, 1, 0]);
  });

  it("answers 404 and does nothing when an id is unknown", async () => {
    await start();
    const answer = await send(`PUT ${manager}/release/seed`, { id: [seed, "nobody"] });
    assert.deepEqual([answer.status, answer.json.message], [404, "not found: nobody"]);
    for (const path of ["release/worker/x", "batch/ack/x?type=scan", "crawlFailed/x", "throttle/x/1"]) {
      assert.equal((await send(`PUT ${manager}/${path}`)).status, 404, path);
    }
    aspire.deleteSeed(seed);
    assert.equal((await send(`PUT ${manager}/crawlFailed/${encodeURIComponent(seed)}`)).status, 404);
    assert.equal(aspire.counts().effects, 0);
  });

  it("can hide a failure inside a 200", async () => {
    await start({ unknownIds: "errorIn200" });
    const answer = await send(`PUT ${manager}/release/seed`, { id: [seed, "nobody"] });
    assert.deepEqual([answer.status, answer.json.error[0].id, releases()], [200, "nobody", [1, 0, 0, 0]]);
  });

  it("throttles a seed and marks its crawl as failed", async () => {
    await start();
    await send(`PUT ${manager}/throttle/${encodeURIComponent(seed)}/1800000000000`);
    await send(`PUT ${manager}/crawlFailed/${encodeURIComponent(seed)}`);
    assert.deepEqual([aspire.seeds[0]?.pausedUntil, aspire.seeds[0]?.state], [1_800_000_000_000, "failed"]);
    assert.equal((await send(`PUT ${manager}/throttle/${encodeURIComponent(seed)}/soon`)).status, 400);
  });

  it("gives a batch to one worker only, and takes it back when that one is released", async () => {
    await start();
    const worker = aspire.workers[0]?.id ?? assert.fail();
    const line = `GET ${manager}/batch?worker=${encodeURIComponent(worker)}&type=scan&items=1`;
    const claimed = (await send(line)).json;
    assert.deepEqual([claimed.batch.type, claimed.batch.entry.length], ["scan", 1]);
    assert.equal((await send(line)).status, 406);
    assert.deepEqual([aspire.counts().mutating, aspire.counts().effects, aspire.counts().reads], [2, 1, 0]);
    await send(`PUT ${manager}/release/worker`, { id: [worker] });
    assert.equal((await send(line)).status, 200);
    const id = encodeURIComponent(claimed.batch.id);
    assert.equal((await send(`PUT ${manager}/batch/ack/${id}`)).status, 400);
    assert.equal((await send(`PUT ${manager}/batch/ack/${id}?type=process`)).status, 404);
    assert.equal((await send(`PUT ${manager}/batch/ack/${id}?type=scan`)).status, 200);
    await send(`PUT ${manager}/release/worker`, { id: [worker] });
    assert.equal((await send(line)).status, 406);
  });

  for (const [answers, text] of [
    ["object", "{}"],
    ["empty", ""],
  ] as const) {
    it(`can answer with nothing to read: ${answers}`, async () => {
      await start({ answers });
      assert.equal((await send(`PUT ${manager}/release/seed`, { id: [seed] })).text, text);
    });
  }

  it("can know a seed on its own manager only", async () => {
    await start({ managers: 2, foreignSeeds: "notFound" });
    const statuses: number[] = [];
    for (const base of aspire.endpoints)
      statuses.push((await call(base, `PUT ${manager}/release/seed`, { body: { id: [seed] } })).status);
    assert.deepEqual(statuses, [200, 404]);
  });

  it("serves the draft's paths, GET forms and bodies instead", async () => {
    await start({ draft: true });
    const draft = "/aspire_api/manager";
    const id = encodeURIComponent(seed);
    const requests: [string, unknown][] = [
      [`GET ${draft}/release/seed/${id}`, undefined],
      [`PUT ${draft}/release/seed/${id}`, undefined],
      [`PUT ${draft}/release/seed`, { id: seed }],
      [`PUT ${draft}/release/seed`, [{ id: seed }, { id: slashed }]],
      [`GET ${draft}/batch/ack/${encodeURIComponent("AAABcS0aBB0=")}`, undefined],
    ];
    for (const [line, body] of requests) assert.equal((await send(line, body)).status, 200, line);
    assert.deepEqual([releases(), aspire.counts().mutating], [[4, 0, 1, 0], 5]);
    assert.equal((await send(`PUT ${manager}/release/seed/${id}`)).status, 404);
  });

  it("lets the documented roles in while their tokens last", async () => {
    await start({ auth: { tokens: [{ token: "m", roles: ["MANAGER"], lifeMs: 1000 }] } });
    const as = (token: string) => ({ authorization: `Bearer ${token}` });
    const release = `PUT ${manager}/release/seed/${encodeURIComponent(seed)}`;
    const fail = `PUT ${manager}/crawlFailed/${encodeURIComponent(seed)}`;
    assert.equal((await send(release)).status, 401);
    assert.equal((await send(release, undefined, as("m"))).status, 200);
    assert.equal((await send(fail, undefined, as("m"))).status, 403);
    assert.equal((await send(fail, undefined, as(aspire.issueToken(["WORKER"])))).status, 200);
    clock.advance(1000);
    assert.equal((await send(release, undefined, as("m"))).status, 401);
  });
});
