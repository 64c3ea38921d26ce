import assert from "node:assert/strict";
import fc from "fast-check";
import { ClusteropsError } from "../../provider/core/data/errors.ts";
import { type ClientCall, clientCalls, exportedCalls, openWith } from "./calls.ts";
import { corruptedText } from "./mutations.ts";

/** What a call makes of an answer: a value, or what it throws. */
async function outcomeOf(call: ClientCall, status: number, text: string): Promise<unknown> {
  const http = openWith(call, async () => ({ status, headers: {}, text }));
  return call.send(http, "id").catch((error: unknown) => error);
}

/** Plain data, as state can keep it: no NaN, no Infinity, nothing with a prototype of its own. */
function isPlain(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return typeof value !== "function";
  if (value instanceof Map) return [...value].every(isPlain);
  return Object.values(value).every(isPlain);
}

describe("whatever a server answers", () => {
  it("is put to every function of every client", () => {
    assert.deepEqual(clientCalls.map(({ name }) => name).sort(), exportedCalls().sort());
  });

  for (const call of clientCalls) {
    it(`${call.system.name}'s ${call.name} answers with plain data or a clear error`, async () => {
      assert.ok(!((await outcomeOf(call, 200, JSON.stringify(call.good))) instanceof Error));
      await fc.assert(
        fc.asyncProperty(
          corruptedText(call.good),
          fc.constantFrom(200, 200, 200, 201, 404, 406, 409, 418, 500),
          async ({ text }, status) => {
            const outcome = await outcomeOf(call, status, text);
            if (outcome instanceof Error) {
              assert.ok(outcome instanceof ClusteropsError, outcome.stack);
              assert.ok(outcome.message.length < 1_000, "an error takes a few lines");
            } else assert.ok(isPlain(outcome), JSON.stringify(outcome));
            assert.equal(({} as Record<string, unknown>).value, undefined, "no prototype was changed");
          },
        ),
        { seed: 1, numRuns: 300 },
      );
    });
  }
});
