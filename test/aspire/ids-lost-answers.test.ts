import assert from "node:assert/strict";
import { contextFor } from "../support/context.ts";
import { harnessFor, ids, kinds } from "./ids-harness.ts";

for (const kind of kinds) {
  describe(`an aspire ${kind.type} of which an answer is lost`, () => {
    const harness = harnessFor(kind);
    const { inputs, create, fail, update, doneIds, sent, costs } = harness;

    for (const [what, fault, effects] of [
      ["a 500 after it was done", { kind: "status", status: 500, when: "after" }, 4],
      ["a 503 before it was done", { kind: "status", status: 503, headers: { "Retry-After": "0" } }, 3],
      ["a reset", { kind: "reset", when: "after" }, 4],
      ["an HTML page", { kind: "html" }, 3],
      ["a truncated answer", { kind: "truncatedBody", when: "after" }, 4],
      ["JSON of another kind", { kind: "wrongType" }, 3],
    ] as const) {
      it(`sends an id again in the same run after ${what}, which does no harm`, async () => {
        harness.aspire.fault({ ...fault, skip: 2, times: 1 });
        const { outputs } = await create(inputs(["A=", "B/1", "C+2", "D"]));
        assert.deepEqual(doneIds(outputs), ["A=", "B/1", "C+2", "D"]);
        assert.deepEqual(sent(), ["A=", "B/1", "C+2", "D", "C+2"]);
        costs(5, effects + 1);
      });

      it(`sends an id again in the next run after ${what} until the timeout`, async () => {
        harness.aspire.fault({ ...fault, skip: 2, times: Number.POSITIVE_INFINITY });
        const failure = await fail(inputs(["A=", "B/1", "C+2"], { timeout: "700ms" }));
        assert.match(
          failure.message,
          /C\+2: .*\(whether it was carried out cannot be read back; the next pulumi up/,
        );
        assert.deepEqual(doneIds(failure.outputs), ["A=", "B/1"]);
        harness.aspire.clearFaults();
        const before = sent().length;
        assert.deepEqual(doneIds(await update(failure, inputs(["A=", "B/1", "C+2"]))), ["A=", "B/1", "C+2"]);
        assert.deepEqual(sent().slice(before), ["C+2"]);
      });
    }

    it("does not try the rest after a lost right: it would fare the same", async () => {
      harness.aspire.fault({ kind: "status", status: 403, skip: 1, times: Number.POSITIVE_INFINITY });
      const failure = await fail(inputs());
      assert.match(failure.message, /B\/1: .*; not tried: C\+2, D, E;/);
      costs(2, 1);
      harness.aspire.clearFaults();
      assert.deepEqual(doneIds(await update(failure, inputs())), ids);
      assert.deepEqual(sent(), ["A=", "B/1", "B/1", "C+2", "D", "E"]);
    });

    it("sends again what was turned away with 429, after the time that was asked for", async () => {
      harness.aspire.fault({
        kind: "status",
        status: 429,
        headers: { "Retry-After": "0" },
        skip: 1,
        times: 2,
      });
      assert.deepEqual(doneIds((await create(inputs(["A=", "D"]))).outputs), ["A=", "D"]);
      assert.deepEqual(sent(), ["A=", "D", "D", "D"]);
      costs(4, 2);
    });

    it("says of an id that was turned away until the timeout that it was turned away", async () => {
      harness.aspire.fault({ kind: "status", status: 429, headers: { "Retry-After": "30" }, times: 9 });
      await assert.rejects(create(inputs(["A="], { timeout: "1s" })), (error: Error) => {
        assert.match(error.message, /the timeout of 1s ran out: .*429/);
        assert.doesNotMatch(error.message, /cannot be read back/);
        return true;
      });
    });

    it("keeps what is done when the timeout runs out", async () => {
      harness.aspire.fault({ kind: "hang", skip: 1 });
      harness.context = contextFor({ aspire: { endpoints: harness.aspire.endpoints } });
      const failure = await fail(inputs(ids, { timeout: "500ms" }));
      assert.match(failure.message, /the timeout of 500ms ran out: .*not tried: C\+2, D, E/);
      assert.deepEqual(doneIds(failure.outputs), ["A="]);
      costs(2, 1);
      assert.deepEqual(doneIds(await update(failure, inputs())), ids);
      costs(6, 5);
    });

    it("keeps what is done when it is cancelled", async () => {
      harness.aspire.fault({ kind: "hang", skip: 1 });
      harness.context = contextFor({ aspire: { endpoints: harness.aspire.endpoints } });
      setTimeout(() => harness.context.cancel(), 300);
      const failure = await fail(inputs());
      assert.match(failure.message, /B\/1: cancelled.*; not tried: C\+2, D, E/);
      assert.deepEqual(doneIds(failure.outputs), ["A="]);
      costs(2, 1);
    });

    it("names the endpoint when nobody is there, and sends nothing", async () => {
      const [endpoint] = harness.aspire.endpoints;
      await harness.aspire.close();
      await assert.rejects(create(inputs(["A=", "D"], { timeout: "1s" })), (error: Error) => {
        assert.ok(error.message.includes(`${endpoint}`), error.message);
        assert.match(error.message, /connection refused/);
        return true;
      });
      costs(0);
    });

    it("tries the other ids although a manager is down that might know the unknown one", async () => {
      harness.context = contextFor({
        aspire: { endpoints: [...harness.aspire.endpoints, "http://127.0.0.1:9"] },
      });
      const failure = await fail(inputs(["unknown", "D"], { timeout: "1s" }));
      assert.deepEqual(doneIds(failure.outputs), ["D"]);
    });
  });
}
