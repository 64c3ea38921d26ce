import assert from "node:assert/strict";
import { type AspireSimulator, startAspire } from "../../simulators/index.ts";
import { contextFor, type TestContext } from "../support/context.ts";
import { lifecycle } from "../support/flat.ts";

describe("aspire CrawlFailure", () => {
  const resource = lifecycle("aspire:CrawlFailure");
  let aspire: AspireSimulator;
  let context: TestContext;
  beforeEach(async () => {
    aspire = await startAspire({ seeds: ["A+="], managers: 2 });
    context = contextFor({ aspire: { endpoints: aspire.endpoints, requestTimeout: "1s" } });
  });
  afterEach(() => aspire.close());

  const check = (given: object, recorded?: object) =>
    resource.check(context, recorded as Record<string, unknown>, given as Record<string, unknown>);
  const create = async (given: object) => resource.create(context, (await check(given)).inputs);
  const costs = (mutating: number, effects = mutating) =>
    assert.deepEqual([aspire.counts().mutating, aspire.counts().effects], [mutating, effects]);

  it("marks the crawl of a seed as failed, once", async () => {
    const { id, outputs } = await create({ seedId: "A+=" });
    assert.deepEqual([id, outputs.message, aspire.seeds[0]?.state], ["A+=", "done for A+=", "failed"]);
    assert.equal(aspire.requests[0]?.path, "/aspire/_api/manager/crawlFailed/A%2B%3D");
    const { inputs } = await check({ seedId: "A+=" }, outputs);
    assert.deepEqual(await resource.diff(context, outputs, inputs), {});
    await resource.delete(context, outputs);
    costs(1);
  });

  it("runs again for other triggers", async () => {
    const { id, outputs } = await create({ seedId: "A+=", triggers: ["monday"] });
    const { inputs } = await check({ seedId: "A+=", triggers: ["tuesday"] }, outputs);
    await resource.update(context, id, outputs, inputs);
    costs(2);
  });

  it("says in a preview what it will do", async () => {
    await check({ seedId: "A+=" });
    assert.deepEqual(context.said.plans, ["mark the crawl of seed A+= as failed"]);
    assert.equal(aspire.requests.length, 0);
  });

  it("warns that the draft page has no such call", async () => {
    context = contextFor({ aspire: { endpoints: aspire.endpoints, basePath: "/aspire_api" } });
    await check({ seedId: "A+=" });
    assert.deepEqual(context.said.warnings, ["the draft page (/aspire_api) has no crawlFailed"]);
  });

  it("asks every manager for an unknown seed before it says so", async () => {
    await assert.rejects(
      create({ seedId: "X" }),
      /aspire seed X: .*404 .*no manager that was asked knows it/,
    );
    assert.deepEqual(
      aspire.requests.map(({ endpoint }) => endpoint),
      ["manager1", "manager2"],
    );
    costs(2, 0);
  });

  it("goes to another manager when one is down: nothing was sent to that one", async () => {
    const [, second] = aspire.endpoints;
    context = contextFor({ aspire: { endpoints: ["http://127.0.0.1:9", `${second}`] } });
    await create({ seedId: "A+=" });
    costs(1);
  });

  it("is sent again when an answer leaves it open, until the time is up", async () => {
    aspire.fault({ kind: "status", status: 503, when: "after" });
    await create({ seedId: "A+=" });
    costs(2);
    aspire.fault({ kind: "status", status: 503, times: Number.POSITIVE_INFINITY });
    await assert.rejects(create({ seedId: "A+=", timeout: "1s" }), /503.*cannot be read back/);
  });

  it("stays valid where an earlier version has sent an id with a slash", async () => {
    const recorded = { seedId: "AAAB/+7eWUc=" };
    const { inputs, failures } = await check(recorded, recorded);
    assert.deepEqual([failures, await resource.diff(context, recorded, inputs)], [[], {}]);
    await resource.update(context, "x", { ...recorded }, { ...recorded, timeout: "9m" });
    costs(0);
  });

  for (const [seedId, reason] of [
    ["", /is empty/],
    ["..", /cannot be part of a request path/],
    ["AAAB/+7eWUc=", /holds "\/".*PUT \/manager\/crawlFailed\/:id has no form with the id in the body/],
    ["a\\b", /holds "\\\\"/],
    ["a;b", /holds ";"/],
    ["a%2Fb", /holds "%"/],
    [7, /7 is not a string/],
  ] as const) {
    it(`refuses the seed ${JSON.stringify(seedId)} at check and sends nothing`, async () => {
      const { failures } = await check({ seedId });
      assert.deepEqual(
        failures.map(({ property }) => property),
        ["seedId"],
      );
      assert.match(failures[0]?.reason ?? "", reason);
      if (typeof seedId === "string" && seedId !== "") await assert.rejects(create({ seedId }));
      costs(0);
    });
  }
});
