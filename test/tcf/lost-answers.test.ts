import assert from "node:assert/strict";
import type { Fault, FaultKind, TcfOptions } from "../../simulators/index.ts";
import { Tables } from "../rules/tables.ts";
import { Incomplete } from "../support/flat.ts";
import { failureOf, type Harness, openHarness, wanted } from "./harness.ts";

type When = "before" | "after";
type Call = "demote" | "promote" | "toggle";

const refusal: FaultKind = {
  kind: "status",
  status: 500,
  body: '{"error":"no quorum"}',
  contentType: "application/json",
};
const page: FaultKind = { kind: "html" };

/** How an answer gets lost. */
const losses: [what: string, fault: FaultKind][] = [
  ["reset", { kind: "reset" }],
  ["500 of a proxy", { kind: "status", status: 500 }],
  ["502", { kind: "html", status: 502 }],
  ["503", { kind: "status", status: 503, headers: { "retry-after": "0" } }],
  ["a page with 200", page],
  ["504", { kind: "status", status: 504 }],
  ["no answer in time", { kind: "hang" }],
];

interface Row {
  call: Call;
  what: string;
  fault: FaultKind;
  when: When;
}

const rowsOf = (calls: Call[], when: When): Row[] =>
  calls.flatMap((call) => losses.map(([what, fault]) => ({ call, what, fault, when })));

const inputsFor = (call: Call) => wanted({ strategy: call === "toggle" ? "toggle" : "demoteThenPromote" });
const titleOf = ({ call, what, when }: Row) => `${call}: ${what}, ${when} it was handled`;

/** Answers are waited for 400 ms; an open request is then watched for as long again. */
async function lose(
  { call, fault, when }: Pick<Row, "call" | "fault" | "when">,
  options: TcfOptions,
  run: (harness: Harness) => Promise<void>,
): Promise<void> {
  await using harness = await openHarness("tcf:ActiveCluster", options, { requestTimeout: "400ms" });
  const loss = harness.tcf.fault({ ...fault, when, match: { path: `/tcf/${call}` } } as Fault);
  await run(harness);
  assert.equal(loss.hits, 1, "the fault has struck");
  assert.deepEqual(harness.tcf.activeNames, ["cluster2"]);
  assert.equal(harness.tcf.counts().effects, call === "toggle" ? 1 : 2);
  assert.equal(await harness.stack.up(inputsFor(call)), "same");
}

const inAll = (call: Call, repeated: boolean) => {
  const once = call === "toggle" ? ["toggle cluster2"] : ["demote cluster1", "promote cluster2"];
  return repeated ? once.flatMap((sent) => (sent.startsWith(call) ? [sent, sent] : [sent])) : once;
};

const tables = new Tables(12);

