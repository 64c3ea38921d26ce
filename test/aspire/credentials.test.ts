import assert from "node:assert/strict";
import { type Fault, startAspire } from "../../simulators/index.ts";
import { contextFor } from "../support/context.ts";
import { lifecycle } from "../support/flat.ts";

/** What a release that meets this fault is reported with. */
async function messageOf(token: string, fault: Fault): Promise<string> {
  await using aspire = await startAspire({ seeds: ["A"] });
  const context = contextFor({ aspire: { endpoints: aspire.endpoints, token } });
  aspire.fault(fault);
  return await lifecycle("aspire:SeedRelease")
    .create(context, { seedIds: ["A"] })
    .then(
      () => assert.fail("succeeded although it cannot"),
      (error: Error) => error.message,
    );
}

describe("a credential that an aspire manager repeats", () => {
  const cases = [
    ["where the message is cut", "abcdefghijklmnop", `${"x".repeat(288)}abcdefghijklmnop`],
    ["with characters that JSON escapes", 'geh"eim\\geheimer', 'login geh"eim\\geheimer'],
  ] as const;
  for (const [what, token, said] of cases) {
    for (const [shape, value] of [
      ["a text", { error: said }],
      ["an object", { error: { why: said } }],
      ["JSON inside a text", { error: { why: JSON.stringify({ said }) } }],
    ] as const) {
      it(`is not shown from an error inside a 200: ${what}, in ${shape}`, async () => {
        const message = await messageOf(token, { kind: "wrongType", value });
        assert.match(message, /200 with an error/);
        assert.doesNotMatch(message, /abcdef|geheimer/);
      });
    }

    it(`is not shown from a refusal: ${what}`, async () => {
      const message = await messageOf(token, { kind: "status", status: 400, body: said });
      assert.match(message, /: 400 /);
      assert.doesNotMatch(message, /abcdef|geheimer/);
    });
  }
});
