import assert from "node:assert/strict";
import { startAspire } from "../../simulators/index.ts";
import { contextFor } from "../support/context.ts";
import { lifecycle } from "../support/flat.ts";

describe("an aspire manager that is down while another one does not know the seed", () => {
  for (const [type, inputs] of [
    ["SeedRelease", { seedIds: ["A"] }],
    ["CrawlFailure", { seedId: "A" }],
    ["SeedThrottle", { seedId: "A", pauseUntil: Date.now() + 3_600_000 }],
  ] as const) {
    it(`is named by the failure of a ${type}: it may be the one that knows it`, async () => {
      await using aspire = await startAspire({ seeds: ["A"], managers: 2, foreignSeeds: "notFound" });
      const [, second] = aspire.endpoints;
      const context = contextFor({ aspire: { endpoints: ["http://127.0.0.1:9", `${second}`] } });
      await assert.rejects(
        lifecycle(`aspire:${type}`).create(context, { ...inputs }),
        /127\.0\.0\.1:9\/.*connection refused; .*404 .*no manager that was asked knows it/,
      );
    });
  }
});
