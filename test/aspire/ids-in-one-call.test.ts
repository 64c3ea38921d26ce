import assert from "node:assert/strict";
import { failedIds } from "../../provider/aspire/failed-ids.ts";
import { type AspireSimulator, startAspire } from "../../simulators/index.ts";
import { contextFor } from "../support/context.ts";
import { Incomplete, lifecycle } from "../support/flat.ts";

describe("several aspire ids in one call", () => {
  const resource = lifecycle("aspire:SeedRelease");
  const given = { seedIds: ["A", "B", "X"], form: "ids" };
  let aspire: AspireSimulator;
  afterEach(() => aspire.close());

  async function fail(options: Parameters<typeof startAspire>[0], inputs = given): Promise<Error> {
    aspire = await startAspire({ seeds: ["A", "B"], ...options });
    const context = contextFor({ aspire: { endpoints: aspire.endpoints } });
    const work = resource.create(context, inputs);
    return work.then(
      () => assert.fail("succeeded although it cannot"),
      (error: Error) => error,
    );
  }
  const releases = () => aspire.seeds.map((seed) => seed.releases);

  for (const unknownIds of ["errorIn200", "nestedIn200"] as const) {
    it(`of which an answer names the one that failed: the others are accepted, and not sent again: ${unknownIds}`, async () => {
      const failure = await fail({ unknownIds });
      assert.ok(failure instanceof Incomplete, failure.stack);
      assert.match(failure.message, /seed X: PUT \S+: 200 with an error: .*accepted by the manager: A, B;/);
      const context = contextFor({ aspire: { endpoints: aspire.endpoints } });
      await resource.update(context, failure.id, failure.outputs, { ...given, seedIds: ["A", "B"] });
      assert.deepEqual(releases(), [1, 1]);
    });
  }

  it("of which an answer does not tell which one failed: says so, and not that none was accepted", async () => {
    const { message } = await fail({ unknownIds: "textIn200" });
    assert.match(message, /seeds A, B, X: .*which of them were accepted is not told/);
    assert.doesNotMatch(message, /accepted by the manager/);
    assert.deepEqual(releases(), [1, 1]);
  });

  it("of which each manager knows one: not every manager knows all of them, and no more is said", async () => {
    const { message } = await fail(
      { managers: 2, foreignSeeds: "notFound" },
      { seedIds: ["A", "B"], form: "ids" },
    );
    assert.match(message, /404 .*\(no manager that was asked knows all of them\)/);
  });

  for (const [what, body, failed] of [
    ["a list of errors", { error: [{ id: "X", status: 404 }] }, ["X"]],
    ["errors beside success: false", { success: false, errors: [{ id: "X" }] }, ["X"]],
    ["errors under ids", { errors: { X: "gone", B: "gone" } }, ["B", "X"]],
    ["a list of results", [{ id: "A" }, { id: "B" }, { id: "X", status: 404 }], ["X"]],
    ["results under ids", { A: {}, B: {}, X: { error: "gone" } }, ["X"]],
    ["a text", { error: "not found: X" }, undefined],
    ["one error without an id", { error: [{ id: "X" }, { message: "stopped" }] }, undefined],
    ["an id that was not sent", { error: [{ id: "Y" }] }, undefined],
    ["an error beside results", { success: false, seed: [{ id: "A" }] }, undefined],
  ] as const) {
    it(`${failed ? "are told apart" : "are not told apart"} by ${what}`, () => {
      assert.deepEqual(failedIds(body, ["A", "B", "X"]), failed);
    });
  }
});
