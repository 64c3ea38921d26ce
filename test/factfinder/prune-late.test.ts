import assert from "node:assert/strict";
import type { Connection } from "../../provider/index.ts";
import { type FactFinderSimulator, type Fault, startFactFinder } from "../../simulators/index.ts";
import type { Stack } from "../rules/stack.ts";
import { Tables } from "../rules/tables.ts";
import { faster } from "../support/faster.ts";
import { pruneProgram, withHarness } from "./harness.ts";

const prune = { method: "POST", path: /\/database\/prune$/ };
const de = { channel: "de" };
/** How much faster the provider's time runs: a second of its time in milliseconds of the director's. */
const factor = 15;
const s = 1_000 / factor;

/** When and how the answer breaks, and when the director has pruned, both since the request came. */
type Row = [
  what: string,
  breaks: { at: number; fault: Fault },
  lands: number,
  settings?: Partial<Connection>,
];

const rows: Row[] = [
  ["a reset after 0.5 s, pruned 3 s later", { at: 0.5 * s, fault: { kind: "reset" } }, 3.5 * s],
  ["a reset after 0.5 s, pruned 30 s later", { at: 0.5 * s, fault: { kind: "reset" } }, 30.5 * s],
  ["a reset after 20 s, pruned 5 s later", { at: 20 * s, fault: { kind: "reset" } }, 25 * s],
  ["502 after 3 s, pruned 4 s later", { at: 3 * s, fault: { kind: "status", status: 502 } }, 7 * s],
  ["503 at once, pruned 4 s later", { at: 0, fault: { kind: "status", status: 503 } }, 4 * s],
  ["500 at once, pruned 4 s later", { at: 0, fault: { kind: "status", status: 500 } }, 4 * s],
  ["504 after 1 s, pruned 5 s later", { at: 1 * s, fault: { kind: "status", status: 504 } }, 6 * s],
  ["408 after 1 s, pruned 5 s later", { at: 1 * s, fault: { kind: "status", status: 408 } }, 6 * s],
  ["an HTML page, pruned 4 s later", { at: 0, fault: { kind: "html" } }, 4 * s],
  ["half an answer, pruned 4 s later", { at: 0, fault: { kind: "truncatedBody" } }, 4 * s],
  [
    "no answer within 1 s, pruned 7 s later",
    { at: 0, fault: { kind: "hang" } },
    8 * s,
    { requestTimeout: "1s" },
  ],
];

/** What an operator does: `up` until it is done. */
async function upUntilDone(stack: Stack): Promise<void> {
  for (let runs = 0; stack.state === undefined || stack.state.unready; runs++) {
    assert.ok(runs < 5, "never done");
    await stack.up(de).catch(() => undefined);
  }
}

function breakOff(ff: FactFinderSimulator, { at, fault }: Row[1], landsAfter: number): void {
  if (at > 0) ff.fault({ kind: "delay", ms: at, match: prune });
  ff.fault({ ...fault, match: prune, landsAfter });
}

describe("A prune that the director carries out after its answer broke", function () {
  faster(factor);
  this.timeout(60_000);
  new Tables(rows.length).each(
    rows,
    ([what]) => `happens once, and one is reported: ${what}`,
    ([, breaks, lands, settings]) =>
      withHarness(
        "DatabasePrune",
        {},
        async ({ ff, stack, cost, outputs }) => {
          breakOff(ff, breaks, lands);
          const until = Date.now() + lands;
          assert.equal((await cost(() => upUntilDone(stack))).mutating, 1);
          await new Promise((resolve) => setTimeout(resolve, Math.max(0, until - Date.now())));
          assert.equal(ff.director.state("de").databaseVersion, 42);
          assert.deepEqual([outputs().databaseVersionBefore, outputs().databaseVersion], [41, 42]);
        },
        settings,
      ),
  );

  it("is waited for by the next up where the first had no time for it", () =>
    withHarness("DatabasePrune", {}, async ({ ff, stack, cost, outputs }) => {
      breakOff(ff, { at: 0.5 * s, fault: { kind: "reset" } }, 6 * s);
      const spent = await cost(async () => {
        await assert.rejects(stack.up({ ...de, timeout: "2s" }));
        await stack.up(de);
      });
      assert.equal(spent.mutating, 1);
      assert.deepEqual([outputs().databaseVersionBefore, outputs().databaseVersion], [41, 42]);
      assert.equal(ff.director.state("de").databaseVersion, 42);
    }));

  it("is waited for where the process was killed after its request, and nothing but the companion's record is left", async () => {
    await using ff = await startFactFinder({ workers: 0 });
    const killed = await pruneProgram(ff);
    breakOff(ff, { at: 0, fault: { kind: "hang" } }, 10 * s);
    await killed.companion.up(de);
    const { before } = killed.companion.state?.outputs ?? assert.fail();
    void killed.prune.up({ ...de, timeout: "3s", __before: before }).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 4 * s));
    // The next one knows what the engine has in its state, and no more.
    const next = await pruneProgram(ff);
    next.companion.state = killed.companion.state;
    await next.up(de);
    assert.deepEqual([ff.counts().mutating, ff.director.state("de").databaseVersion], [1, 42]);
    assert.equal(next.prune.state?.outputs.databaseVersion, 42);
  });

  it("holds up no first run whose companion has just looked", () =>
    withHarness("DatabasePrune", {}, async ({ ff }) => {
      const program = await pruneProgram(ff);
      await program.up(de);
      assert.doesNotMatch(program.session.said.progress.join(), /an earlier call/);
      assert.equal(ff.director.state("de").databaseVersion, 42);
    }));
});

describe("A prune that provably never left", () => {
  faster(factor);
  const client = { clientId: "ci", clientSecret: "planted-secret" };
  const outages: [what: string, inject: (ff: FactFinderSimulator) => void][] = [
    ["429 for 6 s", (ff) => ff.fault({ kind: "status", status: 429, lasts: 6 * s, match: prune })],
    ["a token endpoint that fails once", (ff) => failTokens(ff, {})],
    ["a token endpoint that fails for 8 s", (ff) => failTokens(ff, { lasts: 8 * s })],
  ];
  function failTokens(ff: FactFinderSimulator, how: Partial<Fault>): void {
    ff.fault({ kind: "status", status: 401, match: prune });
    ff.fault({ kind: "status", status: 503, ...how, skip: 1, match: { path: /oauth\/token$/ } } as Fault);
  }
  new Tables(outages.length).each(
    outages,
    ([what]) => `is sent again until the deadline: ${what}`,
    ([, inject]) =>
      withHarness(
        "DatabasePrune",
        { auth: { oauth2: { clients: [client] } } },
        async ({ ff, stack, outputs }) => {
          inject(ff);
          await stack.up(de);
          assert.equal(ff.counts().effects, 1);
          assert.deepEqual([outputs().databaseVersionBefore, outputs().databaseVersion], [41, 42]);
        },
        (url) => ({ oauth2: { tokenUrl: `${url}/oauth/token`, ...client } }),
      ),
  );
});
