import type { VendorPage } from "./page.ts";

const test = (call: string): [string, string] => [
  "aspire/client.test.ts",
  `the client of Aspire's manager API ${call}`,
];

export const managerNode: VendorPage = {
  system: "aspire",
  title: "Manager Node API",
  url: "https://contentanalytics.digital.accenture.com/display/ASPIRE50/Manager+Node+API",
  calls: [
    {
      call: "PUT /aspire/_api/manager/release/worker/:id",
      client: ["client.ts", "releaseWorker"],
      by: { WorkerRelease: "for each id that a path can carry" },
      test: test("PUT release/worker/:id"),
    },
    {
      call: "PUT /aspire/_api/manager/release/worker",
      form: '`{"id": [...]}`',
      client: ["client.ts", "releaseWorkers"],
      by: { WorkerRelease: 'for each id that a path cannot carry; for all ids at once with `form: "ids"`' },
      test: test("PUT release/worker"),
    },
    {
      call: "PUT /aspire/_api/manager/release/seed/:id",
      client: ["client.ts", "releaseSeed"],
      by: { SeedRelease: "for each id that a path can carry" },
      test: test("PUT release/seed/:id"),
    },
    {
      call: "PUT /aspire/_api/manager/release/seed",
      form: '`{"id": [...]}`',
      client: ["client.ts", "releaseSeeds"],
      by: { SeedRelease: 'for each id that a path cannot carry; for all ids at once with `form: "ids"`' },
      test: test("PUT release/seed"),
    },
    {
      call: "GET /aspire/_api/manager/batch",
      client: ["client.ts", "claimBatch"],
      by: { claimBatch: "once; it takes work" },
      test: ["aspire/client-batch.test.ts", "the client of Aspire's manager API, GET batch"],
    },
    {
      call: "PUT /aspire/_api/manager/batch/ack/:id",
      client: ["client.ts", "acknowledgeBatch"],
      by: { BatchAcknowledgement: "for each id that a path can carry" },
      test: test("PUT batch/ack/:id?type="),
    },
    {
      call: "PUT /aspire/_api/manager/batch/ack",
      form: '`{"id": [...]}`',
      client: ["client.ts", "acknowledgeBatches"],
      by: {
        BatchAcknowledgement: 'for each id that a path cannot carry; for all ids at once with `form: "ids"`',
      },
      test: test("PUT batch/ack?type="),
    },
    {
      call: "PUT /aspire/_api/manager/crawlFailed/:id",
      client: ["client.ts", "markCrawlFailed"],
      by: { CrawlFailure: "for the seed" },
      test: test("PUT crawlFailed/:id"),
    },
    {
      call: "PUT /aspire/_api/manager/throttle/:seedId/:pauseSeedUntil",
      client: ["client.ts", "throttleSeed"],
      by: { SeedThrottle: "for the seed" },
      test: test("PUT throttle/:seedId/:pauseSeedUntil"),
    },
  ],
  leftOut: {
    what: "Allows an administrator to manually re-balance the seed to manage allocation for active crawls",
    why: "the page gives neither its method nor its path",
  },
};
