import assert from "node:assert/strict";
import { startAspire } from "../../simulators/index.ts";
import { contextFor } from "../support/context.ts";
import { lifecycle } from "../support/flat.ts";

describe("a 200 of an aspire manager", () => {
  for (const [what, value] of [
    ["success: false", { success: false, message: "no" }],
    ["success as text", { success: "FALSE" }],
    ["a code", { code: 404, message: "not found" }],
    ["a statusCode as text", { statusCode: "503" }],
    ["a status in words", { status: "error", message: "no" }],
    ["a status with its words", { status: "404 Not Found" }],
    ["errors in capitals", { ERRORS: ["x"] }],
    ["an errorMessage", { errorMessage: "not found" }],
    ["an error beside an id", { seed: [{ id: "A", error: "x" }] }],
  ] as const) {
    it(`is no acceptance with ${what}`, async () => {
      await using aspire = await startAspire({ seeds: ["A"] });
      const context = contextFor({ aspire: { endpoints: aspire.endpoints } });
      aspire.fault({ kind: "wrongType", value });
      await assert.rejects(
        lifecycle("aspire:SeedRelease").create(context, { seedIds: ["A"] }),
        /seed A: PUT \S+: 200 with an error/,
      );
    });
  }

  for (const [what, value] of [
    ["success: true", { success: true, error: null }],
    ["a good code", { code: 200, status: "OK" }],
    ["the state of a crawl", { seed: [{ id: "A", crawl: { state: "failed", status: "failed" } }] }],
  ] as const) {
    it(`is an acceptance with ${what}`, async () => {
      await using aspire = await startAspire({ seeds: ["A"] });
      const context = contextFor({ aspire: { endpoints: aspire.endpoints } });
      aspire.fault({ kind: "wrongType", value });
      const { outputs } = await lifecycle("aspire:SeedRelease").create(context, { seedIds: ["A"] });
      assert.deepEqual(outputs.released, [{ id: "A" }]);
    });
  }
});
