import assert from "node:assert/strict";
import { type AspireSimulator, startAspire } from "../../simulators/index.ts";
import { contextFor, type TestContext } from "../support/context.ts";
import { Incomplete, lifecycle } from "../support/flat.ts";

const hour = 3_600_000;
/** Long enough for a busy machine to send a request. */
const soon = 2_000;

describe("aspire SeedThrottle", () => {
  const resource = lifecycle("aspire:SeedThrottle");
  let aspire: AspireSimulator;
  let context: TestContext;
  beforeEach(async () => {
    aspire = await startAspire({ seeds: ["A+="] });
    context = contextFor({ aspire: { endpoints: aspire.endpoints, requestTimeout: "1s" } });
  });
  afterEach(() => aspire.close());

  const check = (given: object, recorded?: object) =>
    resource.check(context, recorded as Record<string, unknown>, given as Record<string, unknown>);
  const create = async (given: object) => resource.create(context, (await check(given)).inputs);
  const costs = (mutating: number, effects = mutating) =>
    assert.deepEqual([aspire.counts().mutating, aspire.counts().effects], [mutating, effects]);

  for (const [what, write] of [
    ["an ISO time", (time: number) => new Date(time).toISOString()],
    ["milliseconds since the epoch", (time: number) => time],
    ["milliseconds as text", (time: number) => String(time)],
  ] as const) {
    it(`pauses a seed until ${what}`, async () => {
      const time = Date.now() + hour;
      const { id, outputs } = await create({ seedId: "A+=", pauseUntil: write(time) });
      assert.deepEqual(
        [id, outputs.pausedUntil, outputs.message, outputs.pauseUntil],
        ["A+=", new Date(time).toISOString(), "done for A+=", write(time)],
      );
      assert.equal(aspire.seeds[0]?.pausedUntil, time);
      assert.equal(aspire.requests[0]?.path, `/aspire/_api/manager/throttle/A%2B%3D/${time}`);
      costs(1);
    });
  }

  it("says in a preview until when", async () => {
    const pauseUntil = new Date(Date.now() + hour).toISOString();
    assert.deepEqual((await check({ seedId: "A+=", pauseUntil })).failures, []);
    assert.deepEqual(context.said.plans, [`throttle seed A+= until ${pauseUntil}`]);
    costs(0);
  });

  it("stays valid and does nothing when its time has passed, whatever the way in", async () => {
    const given = { seedId: "A+=", pauseUntil: Date.now() + soon };
    const { id, outputs } = await create(given);
    await new Promise((resolve) => setTimeout(resolve, soon));
    const seen = await resource.read(context, outputs);
    for (const more of [{}, { timeout: "1m" }, { connection: { endpoint: aspire.endpoints[0] } }]) {
      const { inputs, failures } = await check({ ...given, ...more }, seen?.inputs);
      assert.deepEqual(failures, []);
      const { outputs: updated } = await resource.update(context, id, outputs, inputs);
      assert.equal(updated.pausedUntil, outputs.pausedUntil);
    }
    costs(1);
  });

  it("is refused when its time has passed and it were to run again", async () => {
    const given = { seedId: "A+=", pauseUntil: Date.now() + soon };
    const { id, outputs } = await create(given);
    await new Promise((resolve) => setTimeout(resolve, soon));
    const { inputs, failures } = await check({ ...given, triggers: [1] }, given);
    assert.equal(failures[0]?.property, "pauseUntil");
    assert.match(failures[0]?.reason ?? "", /is in the past/);
    await assert.rejects(
      resource.update(context, id, outputs, inputs),
      /aspire seed A\+=: pauseUntil: .*in the past/,
    );
    costs(1);
  });

  it("runs again for another time, in place", async () => {
    const { id, outputs } = await create({ seedId: "A+=", pauseUntil: Date.now() + hour });
    const { inputs } = await check({ seedId: "A+=", pauseUntil: Date.now() + 2 * hour }, outputs);
    assert.deepEqual(await resource.diff(context, outputs, inputs), { pauseUntil: { kind: "update" } });
    await resource.update(context, id, outputs, inputs);
    assert.equal(aspire.seeds[0]?.pausedUntil, inputs.pauseUntil);
    costs(2);
  });

  for (const [what, given, property, reason] of [
    [
      "a time in the past",
      { pauseUntil: "2020-01-01T00:00:00Z" },
      "pauseUntil",
      /in the past .*write a time to come/,
    ],
    ["a past number", { pauseUntil: Date.now() - 1 }, "pauseUntil", /in the past/],
    [
      "seconds",
      { pauseUntil: Math.floor(Date.now() / 1_000) + 60 },
      "pauseUntil",
      /looks like seconds .*: write 1\d{12}/,
    ],
    ["the year 3000", { pauseUntil: "3000-01-01T00:00:00Z" }, "pauseUntil", /no call ends a pause early/],
    ["what is no date", { pauseUntil: "soon" }, "pauseUntil", /"soon" is not a date: write "20/],
    ["a time without a zone", { pauseUntil: "2030-01-01T00:00:00" }, "pauseUntil", /has no time zone/],
    ["nothing", { pauseUntil: undefined }, "pauseUntil", /is required/],
    ["a list", { pauseUntil: [] }, "pauseUntil", /an array is not a string or a number/],
    ["no seed", { seedId: "" }, "seedId", /is empty/],
    ["a path for a seed", { seedId: ".." }, "seedId", /cannot be part of a request path/],
    [
      "a seed with a slash",
      { seedId: "AAAB/+7eWUc=" },
      "seedId",
      /holds "\/", which servers refuse in a path, and PUT \/manager\/throttle\S* has no form with the id in the body/,
    ],
    ["a seed with a semicolon", { seedId: "a;b" }, "seedId", /holds ";"/],
  ] as const) {
    it(`refuses ${what} at check and sends nothing`, async () => {
      const { failures } = await check({ seedId: "A+=", pauseUntil: Date.now() + hour, ...given });
      assert.deepEqual(
        failures.map((failure) => failure.property),
        [property],
      );
      assert.match(failures[0]?.reason ?? "", reason);
      assert.equal(aspire.requests.length, 0);
    });
  }

  it("fails when the seed is unknown, and records nothing", async () => {
    await assert.rejects(create({ seedId: "X", pauseUntil: Date.now() + hour }), (error: Error) => {
      assert.ok(!(error instanceof Incomplete));
      assert.match(
        error.message,
        /^aspire seed X: PUT \S+: 404 not found: X \(no manager that was asked knows it\)$/,
      );
      return true;
    });
    costs(1, 0);
  });

  it("says nothing of what the manager knows where a page on the way answers 404", async () => {
    aspire.fault({ kind: "html", status: 404 });
    await assert.rejects(create({ seedId: "A+=", pauseUntil: Date.now() + hour }), /: 404 an HTML page$/);
  });

  for (const [what, fault] of [
    ["a 500", { kind: "status", status: 500, when: "after" }],
    ["a reset", { kind: "reset", when: "after" }],
    ["no answer in time", { kind: "hang", when: "after" }],
  ] as const) {
    it(`is sent again after ${what}, which does no harm, and by the next up where the time ran out`, async () => {
      const given = { seedId: "A+=", pauseUntil: Date.now() + hour };
      aspire.fault({ ...fault, times: Number.POSITIVE_INFINITY });
      const failed = create({ ...given, timeout: "500ms" });
      await assert.rejects(failed, /cannot be read back; the next pulumi up sends it again/);
      aspire.clearFaults();
      aspire.fault(fault);
      aspire.resetCounts();
      await create(given);
      assert.equal(aspire.seeds[0]?.pausedUntil, given.pauseUntil);
      costs(2);
    });
  }

  it("says what sending it again may have overridden, since nothing tells what somebody else has set meanwhile", async () => {
    const given = { seedId: "A+=", pauseUntil: Date.now() + hour };
    aspire.fault({ kind: "status", status: 500, when: "after" });
    const said = contextFor({ aspire: { endpoints: aspire.endpoints } });
    await resource.create(said, given);
    assert.match(
      said.said.warnings.join(),
      /throttle seed A\+= was sent again.*whatever somebody else has set for the seed meanwhile/,
    );
  });

  it("is not sent again once its time has passed", async () => {
    const given = { seedId: "A+=", pauseUntil: Date.now() + soon };
    aspire.fault({ kind: "status", status: 503, times: Number.POSITIVE_INFINITY });
    await assert.rejects(create(given), /in the past/);
    assert.ok(aspire.requests.length > 0, "it was sent while there was time");
  });

  it("says in a preview that the draft page has no throttle", async () => {
    const draft = { endpoints: aspire.endpoints, basePath: "/aspire_api" };
    const preview = contextFor({ aspire: draft }, { preview: true });
    await resource.check(preview, undefined, { seedId: "A+=", pauseUntil: Date.now() + hour });
    assert.match(preview.said.warnings.join(), /the draft page \(\/aspire_api\) has no throttle/);
  });
});
