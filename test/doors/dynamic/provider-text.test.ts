import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { providerText } from "../../../doors/dynamic/provider-text.ts";
import { types } from "../../../provider/index.ts";

const golden = join(import.meta.dirname, "..", "..", "golden", "0.1.0", "everything", "stack.json");

describe("the program text that a resource carries in state", () => {
  it("is to the letter what 0.1.0 recorded, for each type", () => {
    const state = readFileSync(golden, "utf8");
    const recorded = new Set(
      state.match(/"exports\.handler=(?:[^"\\]|\\.)*"/g)?.map((text) => JSON.parse(text)),
    );
    assert.ok(recorded.size > 10);
    const today = new Set(types.map(providerText));
    assert.deepEqual(
      [...recorded].filter((text) => !today.has(text)),
      [],
    );
  });
});