describe("an answer that got lost", () => {
  describe("is not asked for again when the call was carried out: 2 mutating requests, 1 with toggle", () => {
    tables.each(rowsOf(["demote", "promote", "toggle"], "after"), titleOf, (row) =>
      lose(row, {}, async ({ stack, switched }) => {
        await stack.up(inputsFor(row.call));
        assert.deepEqual(switched(), inAll(row.call, false));
      }),
    );
  });

  describe("is read back from a word that is neither active nor passive, too", () => {
    tables.each(rowsOf(["demote", "promote", "toggle"], "after"), titleOf, (row) =>
      lose(row, { switchMs: 1_500 }, async ({ stack, switched }) => {
        await stack.up(inputsFor(row.call));
        assert.deepEqual(switched(), inAll(row.call, false));
      }),
    );
  });

  describe("of demote or promote leads to one more request when nothing was carried out", () => {
    tables.each(rowsOf(["demote", "promote"], "before"), titleOf, (row) =>
      lose(row, {}, async ({ stack, switched }) => {
        await stack.up(inputsFor(row.call));
        assert.deepEqual(switched(), inAll(row.call, true));
      }),
    );
  });

  describe("of toggle leads to no more request in the same up, even when nothing was carried out", () => {
    tables.each(rowsOf(["toggle"], "before"), titleOf, (row) =>
      lose(row, {}, async ({ stack, switched }) => {
        const error = await failureOf(stack.up(inputsFor("toggle")));
        assert.ok(error instanceof Incomplete);
        assert.match(error.message, /not sent again: a second toggle would undo the first/);
        assert.deepEqual(switched(), inAll("toggle", false));
        await stack.up(inputsFor("toggle"));
        assert.deepEqual(switched(), inAll("toggle", true));
      }),
    );
  });

  const calls: Call[] = ["demote", "promote", "toggle"];

  describe("because the request is carried out only later", () => {
    tables.each(
      calls,
      (call) => `is waited for as long again as answers are: ${call}`,
      async (call) => {
        await using harness = await openHarness("tcf:ActiveCluster", {}, { requestTimeout: "1s" });
        harness.tcf.fault({ kind: "delay", ms: 1_600, match: { path: `/tcf/${call}` } });
        await harness.stack.up(inputsFor(call));
        assert.deepEqual(harness.switched(), inAll(call, false));
        assert.deepEqual(harness.tcf.activeNames, ["cluster2"]);
      },
    );
  });

  describe("that was the worker's own error", () => {
    tables.each(
      calls.flatMap((call) => [
        { call, fault: refusal, words: "500 no quorum" },
        { call, fault: { ...refusal, status: 200 } as Fault, words: "200 with an error: no quorum" },
      ]),
      ({ call, words }) =>
        `is taken at its word when nothing has changed: ${call} is not sent again in this up, ${words}`,
      ({ call, fault, words }) =>
        lose({ call, fault, when: "before" }, {}, async ({ stack, switched }) => {
          const error = await failureOf(stack.up(inputsFor(call)));
          assert.match(error.message, new RegExp(`${call} cluster\\d failed: POST .* ${words}`));
          assert.deepEqual(switched(), inAll(call, false).slice(0, call === "demote" ? 1 : 2));
          // Where nothing was done at all there is nothing to record either.
          assert.equal(stack.state !== undefined, call === "promote");
          await stack.up(inputsFor(call));
          assert.deepEqual(switched(), inAll(call, true));
        }),
    );
    tables.each(
      calls,
      (call) => `is not believed when the change is there: ${call}`,
      (call) =>
        lose({ call, fault: refusal, when: "after" }, { switchMs: 600 }, async ({ stack, switched }) => {
          await stack.up(inputsFor(call));
          assert.deepEqual(switched(), inAll(call, false));
        }),
    );
  });

  it("is told as it was where the time runs out: nobody says that there was none", async () => {
    await using harness = await openHarness("tcf:ActiveCluster");
    harness.tcf.fault({
      kind: "status",
      status: 500,
      body: '{"message":"peer is gone"}',
      contentType: "application/json",
      match: { method: "POST" },
      times: Number.POSITIVE_INFINITY,
    });
    const error = await failureOf(harness.stack.up({ ...wanted(), timeout: "2s" }));
    assert.match(error.message, /POST \S+: 500 peer is gone; demote cluster1 was sent/);
    assert.doesNotMatch(error.message, /no answer came/);
  });

  it("of promote says that the other one has been demoted already", async () => {
    await using harness = await openHarness("tcf:ActiveCluster");
    harness.tcf.fault({ ...refusal, match: { path: "/tcf/promote" } } as Fault);
    const error = await failureOf(harness.stack.up(wanted()));
    assert.match(
      error.message,
      /^NO ACTIVE CLUSTER: tcf cluster1 \+ cluster2: promote cluster2 failed: .*; demote cluster1 was sent before/,
    );
    assert.equal(harness.stack.state?.outputs.previousActiveId, "cluster1");
    assert.equal(harness.stack.state?.outputs.activeId, undefined);
  });

  it("because of a missing right is not asked for again: 1 mutating request, nothing recorded", async () => {
    await using harness = await openHarness(
      "tcf:ActiveCluster",
      { auth: { tokens: [{ token: "reader-token", roles: ["info"] }] } },
      { token: "reader-token" },
    );
    const error = await failureOf(harness.stack.up(wanted()));
    assert.match(error.message, /demote cluster1 failed: POST .* 403 .*Keycloak role toggle or admin/);
    assert.deepEqual(harness.switched(), ["demote cluster1"]);
    assert.equal(harness.stack.state, undefined);
  });

  it("for the moment (429) is asked for again: it did nothing", async () => {
    await using harness = await openHarness("tcf:ActiveCluster");
    harness.tcf.fault({ kind: "status", status: 429, match: { path: "/tcf/toggle" } });
    await harness.stack.up(inputsFor("toggle"));
    assert.deepEqual(harness.switched(), ["toggle cluster2", "toggle cluster2"]);
    assert.deepEqual(harness.tcf.activeNames, ["cluster2"]);
  });

  it("is looked for until its cluster can be read again", async () => {
    await using harness = await openHarness("tcf:ActiveCluster");
    const west = harness.tcf.cluster("cluster2");
    const stop = harness.tcf.watch(({ path }) => {
      if (path !== "/tcf/promote") return;
      stop();
      void west.goDown().then(() => setTimeout(() => void west.comeUp(), 3_000));
    });
    harness.tcf.fault({ kind: "reset", when: "after", match: { path: "/tcf/promote" } });
    await harness.stack.up(wanted());
    assert.deepEqual(harness.switched(), ["demote cluster1", "promote cluster2"]);
  });
});
