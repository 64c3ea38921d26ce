import assert from "node:assert/strict";
import { type AspireSimulator, startAspire } from "../../simulators/index.ts";
import { directDoor, type Properties } from "../rules/door.ts";
import { Stack } from "../rules/stack.ts";
import { Tables } from "../rules/tables.ts";

const client = { clientId: "ci", clientSecret: "planted-secret" };
const batches = [{ id: "B1", type: "scan" as const }];

const calls: [type: string, inputs: Properties, effects: number][] = [
  ["SeedRelease", { seedIds: ["A", "B", "C"] }, 3],
  ["SeedRelease", { seedIds: ["A", "B", "C"], form: "ids" }, 3],
  ["WorkerRelease", { workerIds: ["W"] }, 1],
  ["SeedThrottle", { seedId: "A", pauseUntil: Date.now() + 86_400_000 }, 1],
  ["CrawlFailure", { seedId: "A" }, 1],
  ["BatchAcknowledgement", { batchIds: ["B1"], type: "scan" }, 1],
];

const put = { method: "PUT" };
const token = { path: /oauth\/token$/ };

/** What is in the way, from the first call on. A function that it answers with ends it. */
type Outage = [what: string, inject: (aspire: AspireSimulator) => unknown];

const outages: Outage[] = [
  ["503 for 8 s", (aspire) => aspire.fault({ kind: "status", status: 503, lasts: 8_000, match: put })],
  ["429 for 6 s", (aspire) => aspire.fault({ kind: "status", status: 429, lasts: 6_000, match: put })],
  ["resets for 8 s", (aspire) => aspire.fault({ kind: "reset", lasts: 8_000, match: put })],
  ["a connection refused for 8 s", goDown],
  [
    "a token endpoint that fails once",
    (aspire) => aspire.fault({ kind: "status", status: 503, match: token }),
  ],
  [
    "a token endpoint that fails for 8 s",
    (aspire) => aspire.fault({ kind: "status", status: 503, lasts: 8_000, match: token }),
  ],
];

async function goDown(aspire: AspireSimulator): Promise<() => void> {
  await aspire.goDown();
  const comesUp = setTimeout(() => void aspire.comeUp(), 8_000);
  return () => clearTimeout(comesUp);
}

describe("a call of Aspire, which does no harm twice, goes on until the deadline", () => {
  const rows = calls.flatMap((call) => outages.map((outage) => [...call, ...outage] as const));
  new Tables(rows.length).each(
    rows,
    ([type, { form }, , outage]) => `${type}${form ? ` with form ${form}` : ""}: ${outage}`,
    async ([type, inputs, effects, , inject]) => {
      await using aspire = await startAspire({
        seeds: ["A", "B", "C"],
        workers: ["W"],
        batches,
        auth: { oauth2: { clients: [client] } },
      });
      const oauth2 = { tokenUrl: `${aspire.endpoints[0]}/oauth/token`, ...client };
      const connections = { aspire: { endpoints: aspire.endpoints, oauth2 } };
      await using session = await directDoor.open(`aspire:${type}`, connections);
      const end = await inject(aspire);
      await new Stack(session).up(inputs).finally(() => typeof end === "function" && end());
      const { releases } = aspire.seeds[0] ?? assert.fail();
      assert.equal(releases, type === "SeedRelease" ? 1 : 0);
      assert.equal(aspire.requests.filter(({ effect }) => effect).length, inputs.form ? 1 : effects);
    },
  );

  it("so that one seed that meets an error each time holds up no other", async () => {
    await using aspire = await startAspire({ seeds: ["A", "B", "C"] });
    aspire.fault({ kind: "status", status: 500, times: Number.POSITIVE_INFINITY, match: { path: /\/B$/ } });
    await using session = await directDoor.open("aspire:SeedRelease", {
      aspire: { endpoints: aspire.endpoints },
    });
    const stack = new Stack(session);
    await assert.rejects(stack.up({ seedIds: ["A", "B", "C"], timeout: "3s" }), /seed B: .*500/);
    assert.deepEqual(
      aspire.seeds.map(({ releases }) => releases),
      [1, 0, 1],
    );
    assert.deepEqual(stack.state?.outputs.released, [
      { id: "A", message: "done for A" },
      { id: "C", message: "done for C" },
    ]);
  });

  it("and sends a release whose answer was lost again in the same run", async () => {
    await using aspire = await startAspire({ seeds: ["A", "B"] });
    aspire.fault({ kind: "reset", when: "after", match: put });
    await using session = await directDoor.open("aspire:SeedRelease", {
      aspire: { endpoints: aspire.endpoints },
    });
    await new Stack(session).up({ seedIds: ["A", "B"] });
    assert.deepEqual([aspire.counts().mutating, aspire.counts().effects], [3, 3]);
  });
});
