import type { VendorCall, VendorPage } from "./page.ts";

const prefix = "/aspire_api/manager";

const test = (title: string): [string, string] => [
  "aspire/draft-client.test.ts",
  `the client of the draft of Aspire's manager API ${title}`,
];

/** The draft takes ids in the same forms for three calls; with `PUT .../:id` and `{"id": [...]}` they are as on the current page. */
const idCalls = [
  { target: "release/worker", resource: "WorkerRelease", one: "releaseWorker", all: "releaseWorkers" },
  { target: "release/seed", resource: "SeedRelease", one: "releaseSeed", all: "releaseSeeds" },
  {
    target: "batch/ack",
    resource: "BatchAcknowledgement",
    one: "acknowledgeBatch",
    all: "acknowledgeBatches",
  },
].flatMap(({ target, resource, one, all }): VendorCall[] => [
  {
    call: `GET ${prefix}/${target}/:id`,
    client: ["draft-client.ts", "sendByGet"],
    by: { [resource]: 'for each id, with `form: "get"`' },
    test: test(`has GET ${target}/:id, sent once`),
  },
  {
    call: `PUT ${prefix}/${target}/:id`,
    client: ["client.ts", one],
    by: { [resource]: "for each id that a path can carry" },
    test: test("shares the PUT of one id and of {id: [...]}, without the type that it does not have"),
  },
  {
    call: `PUT ${prefix}/${target}`,
    form: '`{"id": "..."}`',
    client: ["draft-client.ts", "sendOneId"],
    by: { [resource]: 'for each id, with `form: "id"`' },
    test: test(`has PUT ${target} with one id in the body`),
  },
  {
    call: `PUT ${prefix}/${target}`,
    form: '`[{"id": "..."}, ...]`',
    client: ["draft-client.ts", "sendIdObjects"],
    by: { [resource]: 'for all ids at once, with `form: "objects"`' },
    test: test(`has PUT ${target} with a list of {id} in the body`),
  },
  {
    call: `PUT ${prefix}/${target}`,
    form: '`{"id": [...]}`',
    client: ["client.ts", all],
    by: { [resource]: 'for each id that a path cannot carry; for all ids at once with `form: "ids"`' },
    test: test("shares the PUT of one id and of {id: [...]}, without the type that it does not have"),
  },
]);

export const managerNodeDraft: VendorPage = {
  system: "aspire",
  title: "Manager Node API, early draft",
  calls: [
    ...idCalls,
    {
      call: `GET ${prefix}/batch`,
      client: ["draft-client.ts", "claimBatches"],
      by: { claimBatch: "once; it takes work" },
      test: test("fetches batches by tags and their number"),
    },
  ],
};
